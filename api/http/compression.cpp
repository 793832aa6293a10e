#include "api/http/compression.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string>

#include "api/http/request_headers.hpp"

namespace vitrine::api {
namespace {

constexpr std::size_t worth_it = 1400;  // below that it fits one packet anyway
constexpr int level = 4;
constexpr int gzip_window = MAX_WBITS + 16;

bool is_text(std::string_view content_type) {
    const auto type = content_type.substr(0, content_type.find(';'));
    return type.starts_with("text/") || type.ends_with("json") || type.ends_with("javascript");
}

/// "12": not the mark of a file.
bool is_version(std::string_view etag) {
    return etag.size() > 2 && std::ranges::all_of(etag.substr(1, etag.size() - 2), [](char c) {
               return c >= '0' && c <= '9';
           });
}

std::string gzipped(std::string_view text) {
    z_stream stream{};
    constexpr int memory = 8;
    if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (code != Z_STREAM_END) throw std::runtime_error("a body could not be compressed");
    return out;
}

}  // namespace

void choose_coding(const net::Request& request, net::Response& response) {
    auto& headers = response.headers;
    if (response.stream || response.body.empty()) return;
    if (!is_text(headers.find("Content-Type").value_or(""))) return;
    if (headers.find("Content-Encoding")) return;
    const std::string etag(headers.find("ETag").value_or(""));
    const bool is_worth_it = response.body.size() >= worth_it && !is_version(etag);
    const auto accepted = accepted_codings(request.headers);
    const bool gzip =
        accepted.gzip && (!accepted.identity || (is_worth_it && accepted.prefers_gzip));
    headers.append("Vary", "Accept-Encoding");
    if (!gzip) return;
    headers.add("Content-Encoding", "gzip");
    if (etag.empty() || etag.starts_with("W/")) return;
    headers.set("ETag", etag.substr(0, etag.size() - 1).append(gzip_mark) + '"');
}

void encode(net::Response& response) {
    if (response.headers.find("Content-Encoding") != "gzip") return;
    response.body = gzipped(response.body);
}

}  // namespace vitrine::api
