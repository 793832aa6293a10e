#include "core/nearest.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("edits are insertions, removals, changes and swaps of neighbours", "[nearest]") {
    CHECK(edits_between("", "") == 0);
    CHECK(edits_between("", "abc") == 3);
    CHECK(edits_between("abc", "") == 3);
    CHECK(edits_between("serve", "serve") == 0);
    CHECK(edits_between("serv", "serve") == 1);
    CHECK(edits_between("sserve", "serve") == 1);
    CHECK(edits_between("sirve", "serve") == 1);
    CHECK(edits_between("sreve", "serve") == 1);
    CHECK(edits_between("kitten", "sitting") == 3);
    CHECK(edits_between("ab", "ba") == 1);
}

TEST_CASE("the nearest word is the one with the fewest edits", "[nearest]") {
    const std::vector<std::string> known{"OfferCreated", "OfferEdited", "ProductCreated"};
    CHECK(nearest("OfferCreate", known) == "OfferCreated");
    CHECK(nearest("offeredited", known) == "OfferEdited");
    CHECK(nearest("ProductCraeted", known) == "ProductCreated");
    CHECK(nearest("anything", {}).empty());
}

TEST_CASE("what may have been meant is near: a third of the characters, or one", "[nearest]") {
    const std::vector<std::string> known{"name", "id", "description"};
    CHECK(meant("nmae", known) == "; do you mean \"name\"?");
    CHECK(meant("ip", known) == "; do you mean \"id\"?");
    CHECK(meant("Descripton", known) == "; do you mean \"description\"?");
    CHECK(meant("price", known).empty());
    CHECK(meant("x", {}).empty());
}
