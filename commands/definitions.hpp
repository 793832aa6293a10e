#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "commands/claims.hpp"
#include "commands/facts.hpp"
#include "commands/json_fwd.hpp"
#include "commands/plan.hpp"
#include "commands/rejection.hpp"
#include "core/ids.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// What a command is prepared from, after its schema has accepted the body.
struct Preparation {
    store::EventStore& store;
    const Facts& facts;
    const TenantId& tenant;
    const CommandId& command_id;
    const std::string& entity_id;   // of the path, or the new one
    const std::string& product_id;  // of /v1/offers/{id}/products/{product_id}
    const Claims& claims;           // that it may make; it has its turn on them
    const Json& body;
    JsonText tenant_context = {};  // what the platform is told of the tenant
};

using Prepared = std::expected<Plan, Rejection>;

/// What rules that no schema can say find wrong with a body of which the schema has refused
/// members: they are absent, elements of lists null.
using RuleCheck = std::vector<Fault> (*)(const Preparation&);

/// One command of the service: where it comes in, what its body is, how it is prepared.
struct Definition {
    std::string_view name;    // "CreateOffer"
    std::string_view method;  // "POST"
    std::string_view route;   // "/v1/offers/{offer_id}/activate"
    std::string_view entity;  // "offer", "product"
    bool creates = false;     // the entity gets its id here
    std::string_view failure_type;
    std::string_view schema;  // JSON Schema of the body
    Prepared (*prepare)(const Preparation&);
    RuleCheck check = nullptr;                        // nullptr: it has no such rules
    Claims (*claims)(const ClaimRequest&) = nullptr;  // nullptr: none
};

/// Every command there is: the one table behind routes, validation and documentation.
std::span<const Definition> definitions();

/// nullptr: no such command.
const Definition* find_definition(std::string_view name);

}  // namespace vitrine::commands
