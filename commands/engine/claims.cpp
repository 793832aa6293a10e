#include "commands/engine/claims.hpp"

#include <algorithm>

#include "commands/problem_of.hpp"

namespace vitrine::commands {
std::string claimed(const Claims& claims, std::string_view kind) {
    const auto found = std::ranges::find(claims, kind, &Claim::kind);
    return found == claims.end() ? std::string() : found->key;
}

Phrase spell(const ClaimKind& kind, const Claim& claim) {
    return phrase("{} \"{}\"", "{} \"{}\"", kind.noun, claim.key);
}

Problem taken(const ClaimKind& kind, const Claim& claim) {
    return problem_named(
        kind.problem,
        phrase("The {} belongs to {}.", "O {} pertence a {}.", spell(kind, claim), kind.owner)
    );
}

std::vector<std::string> turn_keys(
    const TenantId& tenant, const StreamName& stream, const Claims& claims
) {
    auto keys = turn_keys(tenant, claims);
    keys.push_back(tenant.str() + '/' + stream.str());
    return keys;
}

std::vector<std::string> turn_keys(const TenantId& tenant, const Claims& claims) {
    std::vector<std::string> keys;
    keys.reserve(claims.size() + 1);
    for (const auto& claim : claims)
        keys.push_back(tenant.str() + '/' + claim.kind + ':' + claim.key);
    return keys;
}

}  // namespace vitrine::commands
