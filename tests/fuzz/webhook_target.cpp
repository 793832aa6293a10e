// Webhooks out: a URL that is taken for an endpoint says the same again when it is written out, and
// leads where its address may be called; an address within IPv6 leads where the one of IPv4 does;
// no Retry-After is longer than a day.
#include <boost/asio/ip/address.hpp>

#include "gateways/webhooks_out/addresses.hpp"
#include "gateways/webhooks_out/url.hpp"
#include "net/retry_after.hpp"
#include "tests/fuzz/input.hpp"

using namespace vitrine;
using namespace vitrine::webhooks_out;

namespace {

namespace ip = boost::asio::ip;

void fuzz_url(std::string_view text) {
    for (const auto receivers : {Receivers::of_the_internet, Receivers::private_too}) {
        const auto target = parse_target(text, receivers);
        if (!target) {
            fuzz::require(!target.error().empty(), "a fault has words");
            continue;
        }
        fuzz::require(target->path.starts_with('/'), "a path begins with a slash");
        fuzz::require(
            target->origin.tls || receivers == Receivers::private_too, "the internet is https"
        );
        const auto again = parse_target(target->str(), receivers);
        fuzz::require(again.has_value(), "what was taken is taken again");
        fuzz::require(
            again->origin == target->origin && again->path == target->path, "and is the same"
        );
        boost::system::error_code not_an_address;
        const auto address = ip::make_address(target->origin.host, not_an_address);
        fuzz::require(
            not_an_address || may_call(address, receivers), "a literal address may be called"
        );
    }
}

void fuzz_address(std::string_view text) {
    boost::system::error_code fault;
    const auto address = ip::make_address(std::string(text), fault);
    if (fault) return;
    const auto reach = reach_of(address);
    if (!address.is_v4()) return;
    const auto inner = address.to_v4();
    const ip::address mapped = ip::make_address_v6(ip::v4_mapped, inner);
    fuzz::require(reach_of(mapped) == reach, "mapped, it leads to the same");
    auto bytes = mapped.to_v6().to_bytes();
    bytes = {
        0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, bytes[12], bytes[13], bytes[14], bytes[15]
    };
    fuzz::require(reach_of(ip::address_v6(bytes)) == reach, "through NAT64 too");
}

void fuzz_retry_after(std::string_view text) {
    const Timestamp now(std::chrono::seconds(1'795'435'200));
    const auto wait = net::parse_retry_after(text, now);
    if (wait)
        fuzz::require(wait->count() >= 0 && *wait <= net::longest_retry_after, "within a day");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    fuzz_url(text);
    fuzz_address(text);
    fuzz_retry_after(text);
    return 0;
}
