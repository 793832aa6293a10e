// What a checkout is, as its events and the outcomes of its saga have made it.
#include <algorithm>
#include <charconv>

#include "commands/checkouts/checkout.hpp"
#include "commands/json.hpp"
#include "core/overloaded.hpp"
#include "gateways/payments/pix.hpp"

namespace vitrine::commands {

using Charge = CheckoutState::Charge;
using End = CheckoutState::End;

std::int64_t CheckoutState::refunding_cents() const {
    std::int64_t sum = 0;
    for (const auto& refund : refunds) {
        if (!refund.done) sum += refund.amount_cents;
    }
    return sum;
}

const CheckoutAct* CheckoutState::act(std::string_view step) const {
    const auto found = acts.find(step);
    return found == acts.end() ? nullptr : &found->second;
}

bool CheckoutState::is_done(std::string_view step) const {
    const auto* found = act(step);
    return found != nullptr && found->is_done();
}

bool CheckoutState::has_ended(std::string_view step) const {
    const auto* found = act(step);
    return found != nullptr && !found->outcome.empty();
}

std::string_view status_name(const CheckoutState& state) {
    switch (state.end) {
        case End::completed:
            return "completed";
        case End::failed:
            return "failed";
        case End::expired:
            return "expired";
        case End::cancelled:
            return "cancelled";
        case End::none:
            break;
    }
    if (!state.blocked.empty()) return "review";
    if (state.charge == Charge::captured) return "paid";
    if (state.charge == Charge::pending) return "pending_payment";
    if (state.in_flight) {
        const auto is_late = [&](std::string_view step) {
            const auto* act = state.act(step);
            return act != nullptr && act->outcome.empty() && act->is_late;
        };
        return is_late("authorize") || is_late("issue") || is_late("capture") ? "unknown"
                                                                              : "paying";
    }
    return state.charge == Charge::declined ? "declined" : "opened";
}

namespace {

void begin_round(CheckoutState& state, std::initializer_list<std::string_view> steps) {
    ++state.round;
    for (const auto step : steps) {
        if (const auto found = state.acts.find(step); found != state.acts.end())
            state.acts.erase(found);
    }
}

void take_buyer(CheckoutState& state, const auto& event) {
    state.buyer = {event.customer_id, event.clubify_customer_id, std::nullopt};
    if (event.customer) state.buyer.told = event.customer->text();
}

void add_goods(std::vector<WantedItem>& goods, std::string sku, std::int64_t quantity) {
    if (sku.empty()) return;
    const auto same = std::ranges::find_if(goods, [&](const WantedItem& item) {
        return stock_id_of(item.sku) == stock_id_of(sku);
    });
    if (same == goods.end()) {
        goods.push_back({std::move(sku), quantity});
    } else {
        same->quantity += quantity;
    }
}

void take_lines(CheckoutState& state, const JsonText& quote) {
    state.goods.clear();
    state.lines.clear();
    const auto json = quote.empty() ? Json() : Json::parse(quote.text);
    const auto lines = json.find("lines");
    if (lines == json.end()) return;
    for (const auto& line : *lines) {
        const auto quantity = line.at("quantity").get<std::int64_t>();
        add_goods(state.goods, line.value("sku", ""), quantity);
        state.lines.push_back({quantity, line.value("total_cents", std::int64_t{})});
    }
}

void take_quote(CheckoutState& state, const auto& event) {
    state.quote = event.quote;
    take_lines(state, event.quote);
    state.currency = event.currency;
    state.total_cents = event.total_cents;
    state.quote_valid_until = event.quote_valid_until;
}

/// `sign`: -1 takes it back.
void refunded(
    CheckoutState& state, const std::vector<events::RefundedLine>& lines, std::int64_t sign
) {
    for (const auto& line : lines) {
        const auto place = static_cast<std::size_t>(line.line);
        if (place < state.lines.size())
            state.lines[place].refunded_cents += sign * line.amount_cents;
    }
}

void end(CheckoutState& state, End how) {
    state.end = how;
    state.in_flight = false;
}

void resolve(CheckoutState& state, const events::StepResolved& resolved) {
    state.blocked.erase(resolved.step);
    if (resolved.action == "retry") {
        state.acts.erase(resolved.step);
        if (resolved.step == "look") state.looked = 0;
        ++state.retried[resolved.step];
        return;
    }
    if (resolved.action == "done") state.acts[resolved.step].outcome = events::effect_outcome::done;
    if (resolved.action != "accept_loss") return;
    std::erase_if(state.refunds, [&](const CheckoutRefund& refund) {
        if ("refund-" + refund.id != resolved.step) return false;
        refunded(state, refund.lines, -1);
        return true;
    });
}

}  // namespace

CheckoutState evolve(CheckoutState state, const events::CheckoutEvent& event) {
    std::visit(
        overloaded{
            [&](const events::CheckoutOpened& e) {
                state.id = e.checkout_id;
                state.offer_id = e.offer_id;
                state.clubify_offer_id = e.clubify_offer_id;
                state.checkout_url = e.checkout_url;
                state.coupon = e.coupon;
                state.session = e.session;
                state.shipping_cents = e.shipping_cents;
                state.utm = e.utm;
                state.items = e.items;
                state.expires_at = e.expires_at;
                take_buyer(state, e);
                take_quote(state, e);
            },
            [&](const events::CheckoutChanged& e) {
                state.coupon = e.coupon;
                state.shipping_cents = e.shipping_cents;
                state.items = e.items;
                state.stopped = {};
                take_buyer(state, e);
                take_quote(state, e);
            },
            // Of order bumps `bumps` knows.
            [](const events::BumpsDecided&) {},
            [](const events::BumpDisplayed&) {},
            [](const events::BumpAccepted&) {},
            [](const events::BumpDeclined&) {},
            [](const events::BumpReconsidered&) {},
            [&](const events::PaymentAsked& e) {
                state.attempt = e.attempt;
                state.payment = e;
                state.payment_id.clear();
                state.charge = Charge::asked;
                state.in_flight = true;
                state.stopped = {};
                begin_round(
                    state, {"reserve", "coupon", "authorize", "issue", "confirm", "capture"}
                );
            },
            [&](const events::PaymentStopped& e) {
                state.charge = Charge::none;
                state.in_flight = false;
                state.stopped = {
                    e.problem, static_cast<int>(e.status), "refused", {e.detail, e.detail_pt}
                };
            },
            [&](const events::ChargeAuthorized& e) {
                state.payment_id = e.payment_id;
                state.charge = Charge::authorized;
                state.in_flight = true;
            },
            [&](const events::ChargePending& e) {
                state.payment_id = e.payment_id;
                state.charge = Charge::pending;
                state.in_flight = false;
                state.pix = e.pix;
                state.boleto = e.boleto;
                state.action = e.action;
            },
            [&](const events::ChargeDeclined& e) {
                state.charge = Charge::declined;
                state.in_flight = false;
                state.decline_code = e.code;
                state.may_retry = e.retryable;
            },
            [&](const events::ChargeCaptured& e) {
                state.payment_id = e.payment_id;
                state.charge = Charge::captured;
                state.captured_cents += e.amount_cents;
                state.blocked.erase("capture");
            },
            [&](const events::ChargeVoided&) { state.charge = Charge::voided; },
            [&](const events::ChargeSignalled&) { ++state.signals; },
            [&](const events::ChargeDisputed& e) { state.disputed_cents += e.amount_cents; },
            [&](const events::DisputeEnded& e) {
                state.disputed_cents -= e.amount_cents;
                if (!e.won) state.refunded_cents += e.amount_cents;
            },
            [&](const events::RefundAsked& e) {
                state.refunds.push_back({e.refund_id, e.amount_cents, false, e.lines});
                refunded(state, e.lines, 1);
            },
            [&](const events::RefundDone& e) {
                state.refunded_cents += e.amount_cents;
                for (auto& refund : state.refunds) {
                    if (refund.id == e.refund_id) refund.done = true;
                }
            },
            [&](const events::CheckoutCompleted& e) {
                state.order_id = e.clubify_order_id.str();
                end(state, End::completed);
            },
            [&](const events::CheckoutFailed& e) {
                state.stopped = {
                    e.problem, static_cast<int>(e.status), "refused", {e.detail, e.detail_pt}
                };
                end(state, End::failed);
            },
            [&](const events::CheckoutCancelled&) { end(state, End::cancelled); },
            [&](const events::CheckoutExpired&) { end(state, End::expired); },
            [&](const events::CheckoutRevived&) {
                state.end = End::none;
                state.in_flight = true;
                begin_round(
                    state,
                    {"reserve",
                     "coupon",
                     "checkout",
                     "confirm",
                     "void",
                     "cancel",
                     "unlock",
                     "release"}
                );
            },
            [&](const events::StepBlocked& e) {
                state.blocked[e.step] = {e.problem, e.amount_cents};
            },
            [&](const events::StepResolved& e) { resolve(state, e); },
        },
        event
    );
    return state;
}

namespace {

std::optional<std::string> text_in(const JsonText& told, const char* name) {
    if (told.empty()) return std::nullopt;
    return text_member(Json::parse(told.text), name);
}

/// The key of a look begins with the number of the signal that asked for it: "3", "3-1".
std::int64_t signal_of(const std::string& key) {
    std::int64_t number = 0;
    std::from_chars(key.data(), key.data() + key.size(), number);
    return number;
}

void take_outcome(CheckoutState& state, const events::ProcessEffectEnded& ended) {
    if (ended.effect == "look") state.looked = std::max(state.looked, signal_of(ended.key));
    auto& act = state.acts[ended.effect];
    act = {ended.outcome, ended.created, false, ended.problem, {ended.detail, ended.detail_pt}};
    if (!act.is_done()) return;
    if (ended.effect == "customer") {
        state.buyer.customer_id = ended.created;
        state.buyer.clubify_customer_id = text_in(ended.told, "clubify_customer_id");
    }
    if (ended.effect == "checkout") {
        if (auto url = text_in(ended.told, "checkout_url")) state.checkout_url = std::move(url);
    }
}

}  // namespace

CheckoutState evolve(CheckoutState state, const events::ProcessEvent& event) {
    if (const auto* ended = std::get_if<events::ProcessEffectEnded>(&event))
        take_outcome(state, *ended);
    if (const auto* put_off = std::get_if<events::ProcessEffectPutOff>(&event)) {
        auto& act = state.acts[put_off->effect];
        act.is_late = true;
        act.problem = put_off->problem;
        act.detail = {put_off->detail, put_off->detail_pt};
    }
    if (const auto* fired = std::get_if<events::ProcessTimerFired>(&event)) {
        if (fired->timer.starts_with("look")) ++state.signals;
        if (fired->timer == "expire" && state.charge == Charge::pending) {
            state.last_look = true;
            ++state.signals;
        }
    }
    return state;
}

JsonText answer_of(const CheckoutState& state) {
    Json json;
    json["status"] = status_name(state);
    json["offer_id"] = state.offer_id.str();
    if (state.buyer.customer_id) json["customer_id"] = *state.buyer.customer_id;
    json["currency"] = state.currency;
    json["total_cents"] = state.attempt == 0 ? state.total_cents : state.payment.amount_cents;
    json["order_id"] = state.order_id.empty() ? Json() : Json(state.order_id);
    json["checkout_url"] = state.checkout_url ? Json(*state.checkout_url) : Json();
    json["expires_at"] = format_time(state.expires_at);
    if (state.charge != Charge::pending) return JsonText(json.dump());
    const auto show = [&](const char* name, const JsonText& what) {
        if (!what.empty()) json[name] = Json::parse(what.text);
    };
    if (!state.pix.empty()) show("pix", payments::with_picture(state.pix));
    show("boleto", state.boleto);
    show("action", state.action);
    return JsonText(json.dump());
}

}  // namespace vitrine::commands
