#include "queries/bumps/checkout_bumps.hpp"

#include <nlohmann/json.hpp>

#include "core/json_append.hpp"
#include "events/codec.hpp"
#include "queries/bumps/bumps_json.hpp"
#include "queries/bumps/receipt_words.hpp"

namespace vitrine::queries {

using namespace rules::bumps;

namespace {

constexpr Term none{"there is no such checkout", "este checkout não existe"};

/// Each event of the checkout that is its own.
template <class Take>
Position each_event(const ReadSide& reads, const TenantId& tenant, std::string_view id, Take take) {
    constexpr std::size_t page = 500;
    const StreamName stream("sale-" + std::string(id));
    Position last = 0;
    for (Version from = 1;; from += page) {
        const auto told =
            reads.store.read_stream(tenant, stream, from, page, store::Direction::forwards);
        for (const auto& each : told) {
            last = each.position;
            if (const auto event = events::decode<events::CheckoutEvent>(each)) take(*event, each);
        }
        if (told.size() < page) return last;
    }
}

std::string_view state_of(const OfCheckout& checkout, const std::string& bump) {
    if (checkout.accepts(bump) != nullptr) return "accepted";
    if (checkout.declined.contains(bump)) return "declined";
    return checkout.first_displayed.contains(bump) ? "displayed" : "new";
}

}  // namespace

Result get_checkout_bumps(
    const ReadSide& reads,
    const Source& bumps,
    const TenantId& tenant,
    std::string_view id,
    const Context& context,
    Explain explain
) {
    OfCheckout checkout;
    const auto position = each_event(reads, tenant, id, [&](const auto& event, const auto& told) {
        checkout = evolve(std::move(checkout), event, told.recorded_at);
    });
    if (checkout.checkout_id.empty()) return std::unexpected(not_found(none));
    const auto question = question_of(checkout, context, reads.clock());
    const auto known = bumps.known(tenant, question);
    if (!known) return std::unexpected(not_ready());
    Answer answer;
    auto& out = answer.body = "{";
    append_text(out, "checkout_id", checkout.checkout_id);
    append_text(out, "offer_id", checkout.offer_id.view());
    append_number(out, "revision", known->rulebook->revision);
    append_text(out, "currency", known->currency);
    append_number(out, "cart_value_cents", question.cart.value_cents);
    append_name(out, "bumps");
    out += '[';
    const auto decisions = decide(*known->rulebook, known->inputs, question.moment, explain);
    for (const auto& decision : decisions) {
        if (&decision != &decisions.front()) out += ',';
        out += '{';
        append_decision(out, decision, unit_of(*known, *decision.rule));
        append_text(out, "state", state_of(checkout, decision.rule->bump));
        if (const auto* accepted = checkout.accepts(decision.rule->bump))
            append_number(out, "accepted_cents", accepted->price_cents);
        out += '}';
    }
    out += "]}";
    answer.position = std::max(position, known->position);
    return answer;
}

namespace {

/// Collects what was decided, as the events come.
class Receipts {
public:
    Receipts(const Source::Known& known, const OfCheckout& checkout)
        : known_(known), checkout_(checkout) {}

    void take(const events::CheckoutEvent& event, const store::RecordedEvent& told) {
        if (const auto* opened = std::get_if<events::CheckoutOpened>(&event)) {
            currency_ = opened->currency;
            note_quote(*opened, told);
        }
        if (const auto* changed = std::get_if<events::CheckoutChanged>(&event))
            note_quote(*changed, told);
        if (const auto* decided = std::get_if<events::BumpsDecided>(&event))
            inputs_[decided->decision] = decided->inputs;
        if (const auto* e = std::get_if<events::BumpDisplayed>(&event))
            note_bump("bump_displayed", *e, e->bump, e->price_cents);
        if (const auto* e = std::get_if<events::BumpAccepted>(&event))
            note_bump("bump_accepted", *e, e->accepted.bump, e->accepted.price_cents);
        if (const auto* e = std::get_if<events::BumpDeclined>(&event))
            note_bump("bump_declined", *e, e->bump, std::nullopt);
        if (const auto* e = std::get_if<events::BumpReconsidered>(&event))
            note_bump("bump_" + e->outcome, *e, e->bump, e->price_cents);
    }

    const std::vector<Receipt>& all() const { return receipts_; }

private:
    void note_quote(const auto& event, const store::RecordedEvent& told) {
        Receipt receipt;
        receipt.at = told.recorded_at;
        receipt.kind = "quote";
        receipt.currency = event.currency;
        receipt.price_cents = event.total_cents;
        receipt.quote = event.quote;
        receipt.code = event.coupon;
        receipts_.push_back(std::move(receipt));
    }

    /// By the inputs and the revision that the log has, it is decided as it was then.
    void note_bump(
        std::string kind,
        const auto& event,
        const std::string& bump,
        std::optional<std::int64_t> price
    ) {
        Receipt receipt;
        receipt.at = event.decided_at;
        receipt.kind = std::move(kind);
        receipt.currency = currency_;
        receipt.bump = bump;
        receipt.price_cents = price;
        receipt.decision = event.decision;
        receipt.inputs = inputs_[event.decision];
        receipt.revision = known_.rulebook->revision;
        const Moment then{event.decided_at, checkout_.opened_at};
        if (const auto decision = decided(bump, receipt.inputs, then)) {
            receipt.name = unit_of(known_, *decision->rule).name;
            receipt.full_cents = decision->full_cents;
            receipt.reasons = decision->reasons;
        }
        receipts_.push_back(std::move(receipt));
    }

    /// What was offered until a moment before counts as offered: of both the one that shows it.
    std::optional<Decision> decided(
        const std::string& bump, const JsonText& inputs, const Moment& then
    ) const {
        if (inputs.empty()) return std::nullopt;
        const auto known = inputs_in(inputs);
        std::optional<Decision> found;
        for (const auto& when : {then, Moment{then.now - grace, then.opened_at}}) {
            for (auto& each : decide(*known_.rulebook, known, when, Explain::yes)) {
                if (each.rule->bump == bump && (!found || each.show)) found = std::move(each);
            }
            if (found && found->show) break;
        }
        return found;
    }

    const Source::Known& known_;
    const OfCheckout& checkout_;
    std::string currency_;
    std::map<std::string, JsonText> inputs_;  // by decision
    std::vector<Receipt> receipts_;
};

void append_for_seller(std::string& out, const Receipt& receipt) {
    append_text(out, "at", format_time(receipt.at));
    append_text(out, "kind", receipt.kind);
    append_text(out, "currency", receipt.currency);
    if (receipt.kind == "quote") {
        append_number(out, "price_cents", receipt.price_cents.value_or(0));
        if (receipt.code) append_text(out, "coupon", *receipt.code);
        append_raw(out, "quote", receipt.quote.text);
        return;
    }
    append_text(out, "bump", receipt.bump);
    append_number(out, "revision", receipt.revision);
    if (receipt.price_cents) append_number(out, "price_cents", *receipt.price_cents);
    if (receipt.full_cents) append_number(out, "full_cents", *receipt.full_cents);
    append_text(out, "decision", receipt.decision);
    append_raw(out, "inputs", receipt.inputs.empty() ? "null" : receipt.inputs.text);
    append_reasons(out, receipt.reasons);
}

void append_for_buyer(std::string& out, const Receipt& receipt) {
    const auto words = words_of(receipt);
    append_text(out, "at", format_time(receipt.at));
    append_text(out, "kind", receipt.kind);
    append_name(out, "text");
    out += '{';
    append_text(out, "en", words.in(Language::english));
    append_text(out, "pt-BR", words.in(Language::portuguese));
    out += '}';
}

}  // namespace

Result get_receipts(
    const ReadSide& reads,
    const Source& bumps,
    const TenantId& tenant,
    std::string_view id,
    ReceiptView view
) {
    OfCheckout checkout;
    each_event(reads, tenant, id, [&](const auto& event, const auto& told) {
        checkout = evolve(std::move(checkout), event, told.recorded_at);
    });
    if (checkout.checkout_id.empty()) return std::unexpected(not_found(none));
    const auto known = bumps.known(tenant, question_of(checkout, {}, reads.clock()));
    if (!known) return std::unexpected(not_ready());
    Receipts receipts(*known, checkout);
    const auto position = each_event(reads, tenant, id, [&](const auto& event, const auto& told) {
        receipts.take(event, told);
    });
    Answer answer;
    auto& out = answer.body = "{";
    append_text(out, "checkout_id", checkout.checkout_id);
    append_text(out, "offer_id", checkout.offer_id.view());
    append_name(out, "items");
    out += '[';
    for (const auto& receipt : receipts.all()) {
        if (&receipt != &receipts.all().front()) out += ',';
        out += '{';
        if (view == ReceiptView::buyer) {
            append_for_buyer(out, receipt);
        } else {
            append_for_seller(out, receipt);
        }
        out += '}';
    }
    out += "]}";
    answer.position = position;
    return answer;
}

}  // namespace vitrine::queries
