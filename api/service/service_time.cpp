#include "api/service/service_time.hpp"

#include <algorithm>
#include <stdexcept>

#include "net/real_timekeeper.hpp"
#include "store/open_store.hpp"

namespace vitrine::api {
namespace {

/// What is recorded after a question as of now stands a microsecond after it, and the next one
/// after that: by so little the log may be ahead of a clock that stood.
constexpr std::chrono::milliseconds ahead_by_questions{1};

Timestamp last_recorded(const std::filesystem::path& data) {
    if (!std::filesystem::exists(data / "events.db")) return Timestamp::min();
    const auto store = store::open_store_read_only(store::url_of(data));
    const auto last = store->read_all(store->head(), {}, 1, store::Direction::backwards);
    return last.empty() ? Timestamp::min() : last.front().recorded_at;
}

Timestamp begin_of(const TestClock& clock, const std::filesystem::path& data) {
    const auto last = last_recorded(data);
    const auto begin = clock.start.value_or(system_clock()());
    if (clock.start && begin < last && last - begin > ahead_by_questions) {
        throw std::runtime_error(
            "--test-clock " + format_time(begin) + " is before what the log recorded last, at " +
            format_time(last)
        );
    }
    return std::max(begin, last);
}

}  // namespace

ServiceTime open_time(const Config& config, const boost::asio::any_io_executor& loop) {
    ServiceTime time;
    if (config.test_clock) {
        auto keeper =
            std::make_unique<net::TestTimekeeper>(loop, begin_of(*config.test_clock, config.data));
        time.test = keeper.get();
        time.keeper = std::move(keeper);
    } else {
        time.keeper = std::make_unique<net::RealTimekeeper>(loop);
    }
    return time;
}

}  // namespace vitrine::api
