#include "api/control/clock_operations.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <memory>

namespace vitrine::api {
namespace {

namespace asio = boost::asio;
using std::chrono::microseconds;
using Moved = std::expected<Timestamp, std::string>;

/// Whether whoever asked is still there shows only when something is said.
constexpr std::chrono::milliseconds look_again{250};

/// As far as a time can be written.
const Timestamp last_time = *parse_time("9999-12-31T23:59:59Z");

/// On the loop, where nothing else moves the clock meanwhile.
asio::awaitable<Moved> move_on(
    net::TestTimekeeper* keeper, ClockMove asked, std::shared_ptr<std::atomic<bool>> stopped
) {
    const auto now = keeper->now();
    const auto by = asked.advance.value_or(microseconds(0));
    if (asked.set.value_or(now) > last_time || by > last_time - now)
        co_return std::unexpected("no time is after " + format_time(last_time));
    net::TestTimekeeper::Move move{.to = asked.set.value_or(now + by)};
    move.cancelled = [stopped] { return stopped->load(); };
    co_return co_await keeper->move(std::move(move));
}

}  // namespace

ClockOperation clock_operation(asio::io_context& loop, net::TestTimekeeper* keeper) {
    return [&loop, keeper](ClockMove asked, const Hear& hear, const Cancelled& cancelled) -> Moved {
        if (keeper == nullptr) {
            return std::unexpected(
                "the server goes by the machine's time: `vitrine serve --test-clock` makes it stand"
            );
        }
        if (!asked.advance && !asked.set) return keeper->now();
        const auto stopped = std::make_shared<std::atomic<bool>>(false);
        auto moved = asio::co_spawn(loop, move_on(keeper, asked, stopped), asio::use_future);
        while (moved.wait_for(look_again) != std::future_status::ready) {
            hear({{"now", format_time(keeper->now())}});
            if (!cancelled()) continue;
            *stopped = true;
            return std::unexpected("the clock was stopped on its way");
        }
        return moved.get();
    };
}

Outcome move_clock(const Work& work) {
    if (!work.administration.move_clock)
        return fault("no server runs on this data directory, and without one no time stands");
    ClockMove asked;
    if (work.arguments.contains("advance_us"))
        asked.advance = microseconds(work.arguments.at("advance_us").get<std::int64_t>());
    if (const auto set = work.given("set")) {
        asked.set = parse_time(*set);
        if (!asked.set) return fault("set: no time such as 2026-03-01T12:00:00Z");
    }
    const auto moved = work.administration.move_clock(asked, work.hear, work.cancelled);
    if (!moved) return fault(moved.error());
    return Json{{"now", format_time(*moved)}, {"clock", "test"}};
}

Outcome time_now(const Work& work) {
    return Json{{"now", format_time(work.now())}};
}

}  // namespace vitrine::api
