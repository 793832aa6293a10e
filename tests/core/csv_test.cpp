#include "core/csv.hpp"

#include <rapidcheck.h>

#include "tests/support/catch.hpp"

using namespace vitrine;

namespace {

using Records = std::vector<std::vector<std::string>>;

Records read(std::string_view csv) {
    CsvReader reader(csv);
    Records all;
    std::vector<std::string_view> fields;
    while (true) {
        const auto more = reader.next(fields);
        REQUIRE(more);
        if (!*more) return all;
        all.emplace_back(fields.begin(), fields.end());
    }
}

void refused(std::string_view csv, std::size_t line, const std::string& told) {
    CsvReader reader(csv);
    std::vector<std::string_view> fields;
    while (true) {
        const auto more = reader.next(fields);
        if (more) {
            REQUIRE(*more);
            continue;
        }
        CHECK_THAT(more.error(), Catch::Contains(told));
        CHECK(reader.line_number() == line);
        return;
    }
}

}  // namespace

TEST_CASE(
    "records are read with quotes, line ends in quotes, CRLF and a byte order mark", "[csv]"
) {
    CHECK(read("").empty());
    CHECK(read("a,b\nc,d") == Records{{"a", "b"}, {"c", "d"}});
    CHECK(
        read("\xEF\xBB\xBF"
             "a,\r\n\r\n,b\r\n") == Records{{"a", ""}, {"", "b"}}
    );
    CHECK(read("\"a,\"\"b\"\"\nc\",d\n") == Records{{"a,\"b\"\nc", "d"}});
    CHECK(read("a\r") == Records{{"a"}});
    CHECK(read("\"\"") == Records{{""}});
}

TEST_CASE("what RFC 4180 does not allow is refused with its line", "[csv]") {
    refused("a\nb\"c\n", 2, "quote within a field");
    refused("a\n\n\"b\"c\n", 3, "text after a closing quote");
    refused("\"a\nb\nc\n", 1, "open quote");
    refused("a\rb\n", 1, "carriage return");
}

TEST_CASE("lines within quotes count", "[csv]") {
    CsvReader reader("\"a\nb\"\nc\n");
    std::vector<std::string_view> fields;
    REQUIRE(reader.next(fields));
    CHECK(reader.line_number() == 1);
    REQUIRE(reader.next(fields));
    CHECK(reader.line_number() == 3);
}

TEST_CASE("a field that is written comes back", "[csv]") {
    CHECK(csv_field("plain") == "plain");
    CHECK(csv_field("a\"b,") == "\"a\"\"b,\"");
    rc::check([](const std::string& value) {
        RC_PRE(!value.empty());
        RC_PRE(!value.starts_with("\xEF"));
        const auto csv = csv_field(value) + "\n";
        RC_ASSERT(read(csv) == Records{{value}});
    });
}
