#include "commands/tenants/tenant.hpp"

#include "commands/engine/load.hpp"
#include "core/overloaded.hpp"
#include "events/codec.hpp"

namespace vitrine::commands {
namespace {

Rejection not_registered() {
    return {"not-found", {"There is no such tenant.", "Este tenant não existe."}, {}};
}

Rejection is_retired(const TenantState& state) {
    return {
        "illegal-transition",
        phrase(
            "The tenant {} is retired, for good.",
            "O tenant {} foi encerrado em definitivo.",
            state.facts.tenant.str()
        ),
        {}
    };
}

/// What differs; `changed` notes whether anything does.
std::optional<std::string> difference(
    const std::optional<std::string>& wanted, const std::string& present, bool& changed
) {
    if (!wanted || *wanted == present) return std::nullopt;
    changed = true;
    return wanted;
}

constexpr const char* usual_payments = "clubify";

JsonText none_for_empty(const JsonText& branding) {
    return branding.text == "{}" ? JsonText() : branding;
}

}  // namespace

TenantDecision decide(const RegisterTenant& command, const TenantState& state) {
    if (state.retired) return std::unexpected(is_retired(state));
    auto facts = command.facts;
    facts.branding = none_for_empty(facts.branding);
    return TenantEvents{std::move(facts)};
}

TenantDecision decide(const ChangeTenant& command, const TenantState& state) {
    if (!state.is_registered()) return std::unexpected(not_registered());
    if (state.retired) return std::unexpected(is_retired(state));
    const auto& present = state.facts;
    bool changed = false;
    events::TenantChanged event;
    event.tenant = present.tenant;
    event.name = difference(command.name, present.name, changed);
    event.environment = difference(command.environment, present.environment, changed);
    event.domain = difference(command.domain, present.domain, changed);
    if (!command.branding.empty() && none_for_empty(command.branding) != present.branding) {
        event.branding = command.branding;
        changed = true;
    }
    event.locale = difference(command.locale, present.locale, changed);
    event.clubify_tenant_id =
        difference(command.clubify_tenant_id, present.clubify_tenant_id, changed);
    event.clubify_organization_id =
        difference(command.clubify_organization_id, present.clubify_organization_id, changed);
    if (command.replaces_credentials) {
        event.credentials_replaced = state.credentials_replaced + 1;
        changed = true;
    }
    if (command.webhooks && command.webhooks != present.webhooks) {
        event.webhooks = command.webhooks;
        changed = true;
    }
    event.payments =
        difference(command.payments, present.payments.value_or(usual_payments), changed);
    if (!changed) return TenantEvents{};
    return TenantEvents{std::move(event)};
}

TenantDecision decide(const RetireTenant& command, const TenantState& state) {
    if (!state.is_registered()) return std::unexpected(not_registered());
    if (state.retired) return TenantEvents{};
    return TenantEvents{events::TenantRetired{state.facts.tenant, command.reason}};
}

TenantDecision decide(const WithdrawTenant&, const TenantState& state) {
    if (!state.is_registered()) return std::unexpected(not_registered());
    return TenantEvents{events::TenantWithdrawn{state.facts.tenant}};
}

TenantState evolve(TenantState state, const events::TenantEvent& event) {
    const auto take = [](const std::optional<std::string>& changed, std::string& present) {
        if (changed) present = *changed;
    };
    std::visit(
        overloaded{
            [&](const events::TenantRegistered& e) {
                state.facts = e;
                state.credentials_replaced = 0;
                state.withdrawn = false;
            },
            [&](const events::TenantChanged& e) {
                take(e.name, state.facts.name);
                take(e.environment, state.facts.environment);
                take(e.domain, state.facts.domain);
                if (!e.branding.empty()) state.facts.branding = none_for_empty(e.branding);
                take(e.locale, state.facts.locale);
                take(e.clubify_tenant_id, state.facts.clubify_tenant_id);
                take(e.clubify_organization_id, state.facts.clubify_organization_id);
                if (e.credentials_replaced) state.credentials_replaced = *e.credentials_replaced;
                if (e.webhooks) state.facts.webhooks = e.webhooks;
                if (e.payments) state.facts.payments = e.payments;
            },
            [&](const events::TenantRetired& e) {
                state.retired = true;
                state.reason = e.reason;
            },
            [&](const events::TenantWithdrawn&) { state.withdrawn = true; },
        },
        event
    );
    ++state.version;
    return state;
}

TenantEvents missing_events(const TenantState& registered, const TenantState& logged) {
    TenantEvents missing;
    auto state = logged;
    const auto add = [&](const TenantDecision& decision) {
        if (!decision) return;
        for (const auto& event : *decision) {
            missing.push_back(event);
            state = evolve(std::move(state), event);
        }
    };
    if (!state.is_registered()) add(decide(RegisterTenant{registered.facts}, state));
    const auto& facts = registered.facts;
    ChangeTenant change;
    change.name = facts.name;
    change.environment = facts.environment;
    change.domain = facts.domain;
    change.branding = facts.branding.empty() ? JsonText("{}") : facts.branding;
    change.locale = facts.locale;
    // Credentials that were forgotten no longer tell these.
    if (!facts.clubify_tenant_id.empty()) {
        change.clubify_tenant_id = facts.clubify_tenant_id;
        change.clubify_organization_id = facts.clubify_organization_id;
    }
    change.replaces_credentials = registered.credentials_replaced != state.credentials_replaced;
    // A log from before this was told hears of it with the next secret.
    if (state.facts.webhooks || change.replaces_credentials) change.webhooks = facts.webhooks;
    change.payments = facts.payments;
    auto changed = decide(change, state);
    if (changed && !changed->empty() && change.replaces_credentials) {
        std::get<events::TenantChanged>(changed->front()).credentials_replaced =
            registered.credentials_replaced;
    }
    add(changed);
    if (registered.retired) add(decide(RetireTenant{registered.reason}, state));
    return missing;
}

TenantState load_tenant(store::EventStore& store, const TenantId& id) {
    TenantState state;
    for_each_event(
        store,
        events::operator_tenant(),
        events::tenant_stream(id),
        1,
        [&](const events::RecordedEvent& recorded) {
            if (const auto event = events::decode<events::TenantEvent>(recorded)) {
                state = evolve(std::move(state), *event);
            }
            state.version = recorded.version;
        }
    );
    return state;
}

}  // namespace vitrine::commands
