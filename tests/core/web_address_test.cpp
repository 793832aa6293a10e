#include "core/web_address.hpp"

#include "core/locale_name.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("a host name is a name of the domain name system, in any script", "[web_address]") {
    for (const auto* name :
         {"loja.example",
          "Loja.Example",
          "a-b.c1.com.br",
          "açaí.com.br",
          "xn--aa-lka4o.com.br",
          "localhost",
          "例え.jp"}) {
        INFO(name);
        CHECK(is_host_name(name));
    }
    const auto label = std::string(63, 'a');
    CHECK(is_host_name(label + "." + label + "." + label + "." + std::string(61, 'a')));
    for (const auto& name :
         {std::string(""),
          std::string("loja example"),
          std::string("https://loja.example"),
          std::string("loja.example/"),
          std::string("loja.example:443"),
          std::string("maria@loja.example"),
          std::string("-loja.example"),
          std::string("loja-.example"),
          std::string("loja_1.example"),
          std::string("loja..example"),
          std::string(".loja.example"),
          std::string("loja.example."),
          std::string("192.0.2.1"),
          std::string("[2001:db8::1]"),
          std::string("loja.123"),
          std::string("loja\x1b.example"),
          std::string("lo\u202eja.example"),
          std::string("\xff.example"),
          std::string("lo\u200bja.example"),
          std::string("lo\u00adja.example"),
          std::string("\ufeffloja.example"),
          std::string("loja\u3002example"),
          std::string(64, 'a') + ".example",
          label + "." + label + "." + label + "." + label}) {
        INFO(name);
        CHECK_FALSE(is_host_name(name));
    }
}

TEST_CASE("an https URL has a host name and no user", "[web_address]") {
    for (const auto* url :
         {"https://loja.example",
          "https://loja.example/logo.svg?v=2#x",
          "https://açaí.com.br:8443/a",
          "https://cdn.example/%20.png"}) {
        INFO(url);
        CHECK(is_https_url(url));
    }
    for (const auto* url :
         {"",
          "http://loja.example",
          "HTTPS:loja.example",
          "https://",
          "https:///logo.svg",
          "https://loja.example:0/",
          "https://loja.example:99999/",
          "https://loja.example:/",
          "https://maria:x@loja.example/",
          "https://loja example/",
          "https://loja.example/a b",
          "https://loja.example/\"><script>",
          "https://loja.example/\u202e",
          "javascript:alert(1)",
          "//loja.example/logo.svg"}) {
        INFO(url);
        CHECK_FALSE(is_https_url(url));
    }
}

TEST_CASE("a locale is one that ICU has data for, and has one spelling", "[locale]") {
    for (const auto* name : {"pt_BR", "en_US", "pt", "zh_Hant_TW", "es_419"}) {
        INFO(name);
        CHECK(locale_name(name) == name);
    }
    CHECK(locale_name("pt-BR") == "pt_BR");
    CHECK(locale_name("zh-Hant_TW") == "zh_Hant_TW");
    for (const auto* name :
         {"", "x", "xx_YY", "pt_XX", "pt BR", "pt_BR.UTF-8", "pt_BR@euro", "PT_br", "root", "pt_BR;"
         }) {
        INFO(name);
        CHECK_FALSE(locale_name(name));
    }
}
