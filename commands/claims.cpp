#include "commands/claims.hpp"

#include <algorithm>
#include <stdexcept>

#include "commands/problem_of.hpp"

namespace vitrine::commands {
namespace {

struct Kind {
    std::string_view name;     // of the claim
    std::string_view noun;     // in every language
    std::string_view problem;  // when it is another's
    Term owner;
};

constexpr Kind kinds[] = {
    {"slug", "slug", "slug-taken", {"another offer", "outra oferta"}},
    {"sku", "SKU", "sku-taken", {"another product", "outro produto"}},
};

const Kind& kind_of(const Claim& claim) {
    const auto* found = std::ranges::find(kinds, claim.kind, &Kind::name);
    if (found == std::end(kinds)) throw std::logic_error("no kind of claim " + claim.kind);
    return *found;
}

}  // namespace

std::string claimed(const Claims& claims, std::string_view kind) {
    const auto found = std::ranges::find(claims, kind, &Claim::kind);
    return found == claims.end() ? std::string() : found->key;
}

std::string spell(const Claim& claim) {
    return std::string(kind_of(claim).noun) + " \"" + claim.key + '"';
}

Problem taken(const Claim& claim) {
    const auto& kind = kind_of(claim);
    return problem_named(
        kind.problem,
        phrase("The {} belongs to {}.", "O {} pertence a {}.", spell(claim), kind.owner)
    );
}

std::vector<std::string> turn_keys(
    const TenantId& tenant, const StreamName& stream, const Claims& claims
) {
    std::vector<std::string> keys{tenant.str() + '/' + stream.str()};
    for (const auto& claim : claims) keys.push_back(turn_key(tenant, claim));
    return keys;
}

std::string turn_key(const TenantId& tenant, const Claim& claim) {
    return tenant.str() + '/' + claim.kind + ':' + claim.key;
}

}  // namespace vitrine::commands
