// The commands on checkouts: how the engine gets at what checkout.hpp decides. What is paid is
// carried out by the process `checkout` (processes/checkout.cpp), which answers.
#include "commands/customers/area.hpp"
#include "commands/areas.hpp"
#include "commands/checkouts/loaded.hpp"
#include "commands/checkouts/refund.hpp"
#include "commands/customers/loaded.hpp"
#include "commands/engine/handler.hpp"
#include "commands/engine/load.hpp"
#include "commands/facts.hpp"
#include "commands/json.hpp"
#include "commands/offers/loaded.hpp"
#include "commands/rulebooks/rulebook.hpp"
#include "rules/prices/quote_json.hpp"

namespace vitrine::commands {

CheckoutState load_checkout(
    store::EventStore& store, const TenantId& tenant, const std::string& id
) {
    CheckoutState state;
    state.id = events::CheckoutId(id);
    for_each_event(
        store,
        tenant,
        StreamName("sale-" + id),
        1,
        [&state](const events::RecordedEvent& recorded) {
            if (const auto event = events::decode<events::CheckoutEvent>(recorded)) {
                state.bumps =
                    rules::bumps::evolve(std::move(state.bumps), *event, recorded.recorded_at);
                state = evolve(std::move(state), *event);
            }
            if (const auto general = events::decode<events::ProcessEvent>(recorded))
                state = evolve(std::move(state), *general);
            state.version = recorded.version;
        }
    );
    return state;
}

namespace {

OfferedNow offered_now(const Preparation& from, QuoteDecision quote = {}) {
    return {from.now, std::move(quote), from.facts.payments_provider(from.tenant)};
}

rules::prices::Question question_of(const Asked& asked, Timestamp now) {
    rules::prices::Question question;
    question.offer_id = asked.offer_id;
    question.customer_id = asked.customer_id;
    question.coupon = asked.coupon;
    question.shipping_cents = asked.shipping_cents;
    question.bumps = asked.bumps;
    question.at = now;
    if (asked.items.empty()) return question;
    const auto items = Json::parse(asked.items.text);
    if (!items.is_array()) return question;
    for (const auto& each : items) {
        auto& item = question.items.emplace_back();
        if (!each.is_object()) continue;
        if (const auto id = text_member(each, "product_id")) item.product_id = ProductId(*id);
        item.sku = text_member(each, "sku");
        item.quantity = integer_member(each, "quantity").value_or(1);
    }
    return question;
}

}  // namespace

Asked asked_of(const CheckoutState& state) {
    return {
        state.offer_id,
        state.items,
        state.buyer.customer_id,
        state.coupon,
        state.shipping_cents,
        state.bumps.accepted
    };
}

void of_buyer(Plan& plan, const Buyer& buyer) {
    plan.person = buyer.customer_id.value_or("");
}

QuoteDecision quoted(const Asked& asked, const Preparation& from) {
    const auto* prices = from.facts.prices();
    auto decided = prices == nullptr ? std::nullopt
                                     : prices->decide(from.tenant, question_of(asked, from.now));
    if (!decided)
        return std::unexpected(std::vector<Fault>{
            {"",
             "not_ready",
             {"prices are not there yet: try again in a moment",
              "os preços ainda não estão prontos: tente em instantes"}}
        });
    if (!decided->decision) return std::unexpected(std::move(decided->decision.error()));
    const auto& quote = *decided->decision;
    return CheckoutQuote{
        JsonText(rules::prices::quote_json(quote)),
        quote.currency,
        quote.total_cents,
        quote.valid_until
    };
}

namespace {

Buyer buyer_in(const Preparation& from) {
    Buyer buyer;
    if (auto id = text_member(from.body, "customer_id")) {
        const auto state = load_customer(from.store, from.tenant, *id);
        const auto& known = state.merged_into
                                ? load_customer(from.store, from.tenant, state.merged_into->str())
                                : state;
        buyer.customer_id = known.version == 0 ? *id : known.id.str();
        if (known.clubify_id) buyer.clubify_customer_id = known.clubify_id->str();
    } else if (const auto told = json_member(from.body, "customer"); !told.empty()) {
        buyer.told = told.text;
    }
    return buyer;
}

bool names_buyer(const Json& body) {
    return body.contains("customer_id") || body.contains("customer");
}

/// What the rules of customers say of somebody who is new.
void check_buyer(const Preparation& from, std::vector<Fault>& faults) {
    const auto customer = from.body.find("customer");
    if (customer == from.body.end()) return;
    if (from.body.contains("customer_id"))
        faults.push_back(
            {"/customer",
             "either",
             {"give either customer or customer_id", "envie customer ou customer_id, não ambos"}}
        );
    if (!customer->is_object()) return;
    const auto decided = decide(PutCustomer{told_in(*customer)}, CustomerState());
    for (auto& fault : faults_in(decided))
        faults.push_back({"/customer" + fault.pointer, fault.code, fault.detail});
}

/// Those of the buyer stand beside those of the quote.
QuoteDecision with_buyer(QuoteDecision quote, const Preparation& from) {
    std::vector<Fault> faults;
    check_buyer(from, faults);
    if (faults.empty()) return quote;
    if (!quote) std::ranges::move(quote.error(), std::back_inserter(faults));
    return std::unexpected(std::move(faults));
}

PayTerms terms_in(const Json& body) {
    return {
        text_member(body, "method").value_or(""),
        text_member(body, "card_token"),
        integer_member(body, "installments"),
        integer_member(body, "expires_in")
    };
}

struct OpenCheckoutHandling {
    struct Known {
        SoldOffer offer;
        Buyer buyer;
        OfferedNow offered;
    };

    static OpenCheckout parse(const Preparation& from) {
        OpenCheckout command;
        command.offer_id = OfferId(text_member(from.body, "offer_id").value_or(""));
        command.items = json_member(from.body, "items");
        command.coupon = text_member(from.body, "coupon");
        command.session = text_member(from.body, "session");
        command.shipping_cents = integer_member(from.body, "shipping_cents");
        command.utm = json_member(from.body, "utm");
        if (const auto pay = from.body.find("pay"); pay != from.body.end() && pay->is_object())
            command.pay = terms_in(*pay);
        return command;
    }

    static Known load(const Preparation& from, const OpenCheckout& command) {
        Known known;
        const auto offer = load_offer(from.store, from.tenant, command.offer_id);
        known.offer = {offer.clubify_id, std::nullopt, std::string(status_name(offer.status))};
        known.offer.revision = revision_at(from.store, from.tenant, command.offer_id, from.now);
        known.buyer = buyer_in(from);
        const Asked asked{
            command.offer_id,
            command.items,
            known.buyer.customer_id,
            command.coupon,
            command.shipping_cents
        };
        known.offered = offered_now(from, with_buyer(quoted(asked, from), from));
        return known;
    }

    static CheckoutDecision decide(
        const OpenCheckout& command, const Known& known, const Preparation& from
    ) {
        return commands::decide(
            command, events::CheckoutId(from.entity_id), known.offer, known.buyer, known.offered
        );
    }

    static JsonText answer(const OpenCheckout&, const Known& known, const Preparation& from) {
        Json json;
        json["status"] = "opened";
        json["quote"] = Json::parse(known.offered.quote->json.text);
        json["expires_at"] = format_time(from.now + std::chrono::minutes(60));
        json["checkout_url"] = known.offer.checkout_url ? Json(*known.offer.checkout_url) : Json();
        return JsonText(json.dump());
    }

    static void
    effects(Plan& plan, const OpenCheckout& command, const Known& known, const CheckoutEvents&, const Preparation&) {
        if (!command.pay) plan.feeds.reset();  // nothing follows from it yet
        of_buyer(plan, known.buyer);
    }
};

/// Of commands on a checkout that is there.
struct OnCheckout {
    static CheckoutState checkout_of(const Preparation& from) {
        return load_checkout(from.store, from.tenant, from.entity_id);
    }

    template <class Command>
    static JsonText answer(const Command&, const CheckoutState& state, const Preparation&) {
        return answer_of(state);
    }
};

struct StateAndOffered {
    CheckoutState state;
    std::optional<Buyer> buyer;
    OfferedNow offered;
    CheckoutEvents reconsidered = {};  // of order bumps
};

/// The quote of another cart or buyer, with the order bumps that it leaves.
QuoteDecision quoted_anew(Asked asked, StateAndOffered& known, const Preparation& from) {
    auto quote = quoted(asked, from);
    if (!quote || asked.bumps.empty()) return quote;
    auto state = known.state;
    state.bumps.quote = quote->json;
    state.bumps.customer_id = asked.customer_id;
    auto after = reconsider(state, bumps_now(state, {}, from));
    if (after.events.empty()) return quote;
    known.reconsidered = std::move(after.events);
    asked.bumps = std::move(after.accepted);
    return quoted(asked, from);
}

struct ChangeCheckoutHandling {
    using Known = StateAndOffered;

    static ChangeCheckout parse(const Preparation& from) {
        ChangeCheckout command;
        if (from.body.contains("items")) command.items = json_member(from.body, "items");
        command.coupon = text_edit(from.body, "coupon");
        command.shipping_cents = integer_member(from.body, "shipping_cents");
        command.names_buyer = names_buyer(from.body);
        return command;
    }

    static Known load(const Preparation& from, const ChangeCheckout& command) {
        Known known{OnCheckout::checkout_of(from), std::nullopt, {}};
        if (command.names_buyer) known.buyer = buyer_in(from);
        const auto& state = known.state;
        auto asked = asked_of(state);
        asked.items = command.items.value_or(state.items);
        asked.customer_id = known.buyer.value_or(state.buyer).customer_id;
        asked.coupon = command.coupon.after(state.coupon);
        if (command.shipping_cents) asked.shipping_cents = command.shipping_cents;
        auto quote = quoted_anew(std::move(asked), known, from);
        known.offered = offered_now(from, with_buyer(std::move(quote), from));
        return known;
    }

    static CheckoutDecision
    decide(const ChangeCheckout& command, const Known& known, const Preparation&) {
        auto events = commands::decide(command, known.state, known.buyer, known.offered);
        if (events)
            events->insert(events->begin(), known.reconsidered.begin(), known.reconsidered.end());
        return events;
    }

    static JsonText answer(const ChangeCheckout&, const Known& known, const Preparation&) {
        auto json = Json::parse(answer_of(known.state).text);
        json["total_cents"] = known.offered.quote->total_cents;
        json["quote"] = Json::parse(known.offered.quote->json.text);
        return JsonText(json.dump());
    }

    static void
    effects(Plan& plan, const ChangeCheckout&, const Known& known, const CheckoutEvents&, const Preparation&) {
        of_buyer(plan, known.buyer.value_or(known.state.buyer));
    }
};

struct PayCheckoutHandling {
    using Known = StateAndOffered;

    static PayCheckout parse(const Preparation& from) { return {terms_in(from.body)}; }

    /// While the quote holds nothing is asked anew.
    static Known load(const Preparation& from, const PayCheckout&) {
        Known known{OnCheckout::checkout_of(from), std::nullopt, offered_now(from)};
        const auto& state = known.state;
        if (from.now < state.quote_valid_until || state.version == 0) return known;
        known.offered.quote = quoted(asked_of(state), from);
        return known;
    }

    static CheckoutDecision
    decide(const PayCheckout& command, const Known& known, const Preparation&) {
        if (known.state.version == 0) return CheckoutEvents{};
        return commands::decide(command, known.state, known.offered);
    }

    static JsonText answer(const PayCheckout&, const Known& known, const Preparation&) {
        return answer_of(known.state);
    }

    static void
    effects(Plan& plan, const PayCheckout&, const Known& known, const CheckoutEvents&, const Preparation&) {
        of_buyer(plan, known.state.buyer);
    }
};

struct CancelCheckoutHandling {
    static CancelCheckout parse(const Preparation& from) {
        return {text_member(from.body, "reason")};
    }
    static CheckoutState load(const Preparation& from, const CancelCheckout&) {
        return OnCheckout::checkout_of(from);
    }
    static CheckoutDecision
    decide(const CancelCheckout& command, const CheckoutState& state, const Preparation&) {
        return commands::decide(command, state);
    }
    static JsonText answer(const CancelCheckout&, const CheckoutState&, const Preparation&) {
        return status_answer("cancelled");
    }
};

struct RefundCheckoutHandling {
    static RefundCheckout parse(const Preparation& from) {
        RefundCheckout command{
            integer_member(from.body, "amount_cents"), text_member(from.body, "reason").value_or("")
        };
        if (const auto lines = from.body.find("lines"); lines != from.body.end()) {
            for (const auto& line : *lines)
                command.lines.push_back(
                    {integer_member(line, "line").value_or(0),
                     integer_member(line, "quantity"),
                     integer_member(line, "amount_cents")}
                );
        }
        return command;
    }
    static CheckoutState load(const Preparation& from, const RefundCheckout&) {
        return OnCheckout::checkout_of(from);
    }
    static CheckoutDecision decide(
        const RefundCheckout& command, const CheckoutState& state, const Preparation& from
    ) {
        return commands::decide(command, state, from.command_id.str());
    }
    static JsonText answer(
        const RefundCheckout& command, const CheckoutState& state, const Preparation& from
    ) {
        Json json;
        json["status"] = "refunding";
        json["refund_id"] = from.command_id.str();
        json["currency"] = state.currency;
        json["amount_cents"] = refunded_by(command, state);
        return JsonText(json.dump());
    }
};

struct ResolveStepHandling {
    static ResolveStep parse(const Preparation& from) {
        return {
            text_member(from.body, "step").value_or(""),
            text_member(from.body, "action").value_or(""),
            text_member(from.body, "evidence").value_or("")
        };
    }
    static CheckoutState load(const Preparation& from, const ResolveStep&) {
        return OnCheckout::checkout_of(from);
    }
    static CheckoutDecision
    decide(const ResolveStep& command, const CheckoutState& state, const Preparation&) {
        return commands::decide(command, state);
    }
    static JsonText answer(const ResolveStep& command, const CheckoutState&, const Preparation&) {
        Json json;
        json["status"] = "resolved";
        json["step"] = command.step;
        return JsonText(json.dump());
    }
};

}  // namespace

std::span<const Definition> checkout_commands() {
    static const Definition table[] = {
        {.name = "OpenCheckout",
         .method = "POST",
         .route = "/v1/checkouts",
         .entity = checkout_entity,
         .creates = true,
         .names_people = true,
         .refuses_cards = true,
         .feeds = "checkout",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "open_checkout.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<OpenCheckoutHandling>,
         .problems =
             {"illegal-transition",
              "out-of-stock",
              "payment-declined",
              "price-changed",
              "checkout-failed",
              "method-not-available",
              "payments-unavailable",
              "card-data-not-accepted"}},
        {.name = "ChangeCheckout",
         .method = "PATCH",
         .route = "/v1/checkouts/{id}",
         .entity = checkout_entity,
         .names_people = true,
         .refuses_cards = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "change_checkout.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<ChangeCheckoutHandling>,
         .problems = {"illegal-transition", "checkout-expired", "card-data-not-accepted"}},
        {.name = "PayCheckout",
         .method = "POST",
         .route = "/v1/checkouts/{id}/pay",
         .entity = checkout_entity,
         .names_people = true,
         .refuses_cards = true,
         .feeds = "checkout",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "pay_checkout.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<PayCheckoutHandling>,
         .problems =
             {"checkout-expired",
              "out-of-stock",
              "payment-declined",
              "price-changed",
              "checkout-failed",
              "method-not-available",
              "payments-unavailable",
              "card-data-not-accepted"}},
        {.name = "CancelCheckout",
         .method = "POST",
         .route = "/v1/checkouts/{id}/cancel",
         .entity = checkout_entity,
         .refuses_cards = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "cancel_checkout.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<CancelCheckoutHandling>,
         .problems = {"illegal-transition", "checkout-expired", "card-data-not-accepted"}},
        {.name = "RefundCheckout",
         .method = "POST",
         .route = "/v1/checkouts/{id}/refunds",
         .entity = checkout_entity,
         .refuses_cards = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "refund_checkout.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<RefundCheckoutHandling>,
         .problems = {"illegal-transition", "card-data-not-accepted"}},
        {.name = "ResolveStep",
         .method = "POST",
         .route = "/v1/checkouts/{id}/resolve",
         .entity = checkout_entity,
         .needs_admin = true,
         .refuses_cards = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "resolve_step.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<ResolveStepHandling>,
         .problems = {"card-data-not-accepted"}},
    };
    return table;
}

}  // namespace vitrine::commands
