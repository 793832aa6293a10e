#include "gateways/pagarme/payments.hpp"

#include <nlohmann/json.hpp>

#include "gateways/pagarme/charge.hpp"
#include "gateways/pagarme/order.hpp"
#include "gateways/pagarme/refusals.hpp"
#include "gateways/rest/paths.hpp"

namespace vitrine::pagarme {
namespace {

using gateways::Done;
using gateways::Effect;
using gateways::EffectOrigin;
using gateways::Sent;
using gateways::Settled;
using Json = nlohmann::ordered_json;

bool makes(const Effect& effect) {
    return effect.settle == payments::authorizes || effect.settle == payments::issues;
}

std::string charge_path(const Effect& effect) {
    return "/charges/" + net::percent_encode(effect.subject);
}

/// Of what moves money on a charge that is there, or looks at it.
rest::Call call_on_charge(const Effect& effect) {
    const auto act = std::string_view(effect.settle);
    if (act == payments::looks) return rest::get_call(charge_path(effect));
    if (act == payments::voids) return rest::make_call("DELETE", charge_path(effect));
    Json body{{"amount", Json::parse(effect.body.text).at("amount_cents")}};
    const bool captures = act == payments::captures;
    return rest::make_call(
        captures ? "POST" : "DELETE",
        charge_path(effect) + (captures ? "/capture" : ""),
        JsonText(body.dump())
    );
}

Done done(const Charge& charge) {
    return {charge.id, charge.told};
}

/// What a charge that was just made, or was found, says of the act that made it: one that failed
/// comes with 200 too.
template <class Outcome>
Outcome made(const Charge& charge) {
    if (charge.status == "declined") return declined(charge.decline_code, charge.retryable);
    return done(charge);
}

gateways::Refused not_so(const Charge& charge) {
    return {
        {"payments-refused",
         422,
         "refused",
         phrase("The charge is {}.", "A cobrança está {}.", charge.status)},
        false,
        charge.told
    };
}

/// It is under way there: it is asked about again.
gateways::LookUpFailed goes_back() {
    gateways::LookUpFailed later;
    later.refusal = {
        "outcome-unknown",
        504,
        "unavailable",
        {"The money is on its way back.", "O dinheiro está sendo devolvido."}
    };
    return later;
}

Settled capture_settled(const Charge& charge) {
    const auto& status = charge.status;
    if (status == "captured" || status == "refunded" || status == "disputed") return done(charge);
    if (status == "authorized") return gateways::Absent{};
    return not_so(charge);
}

Settled void_settled(const Charge& charge) {
    const auto& status = charge.status;
    if (status == "voided" || status == "expired" || status == "declined") return done(charge);
    if (status == "captured" || status == "refunded" || status == "disputed") return not_so(charge);
    return gateways::Absent{};
}

Settled refund_settled(const Effect& effect, const Charge& charge) {
    const auto body = Json::parse(effect.body.text);
    const auto target = body.at("refunded_before_cents").get<std::int64_t>() +
                        body.at("amount_cents").get<std::int64_t>();
    if (charge.refunded_cents >= target) return done(charge);
    if (charge.refunded_cents + charge.refunding_cents >= target) return goes_back();
    return gateways::Absent{};
}

Settled settled_of(const Effect& effect, const Charge& charge) {
    const auto act = std::string_view(effect.settle);
    if (makes(effect)) return made<Settled>(charge);
    if (act == payments::captures) return capture_settled(charge);
    if (act == payments::voids) return void_settled(charge);
    if (act == payments::refunds) return refund_settled(effect, charge);
    return done(charge);
}

/// The first answer to a key is repeated, so that one may be of before: what it does not say is
/// asked for.
Sent sent_with(const Effect& effect, const Charge& charge) {
    const auto settled = settled_of(effect, charge);
    if (const auto* so = std::get_if<Done>(&settled)) return *so;
    if (const auto* no = std::get_if<gateways::Refused>(&settled)) return *no;
    return gateways::Unknown{};
}

std::string text_in(const Effect& effect, const char* name) {
    return Json::parse(effect.body.text).value(name, "");
}

}  // namespace

gateways::Manner PagarmePayments::manner(const Effect& effect) const {
    const auto body = Json::parse(effect.body.text);
    return {
        .creates = makes(effect),
        .asks_first = effect.settle == payments::voids || body.value("asked_before", false),
        .appears_late = makes(effect)
    };
}

asio::awaitable<Sent> PagarmePayments::send(Effect effect, EffectOrigin origin) {
    auto account = accounts_(origin.tenant);
    if (!account) co_return without_account();
    rest::Call call;
    if (makes(effect)) {
        auto asking = buyers_(origin.tenant, text_in(effect, "customer_id"));
        const auto buyer = co_await std::move(asking);
        auto body = order_body(effect.body, buyer);
        if (!body) co_return std::move(body.error());
        call = rest::make_call("POST", "/orders", *std::move(body));
    } else {
        call = call_on_charge(effect);
    }
    call.fresh = true;
    call.idempotency_key = text_in(effect, "key");
    call.traceparent = origin.traceparent;
    auto sending = pagarme_.send(*std::move(account), std::move(call));
    const auto answer = co_await std::move(sending);
    if (!answer) co_return sent_of(answer.error(), makes(effect));
    const auto charge = read_charge(Json::parse(answer->body.text));
    if (!charge) co_return gateways::Unknown{};  // a 2xx that does not say what it is
    co_return sent_with(effect, *charge);
}

asio::awaitable<Settled> PagarmePayments::settle(Effect effect, EffectOrigin origin) {
    auto account = accounts_(origin.tenant);
    if (!account) co_return without_account();
    auto path = charge_path(effect);
    if (makes(effect)) {
        path = "/orders";
        rest::add_query(path, "code", effect.subject);
    }
    auto call = rest::get_call(std::move(path));
    call.fresh = true;
    auto sending = pagarme_.send(*std::move(account), std::move(call));
    const auto answer = co_await std::move(sending);
    if (!answer) {
        if (answer.error().status == 404) co_return gateways::Refused{refusal_of(answer.error())};
        co_return look_up_failed(answer.error());
    }
    const auto json = Json::parse(answer->body.text);
    const auto charge = makes(effect) ? find_charge(json, effect.subject) : read_charge(json);
    if (!charge) co_return gateways::Absent{};
    co_return settled_of(effect, *charge);
}

}  // namespace vitrine::pagarme
