#include "commands/tenants/branding.hpp"

#include "tests/support/catch.hpp"

using vitrine::commands::branding_fault;

TEST_CASE(
    "addresses in a branding are https URLs, by their name or by how they begin", "[tenants]"
) {
    for (const auto* branding :
         {R"({})",
          R"({"logo":"https://loja.example/logo.svg","colours":["#0a7d33"],"name":"Loja: Açaí"})",
          R"({"logo":null,"logo_width":120,"links":[{"url":"https://loja.example/a","text":"A"}]})",
          R"({"curl":"x","images":{"small":"https://loja.example/a.png"}})"}) {
        INFO(branding);
        CHECK_FALSE(branding_fault(branding));
    }
    for (const auto& [branding, member] :
         std::initializer_list<std::pair<const char*, const char*>>{
             {R"({"logo":"http://loja.example/logo.svg"})", "/logo"},
             {R"({"logo":"logo.svg"})", "/logo"},
             {R"({"logo":""})", "/logo"},
             {R"({"siteUrl":"loja.example"})", "/siteUrl"},
             {R"({"header":{"banner_image":"ftp://loja.example"}})", "/header/banner_image"},
             {R"({"logo":["https://loja.example/a","javascript:alert`1`"]})", "/logo/1"},
             {R"({"anything":"javascript:alert`1`"})", "/anything"},
             {R"({"anything":"//loja.example/x"})", "/anything"},
             {R"({"anything":"data:text/html,x"})", "/anything"},
         }) {
        INFO(branding);
        const auto fault = branding_fault(branding);
        REQUIRE(fault);
        CHECK_THAT(*fault, Catch::Contains(std::string(member) + " is no https URL"));
    }
    CHECK(branding_fault("[]"));
    CHECK(branding_fault("nonsense"));
}
