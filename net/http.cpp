#include "net/http.hpp"

#include <algorithm>
#include <array>

#include "net/header_text.hpp"

namespace vitrine::net {
namespace {

struct StatusName {
    int status;
    std::string_view text;
};

// RFC 9110 §15, and 428, 429, 431, 507, 511 of RFC 6585 and RFC 4918. Sorted.
constexpr std::array status_names = {
    StatusName{100, "Continue"},
    StatusName{101, "Switching Protocols"},
    StatusName{200, "OK"},
    StatusName{201, "Created"},
    StatusName{202, "Accepted"},
    StatusName{203, "Non-Authoritative Information"},
    StatusName{204, "No Content"},
    StatusName{205, "Reset Content"},
    StatusName{206, "Partial Content"},
    StatusName{300, "Multiple Choices"},
    StatusName{301, "Moved Permanently"},
    StatusName{302, "Found"},
    StatusName{303, "See Other"},
    StatusName{304, "Not Modified"},
    StatusName{307, "Temporary Redirect"},
    StatusName{308, "Permanent Redirect"},
    StatusName{400, "Bad Request"},
    StatusName{401, "Unauthorized"},
    StatusName{402, "Payment Required"},
    StatusName{403, "Forbidden"},
    StatusName{404, "Not Found"},
    StatusName{405, "Method Not Allowed"},
    StatusName{406, "Not Acceptable"},
    StatusName{407, "Proxy Authentication Required"},
    StatusName{408, "Request Timeout"},
    StatusName{409, "Conflict"},
    StatusName{410, "Gone"},
    StatusName{411, "Length Required"},
    StatusName{412, "Precondition Failed"},
    StatusName{413, "Content Too Large"},
    StatusName{414, "URI Too Long"},
    StatusName{415, "Unsupported Media Type"},
    StatusName{416, "Range Not Satisfiable"},
    StatusName{417, "Expectation Failed"},
    StatusName{421, "Misdirected Request"},
    StatusName{422, "Unprocessable Content"},
    StatusName{423, "Locked"},
    StatusName{424, "Failed Dependency"},
    StatusName{425, "Too Early"},
    StatusName{426, "Upgrade Required"},
    StatusName{428, "Precondition Required"},
    StatusName{429, "Too Many Requests"},
    StatusName{431, "Request Header Fields Too Large"},
    StatusName{451, "Unavailable For Legal Reasons"},
    StatusName{500, "Internal Server Error"},
    StatusName{501, "Not Implemented"},
    StatusName{502, "Bad Gateway"},
    StatusName{503, "Service Unavailable"},
    StatusName{504, "Gateway Timeout"},
    StatusName{505, "HTTP Version Not Supported"},
    StatusName{507, "Insufficient Storage"},
    StatusName{511, "Network Authentication Required"},
};

}  // namespace

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (const Field& field : fields_) {
        if (same_name(field.first, name)) return field.second;
    }
    return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(fields_, [name](const Field& field) {
        return same_name(field.first, name);
    }));
}

void Headers::add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string> Headers::list(std::string_view name) const {
    std::optional<std::string> list;
    for (const auto& [field, value] : fields_) {
        if (!same_name(field, name)) continue;
        if (list) {
            list->append(", ").append(value);
        } else {
            list = value;
        }
    }
    return list;
}

void Headers::set(std::string name, std::string value) {
    remove(name);
    add(std::move(name), std::move(value));
}

void Headers::append(std::string_view name, std::string_view value) {
    const auto found = std::ranges::find_if(fields_, [name](const Field& field) {
        return same_name(field.first, name);
    });
    if (found == fields_.end()) return add(std::string(name), std::string(value));
    found->second.append(", ").append(value);
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [name](const Field& field) { return same_name(field.first, name); });
}

std::string host_and_port(std::string_view host, std::uint16_t port) {
    const bool ipv6 = host.find(':') != std::string_view::npos;
    std::string text = ipv6 ? "[" : "";
    text.append(host).append(ipv6 ? "]:" : ":").append(std::to_string(port));
    return text;
}

std::string_view status_text(int status) {
    const auto found = std::ranges::lower_bound(status_names, status, {}, &StatusName::status);
    if (found == status_names.end() || found->status != status) return "Unknown";
    return found->text;
}

}  // namespace vitrine::net
