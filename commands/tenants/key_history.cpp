#include "commands/tenants/key_history.hpp"

#include "commands/engine/load.hpp"
#include "core/overloaded.hpp"
#include "events/codec.hpp"
#include "events/tenants.hpp"

namespace vitrine::commands {

KeyHistory evolve(KeyHistory history, const events::KeyEvent& event) {
    std::visit(
        overloaded{
            [&](const events::KeyAdded& e) { history.revoked.try_emplace(e.key, false); },
            [&](const events::KeyRevoked& e) { history.revoked.insert_or_assign(e.key, true); },
            [&](const events::MasterKeyChanged& e) { history.master_key_changes = e.changes; },
        },
        event
    );
    return history;
}

KeyHistory load_keys(store::EventStore& store, const StreamName& stream) {
    KeyHistory history;
    for_each_event(
        store,
        events::operator_tenant(),
        stream,
        1,
        [&](const events::RecordedEvent& recorded) {
            if (const auto event = events::decode<events::KeyEvent>(recorded))
                history = evolve(std::move(history), *event);
        }
    );
    return history;
}

events::KeyAdded added(const store::ApiKey& key) {
    events::KeyAdded event;
    event.tenant = key.tenant;
    event.key = key.prefix;
    event.role = store::role_name(key.role);
    event.label = key.label;
    if (key.expires_at) event.expires_at = format_time(*key.expires_at);
    return event;
}

events::KeyRevoked revoked(const store::ApiKey& key) {
    return {key.tenant, key.prefix, std::string(store::role_name(key.role)), key.label};
}

std::vector<Told> missing_events(
    const std::vector<store::ApiKey>& keys, const KeyHistory& logged, const std::string& first
) {
    std::vector<Told> missing;
    const auto tell = [&missing](const events::KeyEvent& event, std::string by, Timestamp at) {
        missing.push_back({events::encode(event), std::move(by), at});
    };
    for (const auto& key : keys) {
        const auto found = logged.revoked.find(key.prefix);
        if (found == logged.revoked.end() && key.prefix != first)
            tell(added(key), key.added_by, key.created_at);
        if (key.revoked && (found == logged.revoked.end() || !found->second))
            tell(revoked(key), key.revoked_by, key.revoked_at.value_or(key.created_at));
    }
    return missing;
}

std::vector<std::string> revived_keys(
    const std::vector<store::ApiKey>& keys, const KeyHistory& logged
) {
    std::vector<std::string> revived;
    for (const auto& key : keys) {
        const auto found = logged.revoked.find(key.prefix);
        if (!key.revoked && found != logged.revoked.end() && found->second)
            revived.push_back(key.prefix);
    }
    return revived;
}

}  // namespace vitrine::commands
