#include "api/http/compression.hpp"

#include <zlib.h>

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::api;

namespace {

net::Response json_of(std::size_t size) {
    net::Response response;
    response.headers.add("Content-Type", "application/json");
    response.body = "\"" + std::string(size, 'a') + "\"";
    return response;
}

net::Request accepting(std::string encodings) {
    net::Request request;
    request.headers.add("Accept-Encoding", std::move(encodings));
    return request;
}

std::string unzipped(const std::string& bytes) {
    std::string out(100'000, '\0');
    z_stream stream{};
    inflateInit2(&stream, MAX_WBITS + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    REQUIRE(code == Z_STREAM_END);
    out.resize(stream.total_out);
    return out;
}

}  // namespace

TEST_CASE("Accept-Encoding takes gzip or does not") {
    for (const auto* yes : {"gzip", "deflate, gzip", "gzip;q=0.5", "br, *", "gzip;q=1.0"}) {
        CAPTURE(yes);
        CHECK(accepts_gzip(yes));
    }
    for (const auto* no : {"", "br", "identity", "gzip;q=0", "gzip;q=0.000", "xgzip"}) {
        CAPTURE(no);
        CHECK_FALSE(accepts_gzip(no));
    }
}

TEST_CASE("a long text goes as gzip to who takes it, and is the same") {
    auto response = json_of(5000);
    const auto plain = response.body;
    compress(accepting("gzip, br"), response);
    CHECK(response.headers.find("Content-Encoding") == "gzip");
    CHECK(response.headers.find("Vary") == "Accept-Encoding");
    CHECK(response.body.size() < plain.size() / 10);
    CHECK(unzipped(response.body) == plain);
}

TEST_CASE("what is short, no text, or not asked for stays as it is") {
    auto brief = json_of(100);
    auto image = json_of(5000);
    image.headers.set("Content-Type", "image/png");
    auto unasked = json_of(5000);
    const auto expected = unasked.body;
    compress(accepting("gzip"), brief);
    compress(accepting("gzip"), image);
    compress(accepting("br"), unasked);
    for (const auto* response : {&brief, &image, &unasked}) {
        CHECK_FALSE(response->headers.find("Content-Encoding"));
    }
    CHECK(unasked.body == expected);
}
