#include "commands/pricing/pricing.hpp"

#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

const ProductId product("0190b4e0-0000-7000-8000-0000000000aa");

SetPriceList wholesale() {
    SetPriceList command;
    command.currency = "BRL";
    command.priority = 10;
    command.segment = "revenda";
    command.entries = {{product, 1, 1790}, {product, 10, 1490}};
    return command;
}

events::PriceListSet set() {
    return {"atacado", "BRL", 10, {}, {}, "revenda", {{product, 1, 1790}, {product, 10, 1490}}};
}

spec::Given<PriceListState> given_nothing() {
    PriceListState state;
    state.name = "atacado";
    return spec::Given<PriceListState>(state);
}

spec::Given<PriceListState> given(const PriceListEvents& history) {
    return spec::given<PriceListState>(history);
}

}  // namespace

TEST_CASE("a price list is set whole, and what is so already is nothing", "[pricing]") {
    given_nothing().when(wholesale(), UnknownProducts()).then({set()});
    given({set()}).when(wholesale(), UnknownProducts()).then_nothing();
    auto other = wholesale();
    other.segment.reset();
    auto expected = set();
    expected.segment.reset();
    given({set()}).when(other, UnknownProducts()).then({expected});
}

TEST_CASE("a price list is deleted, and set again", "[pricing]") {
    const events::PriceListDeleted deleted{"atacado", "Fim"};
    given({set()}).when(DeletePriceList{"Fim"}).then({deleted});
    given({set(), deleted}).when(DeletePriceList{}).then_rejected("not-found");
    given({set(), deleted}).when(wholesale(), UnknownProducts()).then({set()});
}

TEST_CASE("a price list is of what is there, each product and quantity once", "[pricing]") {
    auto command = wholesale();
    command.entries.push_back({product, 10, 1});
    command.entries.push_back({ProductId("none"), 1, 1});
    command.valid_from = "2026-12-02";
    command.valid_to = "2026-12-01T00:00:00Z";
    const auto outcome = given_nothing().when(command, UnknownProducts{ProductId("none")});
    outcome.then_fault("/entries/2", "duplicate");
    outcome.then_fault("/entries/3/product_id", "unknown_product");
    outcome.then_fault("/valid_from", "no_time");
    command = wholesale();
    command.valid_from = command.valid_to = "2026-12-01T00:00:00Z";
    given_nothing().when(command, UnknownProducts()).then_fault("/valid_to", "not_after");
}

TEST_CASE("instalments and rounding are said once, and changed", "[pricing]") {
    const events::InstallmentsSet twelve{12, 3, 29900, 500};
    const events::RoundingSet even{"half_even"};
    const auto given_settings = [](const PricingEvents& history) {
        return spec::given<PricingState>(history);
    };
    given_settings({}).when(twelve).then({twelve});
    given_settings({twelve}).when(twelve).then_nothing();
    given_settings({twelve})
        .when(events::InstallmentsSet{6, 6, 0, 0})
        .then({events::InstallmentsSet{6, 6, 0, 0}});
    given_settings({})
        .when(events::InstallmentsSet{6, 7, 0, 0})
        .then_fault("/interest_free", "above_max");
    given_settings({}).when(even).then({even});
    given_settings({even}).when(even).then_nothing();
}
