#include "commands/offers/offer.hpp"

#include <algorithm>

#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

using Outcome = spec::Outcome<OfferDecision>;

spec::Given<OfferState> given(const OfferEvents& history) {
    return spec::given<OfferState>(history);
}

const OfferId id("0190b4e0-0000-7000-8000-000000000001");
const ProductId coffee("0190b4e0-0000-7000-8000-0000000000aa");
const ClubifyId coffee_there("65f0c0ffee0000000000aa01");
const ClubifyId foreign("65f0c0ffee0000000000aa02");
const ProductId dear("0190b4e0-0000-7000-8000-0000000000ac");
const ClubifyId dear_there("65f0c0ffee0000000000aa03");
const KnownProducts known{
    {coffee, coffee_there, "Coffee", "BRL", 1000}, {dear, dear_there, "Dear", "USD", 1000}
};

events::OfferProduct line(const ClubifyId& product, std::int64_t position = 0) {
    events::OfferProduct result;
    result.clubify_product_id = product;
    result.position = position;
    return result;
}

events::OfferProduct coffee_line() {
    auto result = line(coffee_there);
    result.product_id = coffee;
    return result;
}

events::OfferCreated created(std::vector<events::OfferProduct> products = {}) {
    events::OfferCreated event;
    event.offer_id = id;
    event.clubify_offer_id = ClubifyId("65f0c0ffee0000000000bb01");
    event.name = "Café";
    event.slug = "cafe";
    event.type = "single";
    event.currency = "BRL";
    event.products = std::move(products);
    return event;
}

const events::OfferActivated activated{id, {}};
const events::OfferPaused paused{id, {}};
const events::OfferArchived archived{id, {}};

OfferProductInput input_of(const ClubifyId& product) {
    OfferProductInput input;
    input.clubify_product_id = product;
    return input;
}

OfferProductInput input_of(const ProductId& product) {
    OfferProductInput input;
    input.product_id = product;
    return input;
}

CreateOffer create() {
    CreateOffer command;
    command.name = "Café";
    return command;
}

Outcome creating(const CreateOffer& command) {
    return Outcome(decide(command, id, "cafe", known));
}

OfferEvents history_of(const std::string& status) {
    OfferEvents history{created({coffee_line(), line(ClubifyId("65f0c0ffee0000000000aa09"))})};
    if (status == "draft") return history;
    if (status == "archived") return {history.front(), archived};
    history.emplace_back(activated);
    if (status == "paused") history.emplace_back(paused);
    return history;
}

}  // namespace

TEST_CASE("an offer is created as a draft", "[offer]") {
    auto expected = created();
    expected.clubify_offer_id = {};
    creating(create()).then({expected});
    CHECK(spec::folded<OfferState>(OfferEvents{created()}).status == OfferStatus::draft);
}

TEST_CASE("an offer is activated with its creation when asked for", "[offer]") {
    auto command = create();
    command.activate = true;
    command.products = {input_of(coffee)};
    auto expected = created({coffee_line()});
    expected.clubify_offer_id = {};
    creating(command).then({expected, activated});
}

TEST_CASE("an offer cannot be activated without a product", "[offer]") {
    auto command = create();
    command.activate = true;
    creating(command).then_fault("/products", "no_products");
    given({created()}).when(ActivateOffer{}).then_fault("/products", "no_products");
}

TEST_CASE("the types of older clients are taken for what they mean", "[offer]") {
    const auto [given_type, meant] = GENERATE(table<std::string, std::string>(
        {{"single_product", "single"}, {"complex_funnel", "funnel"}, {"combo", "combo"}}
    ));
    auto command = create();
    command.type = given_type;
    const auto decision = decide(command, id, "cafe", known);
    REQUIRE(decision);
    CHECK(std::get<events::OfferCreated>(decision->front()).type == meant);
}

TEST_CASE("every fault of the products is told at once", "[offer]") {
    auto command = create();
    auto both_wrong = input_of(ProductId("unknown"));
    both_wrong.discount = events::Discount{"percentage", JsonText("101")};
    auto fixed = input_of(foreign);
    fixed.discount = events::Discount{"fixed", JsonText("10.5")};
    command.products = {
        input_of(coffee), both_wrong, OfferProductInput{}, input_of(coffee_there), fixed
    };
    const auto outcome = creating(command);
    outcome.then_fault("/products/1/product_id", "unknown_product");
    outcome.then_fault("/products/1/discount/value", "maximum");
    outcome.then_fault("/products/2/product_id", "required");
    outcome.then_fault("/products/3/clubify_product_id", "duplicate");
    outcome.then_fault("/products/4/discount/value", "type");
}

TEST_CASE("a product that stands twice is told also when its first line has faults", "[offer]") {
    auto command = create();
    auto wrong = input_of(coffee);
    wrong.discount = events::Discount{"percentage", JsonText("101")};
    command.products = {wrong, input_of(coffee)};
    const auto outcome = creating(command);
    outcome.then_fault("/products/0/discount/value", "maximum");
    outcome.then_fault("/products/1/product_id", "duplicate");
}

TEST_CASE("products stand one after the other unless a position is given", "[offer]") {
    auto command = create();
    command.products = {input_of(coffee), input_of(foreign)};
    command.products.front().position = 5;
    const auto decision = decide(command, id, "cafe", known);
    REQUIRE(decision);
    const auto& products = std::get<events::OfferCreated>(decision->front()).products;
    CHECK(products[0].position == 5);
    CHECK(products[1].position == 6);
}

TEST_CASE("the states of an offer allow what the table says", "[offer]") {
    struct Row {
        std::string status;
        bool edit, activate, pause, archive;
    };
    const auto row = GENERATE(
        Row{"draft", true, true, false, true},
        Row{"active", true, false, true, true},
        Row{"paused", true, true, false, true},
        Row{"archived", false, false, false, false}
    );
    INFO(row.status);
    const auto from = given(history_of(row.status));
    const auto check = [](const Outcome& outcome, bool allowed, const OfferEvents& expected) {
        if (allowed) {
            outcome.then(expected);
        } else {
            outcome.then_rejected("illegal-transition");
        }
    };
    EditOffer edit;
    edit.name = "Other";
    check(from.when(edit), row.edit, {events::OfferEdited{id, "Other", {}, {}, {}}});
    check(from.when(ActivateOffer{}), row.activate, {activated});
    check(from.when(PauseOffer{}), row.pause, {paused});
    check(from.when(ArchiveOffer{}), row.archive, {archived});
    check(
        from.when(AddProductToOffer{input_of(foreign)}, known),
        row.edit,
        {events::ProductAddedToOffer{id, line(foreign, 1)}}
    );
    check(
        from.when(RemoveProductFromOffer{coffee.str()}, known),
        row.edit,
        {events::ProductRemovedFromOffer{id, coffee, coffee_there}}
    );
}

TEST_CASE("what does not exist cannot be changed", "[offer]") {
    given({}).when(EditOffer{}).then_rejected("not-found");
    given({}).when(ActivateOffer{}).then_rejected("not-found");
    given({}).when(RemoveProductFromOffer{"x"}, known).then_rejected("not-found");
    given({created()}).when(RemoveProductFromOffer{"x"}, known).then_rejected("not-found");
    given({created()}).when(ChangeProductInOffer{"x", {}}, known).then_rejected("not-found");
}

TEST_CASE("an edit notes only what it changes, and nothing when all is so already", "[offer]") {
    auto before = created();
    before.configuration.theme = JsonText(R"({"name":"dark"})");
    before.configuration.seo = JsonText(R"({"title":"a"})");
    EditOffer command;
    command.name = "Café";
    command.configuration.theme = JsonText(R"({"name":"dark"})");
    given({before}).when(command).then_nothing();
    command.configuration.seo = JsonText(R"({"title":"b"})");
    events::OfferEdited expected{id, {}, {}, {}, {}};
    expected.configuration.seo = command.configuration.seo;
    given({before}).when(command).then({expected});
    given({before, expected}).when(command).then_nothing();
}

TEST_CASE("a product is at most once in an offer, by whichever id", "[offer]") {
    const auto offer = given({created({coffee_line()})});
    offer.when(AddProductToOffer{input_of(coffee)}, known)
        .then_rejected("product-already-in-offer");
    offer.when(AddProductToOffer{input_of(coffee_there)}, known)
        .then_rejected("product-already-in-offer");
}

TEST_CASE("a change of a product keeps what it does not name and clears what is null", "[offer]") {
    auto before = coffee_line();
    before.quantity = 2;
    before.price_cents = 100;
    before.rules = JsonText(R"({"a":1})");
    OfferProductInput change;
    change.quantity = 3;
    change.clear_price = true;
    auto after = before;
    after.quantity = 3;
    after.price_cents.reset();
    const OfferEvents history{created({before})};
    given(history)
        .when(ChangeProductInOffer{coffee.str(), change}, known)
        .then({events::ProductInOfferChanged{id, after}});
    given({created({after})})
        .when(ChangeProductInOffer{coffee_there.str(), change}, known)
        .then_nothing();
}

TEST_CASE("a removed product can be added again", "[offer]") {
    const OfferEvents history{
        created({coffee_line()}), events::ProductRemovedFromOffer{id, coffee, coffee_there}
    };
    given(history)
        .when(AddProductToOffer{input_of(coffee)}, known)
        .then({events::ProductAddedToOffer{id, coffee_line()}});
}

TEST_CASE("an offer has products of its own currency only", "[offer][money]") {
    auto command = create();
    command.products = {input_of(dear), input_of(foreign)};
    creating(command).then_fault("/products/0/product_id", "currency");
    command.currency = "USD";
    REQUIRE(decide(command, id, "cafe", known));
    const auto offer = given({created({coffee_line()})});
    offer.when(AddProductToOffer{input_of(dear)}, known).then_fault("/product_id", "currency");
    offer.when(AddProductToOffer{input_of(dear_there)}, known)
        .then_fault("/clubify_product_id", "currency");
}

TEST_CASE(
    "a product that is known here keeps its id when it is named by the platform's", "[offer]"
) {
    auto command = create();
    command.products = {input_of(coffee_there)};
    auto expected = created({coffee_line()});
    expected.clubify_offer_id = {};
    creating(command).then({expected});
}

TEST_CASE("no discount is above the price", "[offer][money]") {
    const events::Discount thousand{"fixed", JsonText("1000")};
    const events::Discount more{"fixed", JsonText("1001")};
    auto command = create();
    command.products = {input_of(coffee)};
    command.products[0].discount = thousand;
    REQUIRE(decide(command, id, "cafe", known));
    command.products[0].discount = more;
    creating(command).then_fault("/products/0/discount/value", "above_price");
    command.products[0].price_cents = 2000;
    REQUIRE(decide(command, id, "cafe", known));
    command.products[0].price_cents = 500;
    creating(command).then_fault("/products/0/discount/value", "above_price");

    auto line = coffee_line();
    line.price_cents = 2000;
    line.discount = events::Discount{"fixed", JsonText("1500")};
    const auto offer = given({created({line})});
    OfferProductInput change;
    change.price_cents = 1499;
    offer.when(ChangeProductInOffer{coffee.str(), change}, known)
        .then_fault("/price_cents", "above_price");
    change.price_cents.reset();
    change.clear_price = true;  // its own price is 1000
    offer.when(ChangeProductInOffer{coffee.str(), change}, known)
        .then_fault("/price_cents", "above_price");
    change.clear_discount = true;
    auto cleared = coffee_line();
    offer.when(ChangeProductInOffer{coffee.str(), change}, known)
        .then({events::ProductInOfferChanged{id, cleared}});
}

TEST_CASE("no line comes to more than amounts can hold", "[offer][money]") {
    auto command = create();
    command.products = {input_of(coffee)};
    command.products[0].price_cents = 1'000'000'000'000;
    command.products[0].quantity = 11;
    creating(command).then_fault("/products/0/quantity", "too_much");
    command.products[0].quantity = 10;
    REQUIRE(decide(command, id, "cafe", known));
}

TEST_CASE("what was wrong before is not the fault of another change", "[offer][money]") {
    auto line = coffee_line();
    line.discount = events::Discount{"fixed", JsonText("1500")};
    OfferProductInput change;
    change.position = 3;
    auto after = line;
    after.position = 3;
    given({created({line})})
        .when(ChangeProductInOffer{coffee.str(), change}, known)
        .then({events::ProductInOfferChanged{id, after}});
}

TEST_CASE("an active offer keeps a product", "[offer]") {
    const auto other = line(foreign, 1);
    const RemoveProductFromOffer remove{coffee.str()};
    const events::ProductRemovedFromOffer removed{id, coffee, coffee_there};
    given({created({coffee_line()}), activated})
        .when(remove, known)
        .then_rejected("illegal-transition");
    given({created({coffee_line(), other}), activated}).when(remove, known).then({removed});
    given({created({coffee_line()}), activated, paused}).when(remove, known).then({removed});
}

TEST_CASE("an archived product is neither put into an offer nor activated with it", "[offer]") {
    auto archived_products = known;
    archived_products[0].archived = true;
    given({created({coffee_line()})})
        .when(ActivateOffer{}, archived_products)
        .then_fault("/products/0", "archived_product");
    given({created()})
        .when(AddProductToOffer{input_of(coffee)}, archived_products)
        .then_fault("/product_id", "archived_product");
}

TEST_CASE("a line of an archived product changes only while the offer is not sold", "[offer]") {
    auto without = known;
    without[0].archived = true;
    OfferProductInput change;
    change.quantity = 2;
    const ChangeProductInOffer command{coffee.str(), change};
    auto after = coffee_line();
    after.quantity = 2;
    const events::ProductInOfferChanged changed{id, after};
    given({created({coffee_line()})}).when(command, without).then({changed});
    given({created({coffee_line()}), activated, paused}).when(command, without).then({changed});
    given({created({coffee_line()}), activated})
        .when(command, without)
        .then_rejected("illegal-transition");
    const auto other = line(foreign, 1);
    given({created({coffee_line(), other}), activated})
        .when(RemoveProductFromOffer{coffee.str()}, without)
        .then({events::ProductRemovedFromOffer{id, coffee, coffee_there}});
}

TEST_CASE("an offer of optional products alone is activated: it needs a product", "[offer]") {
    auto optional = coffee_line();
    optional.required = false;
    given({created({optional})}).when(ActivateOffer{}, known).then({activated});
}

TEST_CASE(
    "what was adopted since a line was made is checked when the offer is activated", "[offer]"
) {
    // Its lines were of products that only the platform knew.
    const auto added = [](const ClubifyId& product) {
        auto one = line(product, 0);
        one.discount = events::Discount{"fixed", JsonText("1001")};
        return one;
    };
    given({created({added(dear_there)})})
        .when(ActivateOffer{}, known)
        .then_fault("/products/0", "currency");
    given({created({added(coffee_there)})})
        .when(ActivateOffer{}, known)
        .then_fault("/products/0/discount/value", "above_price");
    auto without_price = known;
    for (auto& product : without_price) product.price_cents.reset();
    given({created({added(coffee_there)})}).when(ActivateOffer{}, without_price).then({activated});
    given({created({added(coffee_there)})})
        .when(ActivateOffer{}, KnownProducts{})
        .then({activated});
}

TEST_CASE("null takes away what an edit may take away", "[offer]") {
    auto before = created();
    before.description = "Fresco";
    before.metadata = JsonText(R"({"a":1})");
    before.configuration.theme = JsonText(R"({"name":"dark"})");
    EditOffer command;
    command.description = Edited<std::string>::cleared();
    command.metadata = JsonText("null");
    command.configuration.theme = JsonText("null");
    command.configuration.seo = JsonText("null");
    events::OfferEdited expected{id, {}, {}, {}, {}};
    expected.description = Edited<std::string>::cleared();
    expected.metadata = JsonText("null");
    expected.configuration.theme = JsonText("null");
    given({before}).when(command).then({expected});
    given({before, expected}).when(command).then_nothing();
    const auto state = spec::folded<OfferState>(OfferEvents{before, expected});
    CHECK_FALSE(state.description);
    CHECK(state.metadata.empty());
    CHECK(state.configuration == events::Configuration{});
}
