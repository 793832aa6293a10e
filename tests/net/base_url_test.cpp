#include "net/client.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::net;

namespace {

struct Row {
    const char* text;
    bool tls;
    const char* host;
    int port;
    const char* prefix;
    const char* canonical;
    bool loopback;
};

}  // namespace

TEST_CASE("a base URL is taken apart and written in one way") {
    const auto row = GENERATE(
        Row{"https://checkout.svelve.com/api/v1",
            true,
            "checkout.svelve.com",
            443,
            "/api/v1",
            "https://checkout.svelve.com/api/v1",
            false},
        Row{"http://127.0.0.1:9090/", false, "127.0.0.1", 9090, "", "http://127.0.0.1:9090", true},
        Row{"HTTP://LocalHost:80", false, "localhost", 80, "", "http://localhost", true},
        Row{"http://[::1]:8080/a//", false, "::1", 8080, "/a", "http://[::1]:8080/a", true},
        Row{"https://x.example:443", true, "x.example", 443, "", "https://x.example", false},
        Row{"https://x.example:80", true, "x.example", 80, "", "https://x.example:80", false},
        Row{"http://127.9.9.9", false, "127.9.9.9", 80, "", "http://127.9.9.9", true},
        Row{"http://10.0.0.1", false, "10.0.0.1", 80, "", "http://10.0.0.1", false},
        Row{"http://localhost.example",
            false,
            "localhost.example",
            80,
            "",
            "http://localhost.example",
            false}
    );
    CAPTURE(row.text);
    const auto base = parse_base_url(row.text);
    REQUIRE(base);
    CHECK(base->tls == row.tls);
    CHECK(base->host == row.host);
    CHECK(base->port == row.port);
    CHECK(base->prefix == row.prefix);
    CHECK(base->str() == row.canonical);
    CHECK(base->loopback() == row.loopback);
    CHECK(parse_base_url(base->str()) == base);
}

TEST_CASE("what is no base URL of HTTP is refused") {
    const auto* text = GENERATE(
        "",
        "x",
        "ftp://x",
        "http://",
        "http:///a",
        "http://u@x",
        "http://u:p@x/",
        "http://x?a=b",
        "http://x#f",
        "http://x:0",
        "http://x:70000",
        "http://x:ab",
        "//x/a",
        "/a",
        "http://a b",
        "http://a%20b",
        "http://x/a b"
    );
    CAPTURE(text);
    CHECK_FALSE(parse_base_url(text));
}
