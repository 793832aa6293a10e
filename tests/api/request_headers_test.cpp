#include "api/http/request_headers.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::api;

TEST_CASE("a key is taken from one Authorization header of the scheme Bearer") {
    const auto key = [](const char* value) {
        const net::Headers headers{{"Authorization", value}};
        const auto found = bearer_key(headers);
        return found ? std::string(*found) : std::string("none");
    };
    CHECK(key("Bearer vtr_x") == "vtr_x");
    CHECK(key("bearer vtr_x ") == "vtr_x");
    CHECK(key("Bearer") == "none");
    CHECK(key("Bearer ") == "none");
    CHECK(key("Basic Zm9v") == "none");
    CHECK(key("vtr_x") == "none");
    CHECK(key("") == "none");
    CHECK_FALSE(bearer_key(net::Headers{}));
    const net::Headers twice{{"Authorization", "Bearer a"}, {"authorization", "Bearer b"}};
    CHECK_FALSE(bearer_key(twice));
}

TEST_CASE("only application/json in UTF-8 is JSON") {
    CHECK(is_json("application/json"));
    CHECK(is_json("Application/JSON; charset=UTF-8"));
    CHECK(is_json("application/json;charset=\"utf-8\"; x=y"));
    CHECK_FALSE(is_json("application/json; charset=latin1"));
    CHECK_FALSE(is_json("application/json-patch+json"));
    CHECK_FALSE(is_json("text/json"));
    CHECK_FALSE(is_json("json"));
    CHECK_FALSE(is_json(""));
}

TEST_CASE("If-Match is one quoted version or a star") {
    CHECK(parse_if_match("\"12\"")->version == 12);
    CHECK(parse_if_match("\"12.602\"")->version == 12);  // with what products told since
    CHECK_FALSE(parse_if_match("\"12\"")->any);
    CHECK(parse_if_match(" * ")->any);
    for (const auto* bad :
         {"12",
          "\"x\"",
          "W/\"1\"",
          "\"-1\"",
          "\"1",
          "1\"",
          "\"\"",
          "\"01\"",
          "\"1\", \"2\"",
          "",
          "\"18446744073709551616\"",
          "\"1 \"",
          "\"+1\""}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_if_match(bad));
    }
}

TEST_CASE("If-None-Match holds when one of its tags is the version") {
    CHECK(none_match_holds("\"3\"", 3));
    CHECK(none_match_holds("W/\"3\"", 3));
    CHECK(none_match_holds("\"1\", \"3\"", 3));
    CHECK(none_match_holds("*", 3));
    CHECK_FALSE(none_match_holds("\"33\"", 3));
    CHECK_FALSE(none_match_holds("3", 3));
    CHECK_FALSE(none_match_holds("", 3));
    CHECK(none_match_holds(R"("a", W/"b")", R"("b")"));
    CHECK_FALSE(none_match_holds(R"("ab")", R"("b")"));
}

TEST_CASE("keys and correlation ids are bounded visible ASCII") {
    CHECK(is_token_text("a", 255));
    CHECK(is_token_text(std::string(255, 'k'), 255));
    CHECK_FALSE(is_token_text(std::string(256, 'k'), 255));
    CHECK_FALSE(is_token_text("", 255));
    CHECK_FALSE(is_token_text("a b", 255));
    CHECK_FALSE(is_token_text("caf\xc3\xa9", 255));
    CHECK_FALSE(is_token_text("a\x7f", 255));
}

TEST_CASE("a traceparent has the W3C form") {
    CHECK(is_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    for (const auto* bad :
         {"",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
          "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_traceparent(bad));
    }
}

TEST_CASE("Accept chooses among the representations that are offered") {
    constexpr std::string_view offered[] = {"application/json", "text/event-stream"};
    const auto best = [&](std::optional<std::string_view> accept) {
        return std::string(best_accepted(accept, offered).value_or("none"));
    };
    CHECK(best(std::nullopt) == "application/json");
    CHECK(best("") == "application/json");
    CHECK(best("*/*") == "application/json");
    CHECK(best("application/*;q=0.5") == "application/json");
    CHECK(best("Text/Event-Stream") == "text/event-stream");
    CHECK(best("text/*, application/json;q=0.9") == "text/event-stream");
    CHECK(best("text/event-stream;q=0.5, */*") == "application/json");
    CHECK(best("application/json, text/event-stream") == "application/json");
    CHECK(best("text/event-stream, application/json;q=0") == "text/event-stream");
    CHECK(best("*/*, application/json;q=0") == "text/event-stream");
    CHECK(best("text/html") == "none");
    CHECK(best("application/json;q=0") == "none");
    CHECK(best("application/json;q=x") == "none");
    CHECK(best("applicationx/*") == "none");
}
