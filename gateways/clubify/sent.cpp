#include "gateways/clubify/sent.hpp"

#include <nlohmann/json.hpp>

#include "gateways/clubify/refusals.hpp"

namespace vitrine::clubify {
namespace {

/// The platform answered, so the request is over there; a gateway's 502 and 504 say nothing about
/// that.
bool is_over(const CallError& error) {
    return error.kind == CallError::Kind::unavailable && error.status != 502 && error.status != 504;
}

}  // namespace

void identify(Call& call, const gateways::EffectOrigin& origin) {
    call.idempotency_key = origin.command_id.str() + "-" + origin.step;
    call.correlation_id = origin.correlation_id.str();
    call.traceparent = origin.traceparent;
}

std::string id_in(const Answer& answer) {
    const auto json = nlohmann::json::parse(answer.body.text, nullptr, false);
    if (!json.is_object()) return {};
    for (const char* name : {"_id", "id"}) {
        if (const auto found = json.find(name); found != json.end() && found->is_string())
            return *found;
    }
    return {};
}

gateways::Sent sent_of(const CallError& error, Settle settle, const gateways::Manner& manner) {
    const gateways::NotDone not_done{vitrine::clubify::not_done(error), error.retry_after};
    switch (error.kind) {
        case CallError::Kind::credentials:
            return gateways::Refused{refusal_of(settle, error)};
        case CallError::Kind::refused: {
            const bool taken = manner.asks_first && error.status == 409;
            const bool gone = error.status == 404 && !manner.creates;
            return gateways::Refused{refusal_of(settle, error), taken || gone};
        }
        case CallError::Kind::not_sent:
            return gateways::NotSent{not_done};
        case CallError::Kind::unavailable:
            if (is_over(error) || !manner.appears_late) return gateways::Answered{not_done};
            return gateways::Unknown{};
        case CallError::Kind::unknown:
            break;
    }
    return gateways::Unknown{};
}

}  // namespace vitrine::clubify
