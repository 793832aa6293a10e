#include "core/card_number.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("the number of a card is found however it is written", "[card]") {
    const auto* const text = GENERATE(
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "card: 5555555555554444, 12/30",
        "378282246310005",
        "6011 1111 1111 1117"
    );
    CHECK(has_card_number(text));
}

TEST_CASE("what is not the number of a card is let through", "[card]") {
    const auto* const text = GENERATE(
        "",
        "4111111111111112",  // the check digit does not fit
        "411111111111",      // too short
        "tok_approved_0001",
        "+5511987654321",
        "41111111111111111111111",
        // Groups of an id that would be a number by themselves.
        "41111111-1111-1111-a111-111111111111",
        "41111111-1111-1111-a111-111111111111@example.com"
    );
    CHECK_FALSE(has_card_number(text));
}

TEST_CASE("an id beside it hides no number", "[card]") {
    CHECK(has_card_number("01a22b90-70ab-7b70-ad76-8b257179eb27 4111111111111111"));
}
