#include "net/response_parser.hpp"

#include <algorithm>

namespace vitrine::net {
namespace {

constexpr std::uint32_t largest_header = 64 * 1024;
constexpr std::uint64_t reserve_at_once = 64UL * 1024;

}  // namespace

ResponseParser::ResponseParser(std::uint64_t limit, bool without_body) {
    header_limit(largest_header);
    body_limit(limit);
    skip(without_body);
    eager(true);
}

void ResponseParser::on_request_impl(verb, string_view, string_view, int, error_code&) {}

void ResponseParser::on_response_impl(int status, string_view, int, error_code&) {
    response_.status = status;
    response_.headers.reserve(8);
}

void ResponseParser::on_field_impl(field, string_view name, string_view value, error_code&) {
    if (header_done_) return;
    response_.headers.add(
        std::string(name.data(), name.size()), std::string(value.data(), value.size())
    );
}

void ResponseParser::on_header_impl(error_code&) {
    header_done_ = true;
}

void ResponseParser::on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) {
    if (length) response_.body.reserve(std::min(*length, reserve_at_once));
}

std::size_t ResponseParser::on_body_impl(string_view part, error_code&) {
    response_.body.append(part.data(), part.size());
    return part.size();
}

void ResponseParser::on_chunk_header_impl(std::uint64_t, string_view, error_code&) {}

std::size_t ResponseParser::on_chunk_body_impl(std::uint64_t, string_view part, error_code&) {
    response_.body.append(part.data(), part.size());
    return part.size();
}

void ResponseParser::on_finish_impl(error_code&) {}

}  // namespace vitrine::net
