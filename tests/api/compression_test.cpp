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

void compress(const net::Request& request, net::Response& response) {
    choose_coding(request, response);
    encode(response);
}

}  // namespace

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

TEST_CASE("what is compressed has a strong mark of its own; a version names what is not") {
    auto file = json_of(5000);
    file.headers.add("ETag", "\"ab1\"");
    compress(accepting("gzip"), file);
    CHECK(file.headers.find("ETag") == "\"ab1-gzip\"");

    auto offer = json_of(5000);
    offer.headers.add("ETag", "\"12\"");
    compress(accepting("gzip"), offer);
    CHECK(offer.headers.find("ETag") == "\"12\"");
    CHECK_FALSE(offer.headers.find("Content-Encoding"));
    CHECK(offer.headers.find("Vary") == "Accept-Encoding");  // who refuses identity gets gzip
}

TEST_CASE("who takes nothing but gzip gets gzip, however short it is") {
    auto offer = json_of(10);
    const auto plain = offer.body;
    offer.headers.add("ETag", "\"12\"");
    compress(accepting("gzip, identity;q=0"), offer);
    CHECK(offer.headers.find("Content-Encoding") == "gzip");
    CHECK(offer.headers.find("ETag") == "\"12-gzip\"");
    CHECK(offer.headers.find("Vary") == "Accept-Encoding");
    CHECK(unzipped(offer.body) == plain);
}
