#pragma once

#include <map>
#include <string>
#include <vector>

#include "commands/tenants/operator_log.hpp"
#include "events/keys.hpp"
#include "store/event_store.hpp"
#include "store/keys.hpp"

// The keys of a tenant as the log tells them. Pure but for load.
namespace vitrine::commands {

struct KeyHistory {
    std::map<std::string, bool, std::less<>> revoked;  // by what the key is known by
    std::int64_t master_key_changes = 0;
};

KeyHistory evolve(KeyHistory history, const events::KeyEvent& event);
KeyHistory load_keys(store::EventStore& store, const StreamName& stream);

events::KeyAdded added(const store::ApiKey& key);
events::KeyRevoked revoked(const store::ApiKey& key);

/// What the log must still be told of the keys in the file. `first`: the one that the tenant's
/// registration tells of.
std::vector<Told> missing_events(
    const std::vector<store::ApiKey>& keys, const KeyHistory& logged, const std::string& first
);

/// Those that the log has revoked and the file, an older one that was put back, has not.
std::vector<std::string> revived_keys(
    const std::vector<store::ApiKey>& keys, const KeyHistory& logged
);

}  // namespace vitrine::commands
