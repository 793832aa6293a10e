#include "queries/at_least.hpp"

#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

boost::asio::awaitable<std::optional<QueryError>> wait(
    const ReadSide* reads, std::string model, std::string at_least, std::chrono::milliseconds limit
) {
    const auto position = parse_number(at_least);
    std::vector<Fault> faults;
    if (!position) {
        faults.push_back({"/at_least", "invalid", "at_least is a position: a whole number"});
    } else if (*position > reads->store.head()) {
        faults.push_back({"/at_least", "out_of_range", "at_least is above the last position"});
    }
    if (!faults.empty()) co_return invalid(std::move(faults));
    if (reads->projections.read_model(model).position() >= *position) co_return std::nullopt;
    const auto deadline = std::chrono::steady_clock::now() + limit;
    const bool reached = co_await reads->projections.wait_until(model, *position, deadline);
    if (reached) co_return std::nullopt;
    auto error = not_ready();
    error.detail = "the read model " + model + " has not reached that position yet";
    co_return error;
}

}  // namespace

boost::asio::awaitable<std::optional<QueryError>> wait_at_least(
    const ReadSide& reads, std::string model, std::string at_least, std::chrono::milliseconds limit
) {
    return wait(&reads, std::move(model), std::move(at_least), limit);
}

}  // namespace vitrine::queries
