#include "api/log/log.hpp"

#include "tests/support/catch.hpp"

using vitrine::api::log::Value;

TEST_CASE("numbers and booleans of a line are those of JSON, texts are quoted") {
    CHECK(Value(201).json() == "201");
    CHECK(Value(std::uint64_t{18'446'744'073'709'551'615U}).json() == "18446744073709551615");
    CHECK(Value(-3).json() == "-3");
    CHECK(Value(1.5).json() == "1.5");
    CHECK(Value(true).json() == "true");
    CHECK(Value("Caf\u00e9 \"a\"\n").json() == "\"Caf\u00e9 \\\"a\\\"\\n\"");
    CHECK(Value(std::string_view("201")).json() == "\"201\"");
}

TEST_CASE("a text that is no UTF-8 does not break its line, an empty one is no member") {
    CHECK(Value("a\xff").json() == "\"a\xef\xbf\xbd\"");
    CHECK(Value(std::string()).json().empty());
}
