#include "commands/products/product.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

const ProductId id("0190b4e0-0000-7000-8000-0000000000aa");

ProductState existing() {
    events::ProductCreated created;
    created.product_id = id;
    created.clubify_product_id = ClubifyId("65f0");
    created.name = "Café";
    created.price_cents = 100;
    created.currency = "EUR";
    return evolve({}, created);
}

}  // namespace

TEST_CASE("an edit of name and price is two facts", "[product]") {
    const auto decision = decide(EditProduct{"Chá", {}, 200, {}}, existing());
    REQUIRE(decision);
    CHECK(
        (*decision ==
         ProductEvents{
             events::ProductEdited{id, "Chá", {}, {}}, events::ProductPriceChanged{id, 200, "EUR"}
         })
    );
}

TEST_CASE("an edit to what is so already is no fact", "[product]") {
    const auto decision = decide(EditProduct{"Café", {}, 100, {}}, existing());
    REQUIRE(decision);
    CHECK(decision->empty());
}

TEST_CASE("a product that is not there cannot be edited", "[product]") {
    const auto decision = decide(EditProduct{"Chá", {}, {}, {}}, ProductState{});
    REQUIRE_FALSE(decision);
    CHECK(decision.error().kind == Rejection::Kind::not_found);
}
