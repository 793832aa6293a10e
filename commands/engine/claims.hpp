#pragma once

#include <cstddef>
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
using Claim = store::Claim;
using Claims = std::vector<Claim>;

/// What an area says of the natural key that its things have.
struct ClaimKind {
    std::string_view name;              // of Claim::kind
    Term noun;                          // "slug"
    std::string_view problem;           // type, when it is another's
    Term owner;                         // "another offer"
    const ProblemType* type = nullptr;  // of that name; nullptr: it stands in problem.cpp
};

/// What a command is asked for what it claims.
struct ClaimRequest {
    const Json& body;
    const Claims* former;    // of an attempt that is run again; nullptr: there was none
    std::size_t choice = 0;  // how many others were not free, of one that has the choice
};

/// The key of that kind; empty: none is claimed.
std::string claimed(const Claims& claims, std::string_view kind);

/// `slug "cafe"`
Phrase spell(const ClaimKind& kind, const Claim& claim);

/// 409: the key belongs to another.
Problem taken(const ClaimKind& kind, const Claim& claim);

/// What the command takes its turn of: the stream and its claims.
std::vector<std::string> turn_keys(
    const TenantId& tenant, const StreamName& stream, const Claims& claims
);
std::vector<std::string> turn_keys(const TenantId& tenant, const Claims& claims);

}  // namespace vitrine::commands
