#include "analytics/table.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine::analytics;

namespace {

void refused(std::string_view csv, const std::string& told) {
    const auto table = read_table(csv);
    REQUIRE_FALSE(table);
    CHECK_THAT(table.error(), Catch::Contains(told));
}

}  // namespace

TEST_CASE("a table has named columns and rows with their lines", "[table]") {
    const auto table = read_table("id,p\n\na,1\n\"b\nc\",2\nd,3\n");
    REQUIRE(table);
    CHECK(table->names == std::vector<std::string>{"id", "p"});
    CHECK(table->lines == std::vector<std::size_t>{3, 4, 6});
    CHECK(table->rows[1] == std::vector<std::string>{"b\nc", "2"});
    CHECK(write_table(*table) == "id,p\na,1\n\"b\nc\",2\nd,3\n");
}

TEST_CASE("a table that is none is refused with its line", "[table]") {
    refused("", "empty");
    refused("a,b\n1,2\n1\n", "line 3: has 1 fields under a header of 2");
    refused("a,\n", "line 1: the header has a column without a name");
    refused("a,a\n", "line 1: the header has two columns named a");
    refused("a\nb\n\xFF\n", "line 3: is not text in UTF-8");
    refused(std::string_view("a\nb\0\n", 5), "line 2: is not text in UTF-8");
    refused("a\n\"", "line 2: has an open quote");
}

TEST_CASE("a column that is missing is told with the nearest", "[table]") {
    const auto table = read_table("series,values\n");
    REQUIRE(table);
    CHECK(table->column("values") == 1);
    const auto missing = table->column("value");
    REQUIRE_FALSE(missing);
    CHECK_THAT(missing.error(), Catch::Contains("do you mean \"values\"?"));
}

TEST_CASE("a number is finite and stands alone", "[table]") {
    CHECK(parse_number("1.5e2") == 150);
    CHECK(parse_number("-0.5") == -0.5);
    CHECK(parse_number("+7") == 7);
    for (const auto* text :
         {"", " 1", "1 ", "1,5", "nan", "inf", "1e31", "1e999", "0x10", "+-1", "R$ 5"}) {
        INFO(text);
        CHECK_FALSE(parse_number(text));
    }
    CHECK(number_text(0.1) == "0.1");
    CHECK(number_text(1.0 / 3, 4) == "0.3333");
}
