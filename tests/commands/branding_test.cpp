#include "commands/tenants/branding.hpp"

#include "tests/support/catch.hpp"

using vitrine::commands::read_branding;

namespace {

using Faults = std::vector<std::string>;

Faults faults_of(std::string_view json) {
    const auto read = read_branding(json);
    return read ? Faults{} : read.error();
}

std::string no_url(const std::string& pointer) {
    return "in the branding, " + pointer + " is no https URL such as https://loja.example/logo.svg";
}

}  // namespace

TEST_CASE("a branding is kept as compact text", "[tenants]") {
    const auto read = read_branding(" {\n \"b\" : [1, true, null],\n \"a\" : \"Loja: Açaí\" } ");
    REQUIRE(read);
    CHECK(read->text == "{\"b\":[1,true,null],\"a\":\"Loja: Açaí\"}");
}

TEST_CASE(
    "addresses in a branding are https URLs, by their name or by how they begin", "[tenants]"
) {
    for (const auto* branding :
         {R"({})",
          R"({"logo":"https://loja.example/logo.svg","colours":["#0a7d33"],"name":"Loja: Açaí"})",
          R"({"logo":null,"logo_width":120,"links":[{"url":"https://loja.example/a","text":"A"}]})",
          R"({"logo":{"small":"https://loja.example/a.png"},"motto":" java: the island"})",
          R"({"curl":"x","images":{"small":"https://loja.example/a.png"}})"}) {
        INFO(branding);
        CHECK(faults_of(branding) == Faults{});
    }
    for (const auto& [branding, member] :
         std::initializer_list<std::pair<const char*, const char*>>{
             {R"({"logo":"http://loja.example/logo.svg"})", "/logo"},
             {R"({"logo":"logo.svg"})", "/logo"},
             {R"({"logo":""})", "/logo"},
             {R"({"logo":7})", "/logo"},
             {R"({"logo":true})", "/logo"},
             {R"({"logo":[["https://loja.example/a",1.5]]})", "/logo/0/1"},
             {R"({"siteUrl":"loja.example"})", "/siteUrl"},
             {R"({"header":{"banner_image":"ftp://loja.example"}})", "/header/banner_image"},
             {R"({"logo":["https://loja.example/a","javascript:alert`1`"]})", "/logo/1"},
             {R"({"anything":"javascript:alert`1`"})", "/anything"},
             {R"({"anything":" javascript:alert`1`"})", "/anything"},
             {R"({"anything":"\u0001\n\tJavaScript:alert`1`"})", "/anything"},
             {R"({"anything":"java\nscr\tipt:alert`1`"})", "/anything"},
             {R"({"anything":"\t//loja.example/x"})", "/anything"},
             {R"({"anything":"\\\\loja.example/x"})", "/anything"},
             {R"({"anything":"//loja.example/x"})", "/anything"},
             {R"({"anything":"data:text/html,x"})", "/anything"},
             {R"({"a/b":{"~":"data:,x"}})", "/a~1b/~0"},
         }) {
        INFO(branding);
        CHECK(faults_of(branding) == Faults{no_url(member)});
    }
}

TEST_CASE("all that is wrong with a branding is told at once", "[tenants]") {
    CHECK(
        faults_of(R"({"logo":1,"x":[{"url":"a"}],"n":123456789012345678901,"name":"//x"})") ==
        Faults{
            "in the branding, /n is beyond 64 bits, so it would be rounded; send it as a text",
            no_url("/logo"),
            no_url("/x/0/url"),
            no_url("/name")
        }
    );
}

TEST_CASE("a branding is one well-formed object, in which nothing is ambiguous", "[tenants]") {
    for (const auto& [branding, told] : std::initializer_list<std::pair<std::string, const char*>>{
             {"", "empty"},
             {" \n", "empty"},
             {"[]", "object"},
             {"nonsense", "it is not well-formed JSON at line 1, column "},
             {"{\"a\":\"\xff\"}", "UTF-8"},
             {R"({"logo":"https://loja.example/a","logo":"https://loja.example/b"})",
              "the member \"logo\" stands twice"},
             {R"({"x":{"a":1,"a":1}})", "the member \"a\" stands twice"},
             {R"({"a":"\u0000"})", "NUL"},
             {R"({"x":)" + std::string(64, '[') + std::string(64, ']') + '}', "deeper than 64"},
             {std::string(1 << 20, '['), "deeper than 64"},
         }) {
        INFO(branding.substr(0, 60));
        const auto faults = faults_of(branding);
        REQUIRE(faults.size() == 1);
        CHECK_THAT(faults.front(), Catch::Contains("must be a JSON object"));
        CHECK_THAT(faults.front(), Catch::Contains(told));
    }
    CHECK(faults_of(R"({"x":)" + std::string(63, '[') + std::string(63, ']') + '}') == Faults{});
}
