// Lines of an exported log: what can be parsed is written as something that parses to the same.

#include "api/transfer/log_line.hpp"

#include "store/damage.hpp"
#include "tests/fuzz/input.hpp"

using namespace vitrine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto part = api::parse_log_line(fuzz::text_of(data, size));
    if (!part) {
        fuzz::require(!part.error().empty(), "a fault has words");
        return 0;
    }
    const auto written = api::write_log_line(*part);
    fuzz::require(written.find('\n') == std::string::npos, "a line is one line");
    const auto again = api::parse_log_line(written);
    fuzz::require(again.has_value(), "what was written parses");
    fuzz::require(api::write_log_line(*again) == written, "what was written comes back");
    return 0;
}
