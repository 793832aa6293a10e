#include "events/catalogue.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("the catalogue lists each type once", "[events]") {
    std::set<std::string_view> names;
    for (const auto& type : events::catalogue()) CHECK(names.insert(type.name).second);
    CHECK(names.size() == events::catalogue().size());
}

TEST_CASE("a category is one word, at whose end a stream's name is cut", "[events]") {
    for (const auto& type : events::catalogue()) {
        CAPTURE(type.name);
        CHECK_FALSE(type.category.empty());
        CHECK(type.category.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == type.category.npos);
    }
}

TEST_CASE("upcasters lead an old payload step by step to the present schema", "[events]") {
    const events::EventType type{
        "Priced",
        "offer",
        {
            [](std::string data) { return data + "+currency"; },
            [](std::string data) { return data + "+cents"; },
        }
    };
    CHECK(type.schema() == 3);
    CHECK(events::upcast(type, 1, "v1") == "v1+currency+cents");
    CHECK(events::upcast(type, 2, "v2") == "v2+cents");
    CHECK(events::upcast(type, 3, "v3") == "v3");
    CHECK_THROWS(events::upcast(type, 4, "v4"));
    CHECK_THROWS(events::upcast(type, 0, "v0"));
}
