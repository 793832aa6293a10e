#include "api/http/compression.hpp"

#include <zlib.h>

#include <algorithm>
#include <string>

namespace vitrine::api {
namespace {

constexpr std::size_t worth_it = 1400;  // below that it fits one packet anyway
constexpr int level = 4;
constexpr int gzip_window = MAX_WBITS + 16;

bool is_text(std::string_view content_type) {
    const auto type = content_type.substr(0, content_type.find(';'));
    return type.starts_with("text/") || type.ends_with("json") || type.ends_with("javascript");
}

/// Empty: it could not be.
std::string gzipped(std::string_view text) {
    z_stream stream{};
    constexpr int memory = 8;
    if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return code == Z_STREAM_END ? out : std::string();
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
    while (!accept_encoding.empty()) {
        const auto comma = std::min(accept_encoding.find(','), accept_encoding.size());
        auto item = accept_encoding.substr(0, comma);
        accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
        item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
        const auto name = item.substr(0, item.find_first_of("; "));
        if (name != "gzip" && name != "*") continue;
        const auto quality = item.find("q=0");
        return quality == std::string_view::npos ||
               item.find_first_not_of("0.", quality + 2) != std::string_view::npos;
    }
    return false;
}

void compress(const net::Request& request, net::Response& response) {
    if (response.stream || response.body.size() < worth_it) return;
    if (!is_text(response.headers.find("Content-Type").value_or(""))) return;
    if (response.headers.find("Content-Encoding")) return;
    response.headers.add("Vary", "Accept-Encoding");
    if (!accepts_gzip(request.headers.find("Accept-Encoding").value_or(""))) return;
    auto body = gzipped(response.body);
    if (body.empty() || body.size() >= response.body.size()) return;
    response.body = std::move(body);
    response.headers.add("Content-Encoding", "gzip");
}

}  // namespace vitrine::api
