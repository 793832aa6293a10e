#include "net/request_parser.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <cstring>

namespace vitrine::net {
namespace {

constexpr std::uint64_t reserve_at_once = 64UL * 1024;

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The characters of a host name or address with its port (RFC 3986 §3.2.2). May be empty.
bool is_host(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        const bool plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return plain || std::string_view("-._~%!$&'()*+,;=:[]").contains(c);
    });
}

}  // namespace

HeaderScan scan_header(std::string_view text, std::size_t resume) {
    using enum HeaderScan::State;
    while (resume < text.size()) {
        const auto* found =
            static_cast<const char*>(std::memchr(text.data() + resume, '\n', text.size() - resume));
        if (found == nullptr) return {incomplete, text.size()};
        const auto at = static_cast<std::size_t>(found - text.data());
        const auto rest = text.substr(at + 1);
        if (rest.empty() || rest == "\r") return {incomplete, at};
        if (rest.front() == ' ' || rest.front() == '\t') return {folded, at};
        if (rest.front() == '\n' || rest.starts_with("\r\n")) return {complete, at};
        resume = at + 1;
    }
    return {incomplete, resume};
}

RequestParser::RequestParser(std::uint64_t limit) : body_limit_(limit) {
    // Both limits are the session's: it sees the whole header first, and counts the body.
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
}

bool RequestParser::refusable() const {
    if (hosts_ > 1 || (hosts_ == 0 && http_1_1_)) return true;
    if (encodings_ > 0 && (lengths_ > 0 || !http_1_1_)) return true;
    return strange_ || encodings_ > 1 || lengths_ > 1;
}

void RequestParser::
    on_request_impl(verb, string_view method, string_view target, int version, error_code&) {
    request_.method.assign(method.data(), method.size());
    if (auto origin = origin_form(request_.method, {target.data(), target.size()})) {
        request_.target = *std::move(origin);
    } else {
        strange_ = true;
    }
    http_1_1_ = version == 11;
    request_.headers.reserve(8);
}

void RequestParser::on_response_impl(int, string_view, int, error_code&) {}

void RequestParser::
    on_field_impl(field name, string_view name_text, string_view value, error_code&) {
    if (header_done_) return;  // a trailer: never merged into the header
    const std::string_view text(value.data(), value.size());
    switch (name) {
        case field::host:
            ++hosts_;
            if (!is_host(text)) strange_ = true;
            break;
        case field::content_length:
            ++lengths_;
            if (!is_number(text)) strange_ = true;
            break;
        case field::transfer_encoding:
            ++encodings_;
            if (!boost::beast::iequals(value, "chunked")) strange_ = true;
            break;
        case field::expect:
            expects_continue_ = http_1_1_ && boost::beast::iequals(value, "100-continue");
            break;
        default:
            break;
    }
    request_.headers.add(std::string(name_text.data(), name_text.size()), std::string(text));
}

void RequestParser::on_header_impl(error_code&) {
    header_done_ = true;
    if (const auto length = content_length(); length && *length > body_limit_) too_large_ = true;
}

void RequestParser::on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) {
    if (length && !too_large_) request_.body.reserve(std::min(*length, reserve_at_once));
}

std::size_t RequestParser::on_body_impl(string_view part, error_code&) {
    return keep(part);
}

void RequestParser::on_chunk_header_impl(std::uint64_t, string_view, error_code&) {}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view part, error_code&) {
    return keep(part);
}

void RequestParser::on_finish_impl(error_code&) {}

std::size_t RequestParser::keep(string_view part) {
    received_ += part.size();
    if (received_ > body_limit_) too_large_ = true;
    if (too_large_) {
        request_.body = {};
    } else {
        request_.body.append(part.data(), part.size());
    }
    return part.size();
}

}  // namespace vitrine::net
