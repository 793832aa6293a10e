#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <string_view>

#include "net/http.hpp"

namespace vitrine::net {

/// Where the header section at the front of some text ends.
struct HeaderScan {
    enum class State { incomplete, complete, folded };
    State state = State::incomplete;
    std::size_t resume = 0;  // where to go on when more text has come
};

/// Looks for the empty line, and for folded lines (RFC 9112 §5.2: to be refused), which the parser
/// would hide.
HeaderScan scan_header(std::string_view text, std::size_t resume);

/// Beast's parser, writing straight into a Request. Feed it the whole header section at once,
/// without `eager`, then the body with `eager`.
class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    explicit RequestParser(std::uint64_t body_limit);

    Request& request() { return request_; }

    /// Once the header is done: what the parser lets pass but a server must not (RFC 9112 §3.2,
    /// §6.1, §6.3): a target, a Host or a length that could be taken for another.
    bool refusable() const;
    bool http_1_1() const { return http_1_1_; }
    bool expects_continue() const { return expects_continue_; }

    /// The body is or will be longer than the limit; the rest of it is counted, not kept.
    bool too_large() const { return too_large_; }
    std::uint64_t received() const { return received_; }

private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;
    using verb = boost::beast::http::verb;
    using field = boost::beast::http::field;

    void on_request_impl(verb, string_view, string_view, int, error_code&) override;
    void on_response_impl(int, string_view, int, error_code&) override;
    void on_field_impl(field, string_view, string_view, error_code&) override;
    void on_header_impl(error_code&) override;
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override;
    std::size_t on_body_impl(string_view, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override;
    std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override;
    void on_finish_impl(error_code&) override;

    std::size_t keep(string_view part);

    Request request_;
    std::uint64_t body_limit_;
    std::uint64_t received_ = 0;
    int hosts_ = 0;
    int lengths_ = 0;
    int encodings_ = 0;
    bool strange_ = false;
    bool http_1_1_ = false;
    bool header_done_ = false;
    bool expects_continue_ = false;
    bool too_large_ = false;
};

}  // namespace vitrine::net
