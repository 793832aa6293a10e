#include "queries/checkouts/known_payments.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/overloaded.hpp"
#include "events/checkouts.hpp"
#include "events/codec.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view refund_step = "refund-";

/// Folds the stream; what goes back is of the payment that was captured.
class Payments {
public:
    void take(const events::CheckoutEvent& event) {
        std::visit(
            overloaded{
                [&](const events::PaymentAsked& e) {
                    if (e.method == "free") return;
                    KnownPayment payment;
                    payment.checkout_id = e.checkout_id.str();
                    payment.charge_id = e.charge_id;
                    payment.provider = e.provider;
                    all_.push_back(std::move(payment));
                },
                [&](const events::ChargeAuthorized& e) { name(e.charge_id, e.payment_id); },
                [&](const events::ChargePending& e) { name(e.charge_id, e.payment_id); },
                [&](const events::ChargeCaptured& e) {
                    name(e.charge_id, e.payment_id);
                    if (auto* payment = find(e.charge_id))
                        payment->captured_cents += e.amount_cents;
                },
                [&](const events::ChargeVoided& e) {
                    if (auto* payment = find(e.charge_id)) payment->is_let_go = true;
                },
                [&](const events::ChargeDisputed& e) {
                    if (auto* payment = find(e.charge_id)) payment->is_disputed = true;
                },
                [&](const events::DisputeEnded& e) {
                    auto* payment = find(e.charge_id);
                    if (payment == nullptr) return;
                    payment->is_disputed = false;
                    payment->is_lost = !e.won;
                    if (!e.won) payment->refunding_cents += e.amount_cents;
                },
                [&](const events::RefundAsked& e) { asked_[e.refund_id] = e.amount_cents; },
                [&](const events::StepResolved& e) {
                    if (e.action != "done" && e.action != "accept_loss") return;
                    if (e.step.starts_with(refund_step))
                        asked_.erase(e.step.substr(refund_step.size())
                        );  // made elsewhere, or never
                },
                [&](const events::RefundDone& e) {
                    auto* payment = captured();
                    if (asked_.erase(e.refund_id) != 0 && payment != nullptr)
                        payment->refunded_cents += e.amount_cents;
                },
                [](const auto&) {},
            },
            event
        );
    }

    std::vector<KnownPayment> end() && {
        auto* payment = captured();
        for (const auto& [id, amount] : asked_) {
            if (payment != nullptr) payment->refunding_cents += amount;
        }
        return std::move(all_);
    }

private:
    KnownPayment* find(const std::string& charge_id) {
        const auto found = std::ranges::find(all_, charge_id, &KnownPayment::charge_id);
        return found == all_.end() ? nullptr : &*found;
    }
    KnownPayment* captured() {
        const auto found = std::ranges::find_if(all_, [](const KnownPayment& payment) {
            return payment.captured_cents != 0;
        });
        return found == all_.end() ? nullptr : &*found;
    }
    void name(const std::string& charge_id, const std::string& payment_id) {
        if (auto* payment = find(charge_id); payment != nullptr && !payment_id.empty())
            payment->payment_id = payment_id;
    }

    std::vector<KnownPayment> all_;
    std::map<std::string, std::int64_t> asked_;  // refunds that are under way
};

}  // namespace

std::vector<KnownPayment> payments_in(const std::vector<store::RecordedEvent>& events) {
    Payments payments;
    for (const auto& event : events) {
        if (const auto own = events::decode<events::CheckoutEvent>(event)) payments.take(*own);
    }
    return std::move(payments).end();
}

std::vector<PaymentDifference> differences(const KnownPayment& ours, const JsonText& told) {
    std::vector<PaymentDifference> all;
    const auto differs = [&](std::string field, std::string here, std::string there) {
        all.push_back(
            {ours.checkout_id,
             ours.charge_id,
             ours.payment_id,
             ours.provider,
             std::move(field),
             std::move(here),
             std::move(there)}
        );
    };
    if (told.empty()) {
        if (!ours.payment_id.empty()) differs("payment", ours.payment_id, "none");
        return all;
    }
    const auto theirs = Json::parse(told.text);
    const auto cents = [&](const char* name) { return theirs.value(name, std::int64_t{0}); };
    const auto captured = cents("captured_cents"), refunded = cents("refunded_cents");
    if (captured != ours.captured_cents)
        differs("captured_cents", std::to_string(ours.captured_cents), std::to_string(captured));
    const auto most = ours.refunded_cents + ours.refunding_cents;
    if (refunded < ours.refunded_cents || refunded > most)
        differs("refunded_cents", std::to_string(ours.refunded_cents), std::to_string(refunded));
    const auto status = theirs.value("status", "");
    if (!ours.is_lost && (status == "disputed") != ours.is_disputed)
        differs("status", ours.is_disputed ? "disputed" : "not disputed", status);
    if (ours.is_let_go && ours.captured_cents == 0 &&
        (status == "authorized" || status == "pending"))
        differs("status", "voided", status);
    return all;
}

}  // namespace vitrine::queries
