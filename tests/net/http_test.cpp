#include "net/http.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine::net;

TEST_CASE("fields of one name are one list, and a list grows by appending") {
    Headers headers{{"Accept", "a"}, {"X", "1"}, {"accept", "b"}};
    CHECK(headers.list("ACCEPT") == "a, b");
    CHECK_FALSE(headers.list("Vary"));
    headers.append("Vary", "Origin");
    headers.append("vary", "Accept");
    CHECK(headers.find("Vary") == "Origin, Accept");
    CHECK(headers.count("Vary") == 1);
    headers.remove("accept");
    CHECK_FALSE(headers.find("Accept"));
}

TEST_CASE("an address with a colon in it stands in brackets before its port") {
    CHECK(host_and_port("127.0.0.1", 80) == "127.0.0.1:80");
    CHECK(host_and_port("::1", 8080) == "[::1]:8080");
}

TEST_CASE("header names compare without case, and the first of a name is found") {
    Headers headers{{"Content-Type", "text/plain"}, {"X-A", "1"}, {"x-a", "2"}};
    CHECK(headers.find("content-TYPE") == "text/plain");
    CHECK(headers.find("X-a") == "1");
    CHECK(headers.count("X-A") == 2);
    CHECK(headers.find("X-") == std::nullopt);
    headers.set("x-A", "3");
    CHECK(headers.count("X-A") == 1);
    CHECK(headers.find("X-A") == "3");
}

TEST_CASE("a target is taken apart and decoded") {
    const auto target = parse_target("/v1/offers/caf%C3%A9+a//x/?q=a+b%2Bc&empty=&flag&q=2");
    REQUIRE(target);
    CHECK(target->path == "/v1/offers/caf\xC3\xA9+a//x/");
    CHECK(target->segments == std::vector<std::string>{"v1", "offers", "caf\xC3\xA9+a", "x"});
    CHECK(target->parameter("q") == "a b+c");
    CHECK(target->parameter("empty") == "");
    CHECK(target->parameter("flag") == "");
    CHECK(target->parameter("none") == std::nullopt);
    CHECK(target->query.size() == 4);
}

TEST_CASE("an escaped slash stays inside its segment") {
    const auto target = parse_target("/a%2Fb/c");
    REQUIRE(target);
    CHECK(target->segments == std::vector<std::string>{"a/b", "c"});
}

TEST_CASE("the root has no segments") {
    const auto target = parse_target("/");
    REQUIRE(target);
    CHECK(target->segments.empty());
    CHECK(target->path == "/");
}

TEST_CASE("a target that is not origin-form, broken or not UTF-8 is refused") {
    const auto* text = GENERATE(
        "",
        "*",
        "v1/offers",
        "http://host/x",
        "/%",
        "/%2",
        "/%zz",
        "/%00",
        "/%ff",
        "/%C3",
        "/a?x=%C3%28",
        "/a b",
        "/a#b",
        "/a\x01",
        "/?%00",
        "/\x7f"
    );
    CAPTURE(text);
    CHECK_FALSE(parse_target(text));
}

TEST_CASE("the origin-form of a target is what follows the authority") {
    CHECK(origin_form("GET", "/a?b#c") == "/a?b#c");
    CHECK(origin_form("GET", "//a") == "//a");
    CHECK(origin_form("GET", "http://host/a?b") == "/a?b");
    CHECK(origin_form("GET", "HTTPS://host:1/a") == "/a");
    CHECK(origin_form("GET", "http://host") == "/");
    CHECK(origin_form("GET", "http://host?b") == "/?b");
    CHECK(origin_form("OPTIONS", "*") == "*");
}

TEST_CASE("what a server that is no proxy does not take for a target has no origin-form") {
    const auto* text = GENERATE(
        "",
        "*",
        "a",
        "host:80",
        "http:/a",
        "http:///a",
        "http://",
        "ftp://host/a",
        "http://name@host/a",
        "http://name:word@host/a",
        "httpx://host/a"
    );
    CAPTURE(text);
    CHECK_FALSE(origin_form("GET", text));
}

TEST_CASE("percent-encoding leaves only unreserved characters, and decodes to the same text") {
    CHECK(percent_encode("a-Z_0.~") == "a-Z_0.~");
    CHECK(percent_encode("a/b c?&+%\xC3\xA9") == "a%2Fb%20c%3F%26%2B%25%C3%A9");
    const auto target = parse_target("/" + percent_encode("x/../y +é"));
    REQUIRE(target);
    CHECK(target->segments == std::vector<std::string>{"x/../y +é"});
}

TEST_CASE("each status the service answers with has its name") {
    CHECK(status_text(200) == "OK");
    CHECK(status_text(202) == "Accepted");
    CHECK(status_text(413) == "Content Too Large");
    CHECK(status_text(507) == "Insufficient Storage");
    CHECK(status_text(299) == "Unknown");
    CHECK(status_text(999) == "Unknown");
}
