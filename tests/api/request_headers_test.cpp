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
    CHECK(is_json("application/json; charset=utf8"));
    CHECK_FALSE(is_json("application/json; charset=latin1"));
    CHECK_FALSE(is_json("application/json-patch+json"));
    CHECK_FALSE(is_json("text/json"));
    CHECK_FALSE(is_json("json"));
    CHECK_FALSE(is_json(""));
}

TEST_CASE("entity tags are a star or a list of quoted texts, weak or strong") {
    CHECK(parse_entity_tags(" * ")->any);
    const auto tags = parse_entity_tags(R"(,"1", W/"a,b" ,,"",)");
    REQUIRE(tags);
    REQUIRE(tags->tags.size() == 3);
    CHECK(tags->tags[1].text == R"("a,b")");
    CHECK(tags->tags[1].weak);
    CHECK(tags->tags[2].text == R"("")");
    for (const auto* bad :
         {"12",
          "x",
          "\"1",
          "1\"",
          "w/\"1\"",
          "W/",
          "W/ \"1\"",
          "*, \"1\"",
          "\"1\", *",
          "\"1\" \"2\"",
          "\"1\"2",
          "\"a b\"",
          "**"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_entity_tags(bad));
    }
}

TEST_CASE("a weak tag is the same weakly, never strongly") {
    const auto tags = parse_entity_tags(R"("a", W/"b")").value();
    CHECK(tags.match(R"("a")"));
    CHECK_FALSE(tags.match(R"("b")"));
    CHECK_FALSE(tags.match(R"(W/"a")"));
    CHECK(tags.match_weakly(R"("b")"));
    CHECK(tags.match_weakly(R"(W/"a")"));
    CHECK_FALSE(tags.match_weakly(R"("ab")"));
}

TEST_CASE("a tag of digits is a version, also as it is called when it is sent compressed") {
    CHECK(version_tag(R"("12")") == VersionTag{12, 0});
    CHECK(version_tag(R"("4-gzip")") == VersionTag{4, 0});
    // With what products told since.
    CHECK(version_tag(R"("12.602")") == VersionTag{12, 602});
    CHECK(version_tag(R"("7.602-gzip")") == VersionTag{7, 602});
    for (const auto* other :
         {R"("x")",
          R"("05")",
          R"("")",
          R"("-1")",
          R"("18446744073709551616")",
          R"("3.")",
          R"(".5")",
          R"("1.x")",
          R"("1.0")",
          R"("1.05")",
          "\"",
          ""}) {
        CAPTURE(other);
        CHECK_FALSE(version_tag(other));
    }
}

TEST_CASE("conditions stand in all fields of their name together") {
    const auto conditions =
        read_conditions({{"If-Match", "\"1\""}, {"if-match", "\"2\""}, {"If-None-Match", "*"}});
    REQUIRE(conditions);
    CHECK(conditions->match->tags.size() == 2);
    CHECK(conditions->none_match->any);
    CHECK_FALSE(read_conditions({{"If-Match", "*"}, {"If-Match", "\"2\""}}));
    CHECK_FALSE(read_conditions({{"If-None-Match", "2"}}));
    CHECK_FALSE(read_conditions({})->match);
    // A list may be empty, and names nothing then (RFC 9110 §5.6.1).
    for (const auto* empty : {"", " ", ", ,"}) {
        const auto nothing = read_conditions({{"If-Match", empty}, {"If-None-Match", empty}});
        REQUIRE(nothing);
        CHECK((nothing->match->tags.empty() && !nothing->match->any));
        CHECK(nothing->none_match->tags.empty());
    }
}

TEST_CASE("codings are taken by their weights, whatever their case") {
    struct Row {
        const char* accepts;
        bool identity, gzip, prefers_gzip;
    };
    const auto row = GENERATE(
        Row{"gzip", true, true, true},
        Row{"GZip", true, true, true},
        Row{"x-gzip", true, true, true},
        Row{"deflate, gzip", true, true, true},
        Row{"gzip;q=0.5", true, true, true},
        Row{"gzip; Q=1.000", true, true, true},
        Row{"br, *", true, true, true},
        Row{"*", true, true, true},
        Row{"gzip;q=0.5, identity", true, true, false},
        Row{"identity;q=0.5, gzip;q=0.5", true, true, true},
        Row{"", true, false, false},
        Row{"br", true, false, false},
        Row{"identity", true, false, false},
        Row{"gzip;q=0", true, false, false},
        Row{"gzip;q=0.000, *", true, false, false},
        Row{"gzip;q=many", true, false, false},
        Row{"xgzip", true, false, false},
        Row{"gzip, identity;q=0", false, true, true},
        Row{"gzip, *;q=0", false, true, true},
        Row{"identity, *;q=0", true, false, false},
        Row{"*;q=0", false, false, false},
        Row{"br, identity;q=0", false, false, false}
    );
    CAPTURE(row.accepts);
    const auto codings = accepted_codings({{"Accept-Encoding", row.accepts}});
    CHECK(codings.identity == row.identity);
    CHECK(codings.gzip == row.gzip);
    CHECK(codings.prefers_gzip == row.prefers_gzip);
    CHECK(accepted_codings({{"Accept-Encoding", "br"}, {"Accept-Encoding", "gzip"}}).gzip);
    CHECK_FALSE(accepted_codings({}).gzip);
}

TEST_CASE("content is plain unless it names a coding") {
    CHECK(is_plain_content({}));
    CHECK(is_plain_content({{"Content-Encoding", "Identity"}}));
    CHECK_FALSE(is_plain_content({{"Content-Encoding", "gzip"}}));
    CHECK_FALSE(is_plain_content({{"Content-Encoding", "identity"}, {"Content-Encoding", "br"}}));
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
