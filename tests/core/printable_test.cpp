#include "core/printable.hpp"

#include "tests/support/catch.hpp"

using vitrine::columns_of;
using vitrine::printable;
using vitrine::printable_line;

TEST_CASE("what moves a cursor, turns text or hides is written as JSON writes it", "[printable]") {
    CHECK(printable("a\x1b[31mb") == "a\\u001b[31mb");
    CHECK(printable("\r\t\a\x7f") == "\\u000d\\u0009\\u0007\\u007f");
    CHECK(printable(std::string("a\0b", 3)) == "a\\u0000b");
    CHECK(printable("\u009b2J") == "\\u009b2J");
    CHECK(printable("\u202egpj.exe") == "\\u202egpj.exe");
    CHECK(printable("\u2066\u2069\u200e\u061c") == "\\u2066\\u2069\\u200e\\u061c");
    CHECK(printable("\u200b\u200d\u2060\ufeff\u00ad") == "\\u200b\\u200d\\u2060\\ufeff\\u00ad");
    CHECK(printable("\u2028\u2029\u3164") == "\\u2028\\u2029\\u3164");
    CHECK(printable("\U000E0041") == "\\udb40\\udc41");
}

TEST_CASE("what people write stays as it is", "[printable]") {
    for (const auto* text :
         {"", "Café da Manhã", "倉庫 שלום مرحبا", "❤️ 🎉 €", R"({"a":"\\u001b"})"})
        CHECK(printable_line(text) == text);
}

TEST_CASE("only a text of several lines keeps its line ends", "[printable]") {
    CHECK(printable("a\nb") == "a\nb");
    CHECK(printable_line("a\nb") == "a\\u000ab");
}

TEST_CASE("bytes that are no UTF-8 are shown as such", "[printable]") {
    CHECK(printable("a\x9b\xff\xe2\x80") == "a\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("columns are those of a terminal", "[printable]") {
    CHECK(columns_of("Café") == 4);
    CHECK(columns_of("倉庫") == 4);
    CHECK(columns_of("Cafe\u0301") == 4);
}
