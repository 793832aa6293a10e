#include <rapidcheck.h>

#include <map>
#include <nlohmann/json.hpp>

#include "processes/checkout.hpp"
#include "processes/explore.hpp"
#include "processes/folded.hpp"
#include "projections/projector.hpp"
#include "tests/support/catch.hpp"

// The ledger of a checkout, as the read model folds it, beside what its saga knows: after each
// event of checkouts that run at once, with kills, faults, refunds, disputes and a person's
// decisions.

namespace vitrine::tests {
namespace {

using Json = nlohmann::json;
using commands::CheckoutState;

constexpr const char* places[] = {
    "fulfilled_cents", "held_cents", "refunding_cents", "refunded_cents", "blocked_cents"
};

std::int64_t cents(const Json& row, const char* name) {
    return row.at(name).get<std::int64_t>();
}

void require_identity(const Json& row) {
    std::int64_t sum = 0;
    for (const auto* place : places) {
        RC_ASSERT(cents(row, place) >= 0);
        sum += cents(row, place);
    }
    RC_ASSERT(cents(row, "captured_cents") == sum);
}

/// Each place has what the saga says is there.
void require_equal(const Json& row, const CheckoutState& state) {
    std::int64_t blocked = state.disputed_cents, refunds_blocked = 0, at_risk = 0;
    for (const auto& [step, what] : state.blocked) {
        const bool is_refund = step.starts_with("refund-");
        if (is_refund) refunds_blocked += what.amount_cents;
        if (is_refund || step == "complete") blocked += what.amount_cents;
        at_risk += what.amount_cents;
    }
    RC_ASSERT(cents(row, "captured_cents") == state.captured_cents);
    RC_ASSERT(cents(row, "refunded_cents") == state.refunded_cents);
    RC_ASSERT(cents(row, "refunding_cents") == state.refunding_cents() - refunds_blocked);
    RC_ASSERT(cents(row, "blocked_cents") == blocked);
    RC_ASSERT(cents(row, "at_risk_cents") == at_risk);
}

/// What came after the end is held, until that is over too.
void require_held_or_not(const Json& row, const CheckoutState& state, std::string_view event) {
    const bool is_over = state.end != CheckoutState::End::none && event != "ChargeCaptured";
    RC_ASSERT(cents(row, is_over ? "held_cents" : "fulfilled_cents") == 0);
}

/// Whoever looks for what waits for a person finds each step, why it waits, and of what amount.
void require_named(const Json& row, const CheckoutState& state) {
    RC_ASSERT(row.at("blocked").size() == state.blocked.size());
    for (const auto& each : row.at("blocked")) {
        const auto found = state.blocked.find(each.at("step").get<std::string>());
        RC_ASSERT(found != state.blocked.end());
        RC_ASSERT(each.at("problem") == found->second.problem);
        RC_ASSERT(each.at("amount_cents") == found->second.amount_cents);
    }
    const bool is_review = row.at("status") == "review";
    RC_ASSERT(is_review == (status_name(state) == "review"));
}

struct Stream {
    processes::Folded folded;
    std::vector<events::RecordedEvent> events;
};

}  // namespace

TEST_CASE("at each event each cent is in one place, and the saga knows of it", "[processes]") {
    const auto kind = processes::process_of<processes::Checkout>();
    const auto& ledger = projections::find_projection("checkouts")->stream_state;
    CHECK(rc::check("the ledger's identity", [&] {
        const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
        const auto told = processes::explore_interleaved(seed, 1);
        RC_LOG() << "vitrine saga explore --seed " << seed << " --only interleaved/1\n";
        RC_ASSERT(told.violations.empty());
        std::map<std::string, Stream> streams;
        for (const auto& event : told.log) {
            const auto [place, is_new] = streams.try_emplace(event.stream.str());
            auto& [folded, events] = place->second;
            if (is_new) folded = processes::nothing_of(kind);
            events.push_back(event);
            processes::apply(kind, folded, event);
            const auto& state = *static_cast<const processes::Checkout::State*>(folded.state.get());
            const auto row = Json::parse(ledger->fold(events));
            require_identity(row);
            require_equal(row, state);
            require_held_or_not(row, state, event.type);
            require_named(row, state);
        }
    }));
}

}  // namespace vitrine::tests
