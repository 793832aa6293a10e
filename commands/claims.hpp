#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/json_fwd.hpp"
#include "commands/problem.hpp"
#include "core/ids.hpp"
#include "store/journal.hpp"

// Natural keys, of which a tenant has each once: a command claims them while it runs, and what it
// made keeps them.
namespace vitrine::commands {

/// {kind, key}: {"slug", "cafe"}, {"sku", "A-1"}.
using Claim = store::Reservation;
using Claims = std::vector<Claim>;

/// What a command is asked for what it claims.
struct ClaimRequest {
    const Json& body;
    const Claims* former;  // of an attempt that is run again; nullptr: there was none
    const std::function<bool(const Claim&)>& is_free;
};

/// The key of that kind; empty: none is claimed.
std::string claimed(const Claims& claims, std::string_view kind);

/// `slug "cafe"`
std::string spell(const Claim& claim);

/// 409: the key belongs to another.
Problem taken(const Claim& claim);

/// What the command takes its turn of: the stream and its claims.
std::vector<std::string> turn_keys(
    const TenantId& tenant, const StreamName& stream, const Claims& claims
);
std::string turn_key(const TenantId& tenant, const Claim& claim);

}  // namespace vitrine::commands
