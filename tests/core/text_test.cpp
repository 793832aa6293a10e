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

TEST_CASE("ends that nobody sees are taken off, what stands between stays") {
    CHECK(without_unseen_ends(" a b\t") == "a b");
    CHECK(without_unseen_ends("\u00a0\u200b17\u2003\U000E0061") == "17");
    CHECK(without_unseen_ends("\u00a0\u200b\ufeff\U0001D173\U000E0100").empty());
    CHECK(without_unseen_ends("\uFFFE").empty());
    CHECK(without_unseen_ends("").empty());
    CHECK(without_unseen_ends("\u00e9\u00a0x") == "\u00e9\u00a0x");
    CHECK(without_unseen_ends(" \xff ") == "\xff");
}

TEST_CASE("texts that look alike are the same as they are seen") {
    CHECK(as_seen("A-1") == "A-1");
    CHECK(as_seen("cafe\u0301") == "caf\u00e9");
    CHECK(as_seen("cafe\u034f\u0301") == "caf\u00e9");
    CHECK(as_seen("\u200dA\u00ad-\ufe0f1\U000E0061") == "A-1");
    CHECK(as_seen("a\u00a0b\u2003c\u2800d e") == "a b c d e");
    CHECK(as_seen("\u1112\u1161\u11ab") == "\ud55c");
    CHECK(as_seen("A") != as_seen("a"));
    CHECK(as_seen("A") != as_seen("\uff21"));  // of full width: it is seen to be another
}

TEST_CASE("a line is UTF-8 without control characters, and no longer than it may be") {
    CHECK(is_line("", 0));
    CHECK(is_line("Loja Açaí", 11));
    CHECK_FALSE(is_line("Loja Açaí", 10));
    for (const auto* text : {"a\nb", "\x1b[0m", "a\x7f", "\xff", "\t"}) {
        CHECK_FALSE(is_line(text, 99));
    }
    CHECK_FALSE(is_line(std::string_view("a\0b", 3), 99));
}
