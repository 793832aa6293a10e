#include "core/text.hpp"

#include <rapidcheck.h>

#include <string>

#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("folded text has no case and no accents", "[text]") {
    CHECK(fold("Café Açaí") == "cafe acai");
    CHECK(fold("ABC 123 _-!") == "abc 123 _-!");
    CHECK(fold("Straße") == "strasse");
    CHECK(fold("Łódź") == "lodz");
    CHECK(fold("Москва") == "moskva");
    CHECK(fold("").empty());
}

TEST_CASE("a slug is made of any name", "[text]") {
    CHECK(slugify("Café Açaí!") == "cafe-acai");
    CHECK(slugify("  --A  B--  ") == "a-b");
    CHECK(slugify("Valentine's Day") == "valentines-day");
    CHECK(slugify("50% off") == "50-off");
    CHECK(slugify("") == "offer");
    CHECK(slugify("!!!") == "offer");
    CHECK(slugify("x") == "offer-x");
    CHECK(slugify(std::string(300, 'a')) == std::string(100, 'a'));
    CHECK(slugify(std::string(99, 'a') + " b") == std::string(99, 'a'));
}

TEST_CASE("whatever the name, its slug is one", "[text][property]") {
    CHECK(rc::check([] {
        const auto name = *rc::gen::string<std::string>();
        RC_ASSERT(is_slug(slugify(name)));
    }));
}

TEST_CASE("a slug has 2 to 100 of a-z, 0-9 and -, and no - at its ends", "[text]") {
    for (const auto& slug :
         {std::string("ab"),
          std::string("a-b"),
          std::string("a--b"),
          std::string("2x"),
          std::string(100, 'a')}) {
        INFO(slug);
        CHECK(is_slug(slug));
    }
    for (const auto& text :
         {std::string(),
          std::string("a"),
          std::string("-a"),
          std::string("a-"),
          std::string("A-b"),
          std::string("a b"),
          std::string("á-b"),
          std::string("a_b"),
          std::string(101, 'a')}) {
        INFO(text);
        CHECK_FALSE(is_slug(text));
    }
}

TEST_CASE("UTF-8 is told from what only looks like it", "[text]") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("abc"));
    CHECK(is_utf8("Açaí ☕ 𝄞"));
    CHECK(is_utf8("\xf4\x8f\xbf\xbf"));  // the last code point
    for (const auto* text : {
             "\x80",
             "a\xff",
             "\xc3",      // cut off
             "\xc0\xaf",  // an overlong slash
             "\xe0\x80\xaf",
             "\xed\xa0\x80",      // half of a surrogate pair
             "\xf4\x90\x80\x80",  // beyond the last code point
         }) {
        INFO(to_hex(text));
        CHECK_FALSE(is_utf8(text));
    }
}

TEST_CASE("bytes are written as lower-case hexadecimal", "[text]") {
    CHECK(to_hex("").empty());
    CHECK(to_hex(std::string("\0\x0f\xff", 3)) == "000fff");
}
