#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/endpoints.hpp"
#include "store/keys.hpp"

namespace vitrine::commands {

/// The secret that an endpoint's messages are signed with, by its number; since when it is that.
struct SecretOfEndpoint {
    TenantId tenant;
    events::EndpointId endpoint;
    std::int64_t number = 1;
    Timestamp since;
};

/// How long the secret before goes on signing.
inline constexpr std::chrono::hours both_sign{24};

/// The secrets of endpoints: sealed in the key file, the two newest of each, under the connector
/// "endpoint-<id>".
///
/// A secret is made when it is first shown, after the event that tells of it: a command that was
/// cut off in between shows it to whoever repeats it with its idempotency key. The journal has
/// none. Concurrency: any thread. Errors: a broken disk throws.
class EndpointSecrets {
public:
    /// A reference that outlives it.
    explicit EndpointSecrets(store::Keys& keys) : keys_(keys) {}

    /// The text of the secret, made if it is not there; nullopt: the tenant takes none.
    std::optional<std::string> show(const SecretOfEndpoint& which);
    /// The same of one that is not made: nullopt, if it is not kept.
    std::optional<std::string> find(
        const TenantId& tenant, const events::EndpointId& endpoint, std::int64_t number
    );
    /// Those that sign at `now`, the newest first. One that nobody was shown yet is passed over.
    std::vector<std::string> signing(const SecretOfEndpoint& newest, Timestamp now);
    void forget(const TenantId& tenant, const events::EndpointId& endpoint);

private:
    struct Kept {
        std::int64_t number = 0;
        std::string text;
    };
    std::vector<Kept> kept(const TenantId& tenant, const events::EndpointId& endpoint);

    std::mutex mutex_;
    store::Keys& keys_;
};

}  // namespace vitrine::commands
