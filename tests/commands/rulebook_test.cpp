// What is drafted and published of an offer's order bumps.
#include "commands/rulebooks/rulebook.hpp"

#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

const auto now = *parse_time("2026-12-01T12:00:00Z");
const OfferId offer("0190b4e0-0000-7000-8000-000000000001");
const ProductId phone("0190b4e0-0000-7000-8000-0000000000aa");
const ProductId sleeve("0190b4e0-0000-7000-8000-0000000000bb");

events::Bump bump(const std::string& name = "capa") {
    events::Bump made;
    made.bump = name;
    made.product_id = sleeve;
    made.display_rules.match = "all";
    made.design = {"default", "after_products", "fade_in"};
    made.pricing = {"percentage", JsonText("20"), false, std::nullopt};
    made.when_unqualified = "keep";
    return made;
}

RulebookFacts facts() {
    RulebookFacts known;
    known.offer.version = 1;
    known.offer.status = OfferStatus::active;
    known.offer.currency = "BRL";
    known.offer.products.emplace_back();
    known.products = {
        {phone, ClubifyId("c1"), "Celular", "BRL", 100'000, false},
        {sleeve, ClubifyId("c2"), "Capa", "BRL", 4'990, false}
    };
    known.now = now;
    return known;
}

events::BumpDrafted drafted(const events::Bump& what = bump()) {
    return {offer, what};
}

events::RevisionPublished published(std::int64_t revision, std::vector<events::Bump> bumps) {
    return {offer, revision, now, "keep", 5, std::move(bumps)};
}

spec::Given<RulebookState> given(const RulebookEvents& history) {
    auto state = spec::folded<RulebookState>(history);
    state.offer_id = offer;
    return spec::Given<RulebookState>(state);
}

}  // namespace

TEST_CASE("a bump is drafted whole, and what is so already is nothing", "[rulebook]") {
    given({}).when(SetBump{bump()}, facts()).then({drafted()});
    given({drafted()}).when(SetBump{bump()}, facts()).then_nothing();
    auto other = bump();
    other.priority = 7;
    given({drafted()}).when(SetBump{other}, facts()).then({drafted(other)});
}

TEST_CASE("a bump is of an offer and of products that are there", "[rulebook]") {
    auto elsewhere = facts();
    elsewhere.offer.version = 0;
    given({}).when(SetBump{bump()}, elsewhere).then_rejected("not-found");
    auto archived = facts();
    archived.offer.status = OfferStatus::archived;
    given({}).when(SetBump{bump()}, archived).then_rejected("illegal-transition");
    auto wrong = bump("-capa");
    wrong.product_id = ProductId("none");
    wrong.display_rules.required_products = {phone, ProductId("none")};
    const auto outcome = given({}).when(SetBump{wrong}, facts());
    outcome.then_fault("", "bump_name");
    outcome.then_fault("/product_id", "unknown_product");
    outcome.then_fault("/display_rules/required_products/1", "unknown_product");
}

TEST_CASE("an offer has fifty bumps at most", "[rulebook]") {
    RulebookEvents history;
    for (std::size_t i = 0; i < most_bumps; ++i)
        history.emplace_back(drafted(bump("b" + std::to_string(i))));
    given(history).when(SetBump{bump()}, facts()).then_fault("", "too_many_bumps");
    auto known = bump("b1");
    known.priority = 1;
    given(history).when(SetBump{known}, facts()).then({drafted(known)});
}

TEST_CASE("a bump is withdrawn once", "[rulebook]") {
    const events::BumpWithdrawn withdrawn{offer, "capa", "Fim"};
    given({drafted()}).when(DeleteBump{"capa", "Fim"}).then({withdrawn});
    given({drafted(), withdrawn}).when(DeleteBump{"capa", {}}).then_rejected("not-found");
}

TEST_CASE("what is drafted is published as the next revision, once", "[rulebook]") {
    const PublishRevision publish;
    given({drafted()}).when(publish, facts()).then({published(1, {bump()})});
    given({drafted(), published(1, {bump()})}).when(publish, facts()).then_nothing();
    const events::BumpWithdrawn withdrawn{offer, "capa", {}};
    given({drafted(), published(1, {bump()}), withdrawn})
        .when(publish, facts())
        .then({published(2, {})});
    PublishRevision later;
    later.effective_at = "2026-12-02T00:00:00-03:00";
    later.grandfathering = "move";
    later.max_bumps = 3;
    given({drafted(), published(1, {bump()})})
        .when(later, facts())
        .then({events::RevisionPublished{
            offer, 2, *parse_time("2026-12-02T03:00:00Z"), "move", 3, {bump()}
        }});
}

TEST_CASE("nothing by which nobody could be decided is published", "[rulebook]") {
    auto wrong = bump("a");
    wrong.display_rules.cart_value_min = 2;
    wrong.display_rules.cart_value_max = 1;
    auto sold_out = facts();
    sold_out.products[1].archived = true;
    sold_out.products[1].currency = "EUR";
    sold_out.offer.products.clear();
    PublishRevision past;
    past.effective_at = "2026-12-01T11:59:59Z";
    const auto outcome = given({drafted(wrong), drafted()}).when(past, sold_out);
    outcome.then_fault("/effective_at", "past");
    outcome.then_fault("", "no_products");
    outcome.then_fault("/bumps/a/display_rules/cart_value_max", "below_min");
    outcome.then_fault("/bumps/capa/product_id", "archived");
    outcome.then_fault("/bumps/capa/product_id", "other_currency");
}
