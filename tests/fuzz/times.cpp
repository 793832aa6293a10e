// Times and durations as people and peers write them: what is read is within its bounds, and a time
// that is read can be written and read again.

#include "api/config/values.hpp"
#include "core/time.hpp"
#include "net/retry_after.hpp"
#include "tests/fuzz/input.hpp"

using namespace vitrine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const auto time = parse_time(text);
    if (time) fuzz::require(parse_time(format_time(*time)) == time, "a time comes back");
    for (const auto now : {Timestamp(), time.value_or(*parse_time("2026-03-01T12:00:00Z"))}) {
        if (const auto pause = net::parse_retry_after(text, now)) {
            fuzz::require(pause->count() >= 0, "nobody comes again before");
            fuzz::require(*pause <= net::longest_retry_after, "nobody waits for longer");
        }
    }
    if (const auto duration = api::parse_duration(text))
        fuzz::require(duration->count() >= 0, "a duration is not negative");
    if (const auto advance = api::parse_advance(text)) {
        fuzz::require(advance->count() > 0, "a clock that is moved goes forward");
        fuzz::require(*advance < std::chrono::years(1'000), "and not out of what a time can be");
    }
    if (const auto limit = api::parse_key_limit(text))
        fuzz::require(limit->requests > 0 && limit->window.count() > 0, "a limit allows something");
    return 0;
}
