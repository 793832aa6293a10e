#include "gateways/pagarme/refusals.hpp"

#include <nlohmann/json.hpp>

namespace vitrine::pagarme {
namespace {

using Kind = rest::CallError::Kind;
using gateways::Refusal;

Refusal not_done(const rest::CallError& error) {
    return {
        "payments-unavailable",
        503,
        "unavailable",
        phrase("{}", "A Pagar.me não respondeu como deveria: {}", error.message)
    };
}

}  // namespace

gateways::Refused declined(const std::string& code, bool retryable) {
    nlohmann::ordered_json told;
    told["code"] = code;
    told["retryable"] = retryable;
    return {
        {"payment-declined",
         402,
         "refused",
         phrase("The payment was declined: {}.", "O pagamento foi recusado: {}.", code)},
        false,
        JsonText(told.dump())
    };
}

gateways::Refused without_account() {
    return {
        {"payments-credentials",
         502,
         "credentials",
         {"The tenant has no key of Pagar.me.", "O tenant não tem chave da Pagar.me."}}
    };
}

gateways::Refusal refusal_of(const rest::CallError& error) {
    if (error.kind == Kind::credentials)
        return {"payments-credentials", 502, "credentials", error.message};
    return {"payments-refused", 422, "refused", error.message};
}

gateways::Sent sent_of(const rest::CallError& error, bool creates) {
    const gateways::NotDone later{not_done(error), error.retry_after};
    switch (error.kind) {
        case Kind::credentials:
            return gateways::Refused{refusal_of(error)};
        case Kind::refused:
            // What is there already may be what an earlier request has made of it.
            return gateways::Refused{refusal_of(error), !creates};
        case Kind::not_sent:
            return gateways::NotSent{later};
        case Kind::unavailable:
            return gateways::Answered{later};
        case Kind::unknown:
            break;
    }
    return gateways::Unknown{};
}

gateways::LookUpFailed look_up_failed(const rest::CallError& error) {
    const bool is_final = error.kind == Kind::credentials || error.kind == Kind::refused;
    return {{is_final ? refusal_of(error) : not_done(error), error.retry_after}, is_final};
}

}  // namespace vitrine::pagarme
