#include "commands/products/product.hpp"

#include "events/codec.hpp"
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
    const auto decision = decide(EditProduct{"Chá", {}, 200, {}, {}}, existing(), {});
    REQUIRE(decision);
    CHECK(
        (*decision ==
         ProductEvents{
             events::ProductEdited{id, "Chá", {}, {}, {}},
             events::ProductPriceChanged{id, 200, "EUR"}
         })
    );
}

TEST_CASE("an edit to what is so already is no fact", "[product]") {
    const auto decision = decide(EditProduct{"Café", {}, 100, {}, {}}, existing(), {});
    REQUIRE(decision);
    CHECK(decision->empty());
}

TEST_CASE(
    "a product whose price the platform did not tell has none until it is given one", "[product]"
) {
    events::ProductAdopted adopted;
    adopted.product_id = id;
    adopted.currency = "BRL";
    const auto encoded = events::encode(events::ProductEvent(adopted));
    CHECK_FALSE(encoded.data.contains("price_cents"));
    const auto state = evolve({}, adopted);
    CHECK_FALSE(state.price_cents);
    const auto decision = decide(EditProduct{{}, {}, 0, {}, {}}, state, {});
    REQUIRE(decision);
    CHECK((*decision == ProductEvents{events::ProductPriceChanged{id, 0, "BRL"}}));
}

TEST_CASE("a product that is not there cannot be edited", "[product]") {
    const auto decision = decide(EditProduct{"Chá", {}, {}, {}, {}}, ProductState{}, {});
    REQUIRE_FALSE(decision);
    CHECK(decision.error().problem == "not-found");
}

TEST_CASE("an edit takes a SKU, and null takes away", "[product]") {
    auto state = existing();
    state.description = "Forte";
    state.sku = "A-1";
    state.metadata = JsonText(R"({"a":1})");
    EditProduct command;
    command.description = Edited<std::string>::cleared();
    command.sku = "A-2";
    command.metadata = JsonText("null");
    const auto decision = decide(command, state, {});
    REQUIRE(decision);
    events::ProductEdited expected;
    expected.product_id = id;
    expected.description = command.description;
    expected.sku = "A-2";
    expected.metadata = JsonText("null");
    CHECK((*decision == ProductEvents{expected}));
    const auto after = evolve(state, decision->front());
    CHECK_FALSE(after.description);
    CHECK(after.sku == "A-2");
    CHECK(after.metadata.empty());
    CHECK(decide(command, after, {})->empty());
}

TEST_CASE("an archived product stays as it is", "[product]") {
    const auto archived = evolve(existing(), events::ProductArchived{id, {}});
    CHECK(archived.archived);
    const auto kind_of = [](const ProductDecision& decision) { return decision.error().problem; };
    CHECK(
        kind_of(decide(EditProduct{"Chá", {}, {}, {}, {}}, archived, {})) == "illegal-transition"
    );
    CHECK(kind_of(decide(ArchiveProduct{}, archived, {})) == "illegal-transition");
    CHECK(kind_of(decide(ArchiveProduct{}, ProductState{}, {})) == "not-found");
}
