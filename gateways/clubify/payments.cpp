#include "gateways/clubify/payments.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateways/clubify/paths.hpp"
#include "gateways/clubify/refusals.hpp"
#include "gateways/clubify/sent.hpp"

namespace vitrine::clubify {
namespace {

using gateways::Effect;
using gateways::EffectOrigin;
using gateways::Sent;
using gateways::Settled;
using Json = nlohmann::ordered_json;

std::string text_in(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The key under which the platform does it once; empty: it changes nothing.
std::string key_of(const Effect& effect) {
    return text_in(Json::parse(effect.body.text), "key");
}

/// A payment as the platform tells it. nullopt: it is none.
std::optional<Json> read_payment(const Json& json) {
    if (!json.is_object() || (text_in(json, "_id").empty() && text_in(json, "id").empty()))
        return std::nullopt;
    if (text_in(json, "status").empty()) return std::nullopt;
    return json;
}

std::string id_of(const Json& payment) {
    auto id = text_in(payment, "_id");
    return id.empty() ? text_in(payment, "id") : id;
}

std::int64_t cents_in(const Json& payment, const char* name) {
    const auto found = payment.find(name);
    return found != payment.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// In the words of the port.
std::string status_of(const Json& payment) {
    const auto status = text_in(payment, "status");
    if (status == "paid" || status == "approved" || status == "captured") return "captured";
    if (status == "failed" || status == "declined") return "declined";
    if (status == "cancelled") return "voided";
    if (status == "partially_refunded") return "refunded";
    if (status == "processing") return "pending";
    return status;
}

JsonText told_of(const Json& payment) {
    Json told;
    told["status"] = status_of(payment);
    for (const char* name : {"pix", "boleto", "action"}) {
        if (const auto found = payment.find(name); found != payment.end() && found->is_object())
            told[name] = *found;
    }
    told["captured_cents"] = cents_in(payment, "captured_amount");
    told["refunded_cents"] = cents_in(payment, "refunded_amount");
    return JsonText(told.dump());
}

gateways::Refused declined(const Json& payment) {
    auto code = text_in(payment, "code");
    if (code.empty()) code = "declined";
    const auto retryable = payment.find("retryable");
    Json told;
    told["code"] = code;
    told["retryable"] =
        retryable != payment.end() && retryable->is_boolean() && retryable->get<bool>();
    return {
        {"payment-declined",
         402,
         "refused",
         phrase("The payment was declined: {}.", "O pagamento foi recusado: {}.", code)},
        false,
        JsonText(told.dump())
    };
}

Call call_of(const Effect& effect, const Account& account) {
    const auto body = Json::parse(effect.body.text);
    const auto act = std::string_view(effect.settle);
    const ClubifyId id(effect.subject);
    if (act == payments::looks) {
        auto call = make_call("GET", path_of("payments", id));
        call.fresh = true;
        return call;
    }
    Json sent;
    if (act == payments::captures) {
        sent["amount"] = body.at("amount_cents");
        return make_call("POST", path_of("payments", id, "/capture"), JsonText(sent.dump()));
    }
    if (act == payments::voids) return make_call("POST", path_of("payments", id, "/void"));
    if (act == payments::refunds) {
        sent["amount"] = body.at("amount_cents");
        sent["reason"] = body.at("reason");
        return make_call("POST", path_of("payments", id, "/refund"), JsonText(sent.dump()));
    }
    const auto method = body.at("method").get<std::string>();
    sent["amount"] = body.at("amount_cents");
    sent["currency"] = body.at("currency");
    sent["payment_method"] = method;
    if (body.contains("card_token")) {
        sent["card_token"] = body.at("card_token");
        sent["capture"] = false;
        sent["installments"] = body.at("installments");
    } else if (body.contains("expires_in")) {
        sent[method] = {{"expires_in", body.at("expires_in")}};
    }
    const auto name_if = [&](const char* name, const char* from) {
        if (const auto text = text_in(body, from); !text.empty()) sent[name] = text;
    };
    name_if("checkout_id", "platform_checkout_id");
    name_if("customer_id", "platform_customer_id");
    auto& metadata = sent["metadata"];
    metadata["key"] = body.at("key");
    metadata["saga_id"] = body.at("checkout_id");
    metadata["charge_id"] = body.at("charge_id");
    if (!account.context.empty()) metadata["tenant_context"] = Json::parse(account.context.text);
    return make_call("POST", "/payments", JsonText(sent.dump()));
}

/// What a payment that was just made, or was found, says of the act that made it.
template <class Outcome>
Outcome made(const Json& payment) {
    if (status_of(payment) == "declined") return declined(payment);
    return gateways::Done{id_of(payment), told_of(payment)};
}

gateways::Refused without_account() {
    return {{"clubify-credentials", 502, "credentials", no_credentials()}};
}

gateways::Refused not_so(const Json& payment) {
    return {
        {"clubify-refused",
         422,
         "refused",
         phrase("The payment is {}.", "O pagamento está {}.", status_of(payment))},
        false,
        told_of(payment)
    };
}

bool is_refunded_by(const Json& payment, const std::string& key) {
    const auto refunds = payment.find("refunds");
    return refunds != payment.end() && refunds->is_array() &&
           std::ranges::any_of(*refunds, [&](const Json& each) {
               return each.is_object() && text_in(each, "key") == key;
           });
}

Settled settled_of(const Effect& effect, const Json& payment) {
    const auto act = std::string_view(effect.settle);
    const auto status = status_of(payment);
    const gateways::Done done{id_of(payment), told_of(payment)};
    if (act == payments::authorizes || act == payments::issues) return made<Settled>(payment);
    if (act == payments::captures) {
        if (status == "captured" || status == "refunded" || status == "disputed") return done;
        if (status == "authorized") return gateways::Absent{};
        return not_so(payment);
    }
    if (act == payments::voids) {
        if (status == "voided" || status == "expired" || status == "declined") return done;
        if (status == "captured" || status == "refunded") return not_so(payment);
        return gateways::Absent{};
    }
    if (act == payments::refunds && is_refunded_by(payment, key_of(effect))) return done;
    return gateways::Absent{};
}

/// The first of a list, in whichever envelope it comes.
std::optional<Json> first_in(const Json& json) {
    const auto* list = &json;
    if (json.is_object()) {
        const auto data = json.find("data");
        if (data == json.end()) return std::nullopt;
        list = &*data;
    }
    if (!list->is_array() || list->empty()) return std::nullopt;
    return read_payment(list->front());
}

gateways::LookUpFailed look_up_failed(const CallError& error) {
    const bool is_final =
        error.kind == CallError::Kind::credentials || error.kind == CallError::Kind::refused;
    return {
        {is_final ? refusal_of(Settle::repeat, error) : not_done(error), error.retry_after},
        is_final
    };
}

bool makes(const Effect& effect) {
    return effect.settle == payments::authorizes || effect.settle == payments::issues;
}

}  // namespace

gateways::Manner ClubifyPayments::manner(const Effect& effect) const {
    const auto body = Json::parse(effect.body.text);
    return {
        .creates = makes(effect),
        .asks_first = body.value("asked_before", false),
        .appears_late = makes(effect)
    };
}

asio::awaitable<Sent> ClubifyPayments::send(Effect effect, EffectOrigin origin) {
    auto account = accounts_(origin.tenant);
    if (!account) co_return without_account();
    auto call = call_of(effect, *account);
    identify(call, origin);
    call.idempotency_key = key_of(effect);
    auto sending = clubify_.send(*std::move(account), std::move(call));
    const auto answer = co_await std::move(sending);
    if (!answer) {
        const auto& error = answer.error();
        const bool is_held = error.kind == CallError::Kind::refused && error.status == 409;
        auto sent = sent_of(error, Settle::repeat, manner(effect));
        // What it was to become it may be already.
        if (auto* no = std::get_if<gateways::Refused>(&sent); no != nullptr && is_held)
            no->look_first = true;
        co_return sent;
    }
    const auto payment = read_payment(Json::parse(answer->body.text));
    if (!payment) co_return gateways::Unknown{};  // a 2xx that does not say what it is
    if (makes(effect)) co_return made<Sent>(*payment);
    co_return gateways::Done{id_of(*payment), told_of(*payment)};
}

asio::awaitable<Settled> ClubifyPayments::settle(Effect effect, EffectOrigin origin) {
    auto account = accounts_(origin.tenant);
    if (!account) co_return without_account();
    auto call = makes(effect)
                    ? make_call("GET", "/payments?metadata.key=" + key_of(effect) + "&limit=1")
                    : make_call("GET", path_of("payments", ClubifyId(effect.subject)));
    call.fresh = true;
    auto sending = clubify_.send(*std::move(account), std::move(call));
    const auto answer = co_await std::move(sending);
    if (!answer) {
        if (answer.error().status == 404)
            co_return gateways::Refused{refusal_of(Settle::repeat, answer.error())};
        co_return look_up_failed(answer.error());
    }
    const auto json = Json::parse(answer->body.text);
    const auto payment = makes(effect) ? first_in(json) : read_payment(json);
    if (!payment) co_return gateways::Absent{};
    co_return settled_of(effect, *payment);
}

}  // namespace vitrine::clubify
