#include "queries/settled_moment.hpp"

#include "queries/parameters.hpp"

namespace vitrine::queries {

asio::awaitable<void> wait_until_settled(const ReadSide* reads, std::string_view as_of) {
    if (parse_number(as_of)) co_return;  // a position
    const auto time = parse_time(as_of);
    if (!time || *time > reads->clock()) co_return;  // which is refused
    co_await wait_for_completion<bool>([&](Completion<bool> done) {
        reads->store.when_settled(*time, [done = std::move(done)]() mutable { done(true); });
    });
}

}  // namespace vitrine::queries
