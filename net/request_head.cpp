#include "net/request_head.hpp"

#include <algorithm>

#include "net/header_text.hpp"

namespace vitrine::net {
namespace {

bool is_line_part(std::string_view text) {
    return !text.empty() && std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 127;
    });
}

std::string authority(const BaseUrl& base) {
    BaseUrl origin = base;
    origin.prefix.clear();
    const std::string url = origin.str();
    return url.substr(url.find("://") + 3);
}

bool carries_content(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH";
}

}  // namespace

std::optional<std::string> request_head(const BaseUrl& base, const Request& request) {
    if (!is_line_part(request.method) || !request.target.starts_with('/') ||
        !is_line_part(request.target)) {
        return std::nullopt;
    }
    std::string head;
    head.reserve(512);
    head.append(request.method).append(" ").append(base.prefix).append(request.target);
    head.append(" HTTP/1.1\r\nHost: ").append(authority(base)).append("\r\n");
    // What the client does not decode it does not ask for, and says so.
    if (!request.headers.find("Accept-Encoding")) head.append("Accept-Encoding: identity\r\n");
    for (const auto& [name, value] : request.headers) {
        if (same_name(name, "Host") || is_framing(name)) continue;
        if (name.empty() || breaks_header(name) || breaks_header(value)) return std::nullopt;
        head.append(name).append(": ").append(value).append("\r\n");
    }
    if (!request.body.empty() || carries_content(request.method)) {
        head.append("Content-Length: ").append(std::to_string(request.body.size()));
        head.append("\r\n");
    }
    return head.append("\r\n");
}

}  // namespace vitrine::net
