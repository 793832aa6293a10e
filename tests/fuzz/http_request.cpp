// Requests as they come from the network: header section, target, body.

#include "net/http.hpp"
#include "net/request_parser.hpp"
#include "tests/fuzz/input.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

using namespace vitrine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t body_limit = 4096;
    const auto text = fuzz::text_of(data, size);
    const auto header = net::scan_header(text, 0);
    // In two parts it ends in the same place.
    const auto half = net::scan_header(text.substr(0, size / 2), 0);
    if (half.state == net::HeaderScan::State::incomplete) {
        const auto rest = net::scan_header(text, half.resume);
        fuzz::require(
            rest.state == header.state, "where a header ends does not depend on its parts"
        );
    }
    if (header.state != net::HeaderScan::State::complete) return 0;
    net::RequestParser parser(body_limit);
    boost::system::error_code error;
    std::size_t used = parser.put(boost::asio::buffer(text.data(), text.size()), error);
    if (error || !parser.is_header_done() || parser.refusable()) return 0;
    const auto& asked = parser.request().target;
    fuzz::require(asked.starts_with('/') || asked == "*", "a target has its origin-form");
    const auto target = net::parse_target(parser.request().target);
    if (target) fuzz::require(!target->path.empty(), "a target has a path");
    parser.eager(true);
    while (!error && !parser.is_done() && used < size) {
        const auto put = parser.put(boost::asio::buffer(text.data() + used, size - used), error);
        used += put;
        if (put == 0) break;
    }
    fuzz::require(parser.request().body.size() <= body_limit, "no more is kept than the limit");
    return 0;
}
