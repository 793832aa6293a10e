// The payments of a checkout as the log has them, beside what a provider says.
#include "queries/checkouts/known_payments.hpp"

#include "events/checkouts.hpp"
#include "events/codec.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::queries;

namespace {

const events::CheckoutId id("sale-1");

template <class... Events>
std::vector<KnownPayment> known(const Events&... all) {
    std::vector<store::RecordedEvent> recorded;
    const auto add = [&](const events::CheckoutEvent& event) {
        std::visit(
            [&](const auto& e) {
                const auto encoded = events::encode(e);
                store::RecordedEvent& each = recorded.emplace_back();
                each.type = encoded.type;
                each.schema = encoded.schema;
                each.data = encoded.data;
            },
            event
        );
    };
    (add(all), ...);
    return payments_in(recorded);
}

events::PaymentAsked asked(int attempt, const std::string& provider, const std::string& method) {
    events::PaymentAsked event;
    event.checkout_id = id;
    event.attempt = attempt;
    event.charge_id = "sale-1-" + std::to_string(attempt);
    event.provider = provider;
    event.method = method;
    event.amount_cents = 2990;
    event.currency = "BRL";
    return event;
}

const events::ChargeCaptured captured{id, "sale-1-2", "ch_2", 2990, "BRL"};

std::vector<std::string> fields(const KnownPayment& ours, const std::string& told) {
    std::vector<std::string> names;
    for (const auto& each : differences(ours, JsonText(told)))
        names.push_back(each.field + ' ' + each.ours + ' ' + each.theirs);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("each attempt is a payment of its own, with what came and went", "[money]") {
    const auto all = known(
        asked(1, "clubify", "credit_card"),
        events::ChargeDeclined{id, "sale-1-1", "card_declined", true},
        asked(2, "pagarme", "pix"),
        events::ChargePending{id, "sale-1-2", "ch_2", {}, {}, {}},
        captured,
        events::RefundAsked{id, "r-1", 1000, "x", {}},
        events::RefundDone{id, "r-1", 1000, {}, {}},
        events::RefundAsked{id, "r-2", 500, "x", {}}
    );
    REQUIRE(all.size() == 2);
    CHECK(all[0].payment_id.empty());
    CHECK(all[0].provider == "clubify");
    CHECK(all[1].payment_id == "ch_2");
    CHECK(all[1].captured_cents == 2990);
    CHECK(all[1].refunded_cents == 1000);
    CHECK(all[1].refunding_cents == 500);
    CHECK(known(asked(1, "clubify", "free")).empty());
}

TEST_CASE("what a person gave back elsewhere, or gave up, is none of the provider's", "[money]") {
    for (const auto* action : {"done", "accept_loss"}) {
        const auto all = known(
            asked(2, "pagarme", "boleto"),
            captured,
            events::RefundAsked{id, "r-1", 2990, "x", {}},
            events::StepResolved{id, "refund-r-1", action, "4711", 2990},
            events::RefundDone{id, "r-1", 2990, {}, {}}
        );
        CHECK(all.at(0).refunded_cents == 0);
        CHECK(all.at(0).refunding_cents == 0);
    }
    const auto found = known(
        asked(2, "pagarme", "pix"),
        captured,
        events::RefundAsked{id, "r-1", 2990, "x", {}},
        events::StepResolved{id, "refund-r-1", "found", "", 2990},
        events::RefundDone{id, "r-1", 2990, {}, {}}
    );
    CHECK(found.at(0).refunded_cents == 2990);
}

TEST_CASE("what a bank took and has kept may be called a dispute or a refund there", "[money]") {
    const events::ChargeDisputed disputed{id, "sale-1-2", 2990};
    const auto won = known(
        asked(2, "pagarme", "pix"),
        captured,
        disputed,
        events::DisputeEnded{id, "sale-1-2", 2990, true, {}}
    );
    CHECK_FALSE(won.at(0).is_disputed);
    const auto lost = known(
        asked(2, "pagarme", "pix"),
        captured,
        disputed,
        events::DisputeEnded{id, "sale-1-2", 2990, false, {}}
    );
    for (const auto* told :
         {R"({"status":"disputed","captured_cents":2990,"refunded_cents":0})",
          R"({"status":"refunded","captured_cents":2990,"refunded_cents":2990})"})
        CHECK(fields(lost.at(0), told).empty());
}

TEST_CASE("each member that is not the same is named with both values", "[money]") {
    KnownPayment ours{
        "sale-1", "sale-1-1", "pagarme", "ch_1", 2990, 1000, 500, false, false, false
    };
    const auto told = [](std::int64_t in, std::int64_t out, const std::string& status) {
        return R"({"status":")" + status + R"(","captured_cents":)" + std::to_string(in) +
               R"(,"refunded_cents":)" + std::to_string(out) + '}';
    };
    CHECK(fields(ours, told(2990, 1000, "captured")).empty());
    CHECK(fields(ours, told(2990, 1500, "captured")).empty());
    CHECK(fields(ours, told(2990, 1501, "captured")) == Names{"refunded_cents 1000 1501"});
    CHECK(
        fields(ours, told(0, 0, "pending")) ==
        Names{"captured_cents 2990 0", "refunded_cents 1000 0"}
    );
    CHECK(fields(ours, told(2990, 1000, "disputed")) == Names{"status not disputed disputed"});
    CHECK(fields(ours, "") == Names{"payment ch_1 none"});
    ours.is_disputed = true;
    CHECK(fields(ours, told(2990, 1000, "disputed")).empty());
    CHECK(fields(ours, told(2990, 1000, "captured")) == Names{"status disputed captured"});
    KnownPayment unnamed{"sale-1", "sale-1-1", "pagarme", "", 0, 0, 0, false, false, false};
    CHECK(fields(unnamed, "").empty());
    CHECK(fields(unnamed, told(2990, 0, "captured")) == Names{"captured_cents 0 2990"});
    unnamed.is_let_go = true;
    CHECK(fields(unnamed, told(0, 0, "authorized")) == Names{"status voided authorized"});
    CHECK(fields(unnamed, told(0, 0, "voided")).empty());
}
