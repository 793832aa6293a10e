#include "processes/command_effects.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "commands/problem.hpp"
#include "store/read.hpp"

namespace vitrine::processes {

namespace asio = boost::asio;

using gateways::Absent;
using gateways::Answered;
using gateways::Done;
using gateways::LookUpFailed;
using gateways::NotDone;
using gateways::Refused;
using gateways::Sent;
using gateways::Settled;
using gateways::Unknown;

namespace {

/// While it is under way it is asked about that often.
constexpr std::chrono::seconds under_way_pause{1};

std::string detail_in(Language language, const std::string& body) {
    const auto document = nlohmann::json::parse(commands::body_in(language, body), nullptr, false);
    if (!document.is_object()) return {};
    const auto faults = document.find("errors");
    if (faults == document.end() || !faults->is_array() || faults->empty())
        return document.value("detail", "");
    std::string text;  // what is wrong: the detail beside it speaks to whoever sent the request
    for (const auto& fault : *faults) {
        if (!text.empty()) text += "; ";
        const auto pointer = fault.value("pointer", "");
        if (pointer.size() > 1) text += pointer.substr(1) + ": ";
        text += fault.value("detail", "");
    }
    return text;
}

gateways::Refusal refusal_of(int status, const std::string& body) {
    return {
        std::string(commands::problem_name_in(body)),
        status,
        status >= 500 ? "unavailable" : "refused",
        {detail_in(Language::english, body), detail_in(Language::portuguese, body)}
    };
}

/// Whether the same command may succeed later, without anybody doing something else first.
bool may_succeed_later(int status, std::string_view problem) {
    return status >= 500 || status == 408 || status == 429 || problem == "command-in-flight";
}

/// The last part of the path under which what was made is found.
std::string id_in(const std::string& location) {
    return location.substr(location.rfind('/') + 1);
}

/// What the platform calls what the command made or found: "clubify_customer_id" and the like.
JsonText platform_ids_in(const std::string& body) {
    const auto answer = nlohmann::ordered_json::parse(body, nullptr, false);
    auto told = nlohmann::ordered_json::object();
    if (!answer.is_object()) return {};
    for (const auto& [name, value] : answer.items()) {
        if (name.starts_with("clubify_") && name.ends_with("_id") && value.is_string())
            told[name] = value;
    }
    return told.empty() ? JsonText() : JsonText(told.dump());
}

}  // namespace

gateways::Effect command_effect(CommandCall call) {
    gateways::Effect effect;
    effect.connector = commands_connector;
    effect.method = std::move(call.method);
    effect.path = std::move(call.path);
    effect.body = JsonText(std::move(call.body));
    effect.settle = std::move(call.name);
    effect.subject = std::move(call.entity_id);
    effect.wanted = std::move(call.item_id);
    return effect;
}

/// The key of the command makes every repeat the same one.
gateways::Manner CommandEffects::manner(const gateways::Effect&) const {
    return {};
}

asio::awaitable<Sent> CommandEffects::send(gateways::Effect effect, gateways::EffectOrigin origin) {
    commands::CommandRequest request;
    request.principal = {origin.tenant, store::Role::admin, origin.actor};
    request.name = effect.settle;
    request.method = effect.method;
    request.path = effect.path;
    request.entity_id = effect.subject;
    request.item_id = effect.wanted;
    request.body = effect.body.text;
    request.id = origin.command_id.str();
    request.idempotency_key = origin.actor + ':' + origin.command_id.str();
    request.correlation_id = origin.correlation_id.str();
    request.traceparent = origin.traceparent;
    auto handling = bus_.handle(std::move(request));
    const auto reply = co_await std::move(handling);
    if (reply.status == 202) co_return Unknown{};  // it goes on; the journal tells
    if (reply.status < 400) co_return Done{id_in(reply.location), platform_ids_in(reply.body)};
    auto refusal = refusal_of(reply.status, reply.body);
    if (may_succeed_later(reply.status, refusal.problem))
        co_return Answered{NotDone{std::move(refusal), reply.retry_after}};
    co_return Refused{std::move(refusal)};
}

asio::awaitable<Settled> CommandEffects::settle(gateways::Effect, gateways::EffectOrigin origin) {
    auto reading = store::read(store_, [this, &origin] {
        return store_.journal().find(origin.tenant, origin.command_id);
    });
    const auto record = co_await std::move(reading);
    if (!record) co_return Absent{};
    switch (record->state) {
        case store::CommandState::accepted: {
            const Phrase why("The command is under way.", "O comando está em andamento.");
            co_return LookUpFailed{
                NotDone{{"command-in-flight", 409, "conflict", why}, under_way_pause}
            };
        }
        case store::CommandState::retryable:
            co_return Absent{};
        case store::CommandState::done:
            break;
    }
    const auto& answer = record->answer.value();
    if (record->succeeded)
        co_return Done{id_in(answer.location), platform_ids_in(answer.body.text)};
    co_return Refused{refusal_of(answer.status, answer.body.text)};
}

}  // namespace vitrine::processes
