#include "core/json_append.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("an object is written member by member, texts escaped, raw values as they stand") {
    std::string json = "{";
    append_text(json, "name", "a \"b\" \\ Açaí\n\t\x01");
    append_number(json, "n", -5);
    append_raw(json, "list", "[1,2]");
    json += '}';
    CHECK(json == R"({"name":"a \"b\" \\ Açaí\n\t\u0001","n":-5,"list":[1,2]})");
}
