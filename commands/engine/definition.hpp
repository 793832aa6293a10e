#pragma once

#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "commands/engine/claims.hpp"
#include "commands/engine/plan.hpp"
#include "commands/engine/rejection.hpp"
#include "commands/json_fwd.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "store/event_store.hpp"

// What an area says of its commands: the one table behind routes, validation, work and
// documentation.
namespace vitrine::commands {

class Facts;
class States;
struct Definition;

/// What a command is prepared from, after its schema has accepted the body.
struct Preparation {
    const Definition& definition;
    store::EventStore& store;  // its reads may block
    const Facts& facts;
    const TenantId& tenant;
    const CommandId& command_id;
    const std::string& entity_id;  // of the path, or the new one
    const std::string& item_id;    // the further one of the path: of a part of the entity
    Version version = 0;           // of the entity's stream, before
    const Claims& claims;          // that it may make; it has its turn on them
    const Json& body;
    JsonText tenant_context = {};  // what outside systems are told of the tenant
    Timestamp now = {};            // by the clock of the service
    States* states = nullptr;      // of commands on several streams: what they decide on
};

using Prepared = std::expected<Plan, Rejection>;

/// What a command that wants the one with certain claims is asked for it.
struct OwnerRequest {
    store::EventStore& store;  // its reads may block
    const Facts& facts;
    const TenantId& tenant;
    const Claims& claims;
};

/// How a command is worked on: see handled_by in handler.hpp. Concurrency: what is given a
/// Preparation is called on any thread, where the reads of the store may block; what it refers to
/// stays as it is meanwhile.
struct Handler {
    Prepared (*prepare)(const Preparation&);
    /// What rules that no schema can say find wrong with a body of which the schema has refused
    /// members: they are absent, elements of lists null.
    std::vector<Fault> (*check)(const Preparation&);
    Claims (*claims)(const ClaimRequest&);  // nullptr: it claims nothing
    /// Streams that must stay as they are until the command is concluded, though others may rely on
    /// them at the same time. nullptr: none.
    std::vector<StreamName> (*relies_on)(const Preparation&);
    /// The id that the body gives what is created, which is a key that it claims. nullptr: it gets
    /// a new one.
    std::string (*id_in)(const Json& body) = nullptr;
    /// Whether any of several claims will do: `claims` is asked for the next until one is free.
    /// nullptr: never.
    bool (*has_choice)(const ClaimRequest&) = nullptr;
    /// Of a command that creates only where nothing has its claims yet, and else is about what has
    /// them: the id of that; empty: nothing has. nullptr: it creates in any case.
    std::string (*owner_of)(const OwnerRequest&) = nullptr;
    /// Of a command that decides on several streams (several.hpp): those besides its own, as far as
    /// its body tells. nullptr: it has its own alone.
    std::vector<StreamName> (*streams)(const Preparation&) = nullptr;
    /// The version of its own stream, among those.
    Version (*own_version)(States&, const StreamName&) = nullptr;
};

/// What commands are about.
struct Entity {
    std::string_view name;        // "offer": "offer_id" in answers, and its streams' category
    std::string_view collection;  // "/v1/offers": the Location is below it
    Term this_one;                // {"offer", "esta oferta"}: the name, and "this …"
    bool (*is_id)(std::string_view) = is_uuid;  // of a text in a path
    /// The id that a text in a path means, where it may be written in several ways. nullptr: that.
    std::string (*as_id)(std::string_view) = nullptr;
    /// Whether a process notes general events in its streams: the versions that clients see are
    /// those of the events between these.
    bool has_process = false;
    /// Of its streams, where their category is another word than the name: empty: the name.
    std::string_view category = {};

    constexpr std::string_view category_of_streams() const {
        return category.empty() ? name : category;
    }
};

/// One command of the service: where it comes in, what its body is, how it is worked on.
struct Definition {
    std::string_view name;    // "CreateOffer"
    std::string_view method;  // "POST"
    std::string_view route;   // "/v1/offers/{id}/activate"
    const Entity& entity;
    bool creates = false;       // the entity gets its id here
    bool begins = false;        // the entity of the path need not be there yet
    bool creates_once = false;  // asked for again, what it has created is answered
    bool needs_admin = false;   // it shows or ends a secret: an operator may not
    /// Body, plan or answer name people: the journal keeps them sealed, under the key of whom
    /// Plan::person says, or else of the entity's id.
    bool names_people = false;
    /// It ends the person: its row outlives their keys, under the tenant's key of the month.
    bool ends_person = false;
    /// A body that has the number of a payment card anywhere is refused, and kept nowhere.
    bool refuses_cards = false;
    /// Kind of the process that answers it, which is then about the same entity; empty: none does.
    /// Not of a command on several streams.
    std::string_view feeds = {};
    std::string_view failure_type = {};  // event that notes its refusal by an outside system
    std::string_view schema;             // JSON Schema of the body
    Handler handler;
    const ClaimKind* claims = nullptr;              // the natural key that it claims; nullptr: none
    std::array<std::string_view, 8> problems = {};  // types that its own rules answer, or a gateway

    /// Whether it is one of those that need an entity which is there.
    constexpr bool needs_entity() const { return !creates && !begins; }

    /// Whether something happens in an outside system.
    constexpr bool acts_outside() const { return !failure_type.empty(); }
};

}  // namespace vitrine::commands
