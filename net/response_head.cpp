#include "net/response_head.hpp"

#include <charconv>
#include <ctime>
#include <stdexcept>

#include "net/header_text.hpp"

namespace vitrine::net {
namespace {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7) of this second.
std::string_view http_date() {
    thread_local std::time_t second = -1;
    thread_local char text[32];
    thread_local std::size_t length = 0;
    const std::time_t now = std::time(nullptr);
    if (now != second) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
        second = now;
    }
    return {text, length};
}

void append_number(std::string& out, std::size_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
}

}  // namespace

bool has_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

void write_head(const Response& response, After after, std::string& out) {
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(response.status));
    out += ' ';
    out += status_text(response.status);
    out += "\r\n";
    for (const auto& [name, value] : response.headers) {
        if (is_framing(name) || same_name(name, "Date")) continue;
        if (name.empty() || breaks_header(name) || breaks_header(value)) {
            throw std::invalid_argument("a response header field that breaks the header apart");
        }
        out.append(name).append(": ").append(value).append("\r\n");
    }
    out.append("Date: ").append(http_date()).append("\r\n");
    if (response.stream) {
        if (after == After::close_chunked) out += "Transfer-Encoding: chunked\r\n";
    } else if (has_body(response.status)) {
        out += "Content-Length: ";
        append_number(out, response.body.size());
        out += "\r\n";
    }
    if (after == After::close || after == After::close_chunked) out += "Connection: close\r\n";
    if (after == After::keep_explicitly) out += "Connection: keep-alive\r\n";
    out += "\r\n";
}

}  // namespace vitrine::net
