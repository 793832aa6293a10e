#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>

#include "net/http.hpp"

namespace vitrine::net {

/// Beast's parser, writing straight into a Response. Trailers are left out.
class ResponseParser final : public boost::beast::http::basic_parser<false> {
public:
    /// `without_body`: the answer to HEAD.
    ResponseParser(std::uint64_t body_limit, bool without_body);

    Response& response() { return response_; }

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

    Response response_;
    bool header_done_ = false;
};

}  // namespace vitrine::net
