// The commands on customers: how the engine gets at what customer.hpp decides.
#include "commands/customers/area.hpp"

#include "commands/areas.hpp"
#include "commands/customers/customer.hpp"
#include "commands/customers/loaded.hpp"
#include "commands/customers/wire.hpp"
#include "commands/engine/handler.hpp"
#include "commands/facts.hpp"
#include "commands/json.hpp"
#include "core/email_address.hpp"

namespace vitrine::commands {

constinit const Entity customer_entity{
    .name = "customer", .collection = "/v1/customers", .this_one = {"customer", "este cliente"}
};

namespace {

constexpr ProblemType email_taken{
    "email-taken",
    {409},
    {"The e-mail address belongs to another customer",
     "O endereço de e-mail pertence a outro cliente"},
    {"Change that customer, or merge the two.", "Altere aquele cliente, ou unifique os dois."}
};

}  // namespace

constinit const ClaimKind email_kind{
    .name = "email",
    .noun = {"e-mail address", "endereço de e-mail"},
    .problem = email_taken.name,
    .owner = {"another customer", "outro cliente"},
    .type = &email_taken
};

constinit const ClaimKind reference_kind{
    .name = "reference",
    .noun = {"reference", "referência"},
    .problem = email_taken.name,
    .owner = {"another customer", "outro cliente"},
    .type = &email_taken
};

Claim reference_claim(std::string reference) {
    return {std::string(reference_kind.name), std::move(reference)};
}

Claim email_claim(std::string email) {
    return {std::string(email_kind.name), std::move(email)};
}

namespace {

Claims claims_of_email(const Json& body) {
    auto email = email_address(text_member(body, "email").value_or(""));
    return email ? Claims{email_claim(*std::move(email))} : Claims();
}

std::optional<events::PersonText> part_of(const Json& address, const char* name) {
    auto text = text_member(address, name);
    return text ? std::optional<events::PersonText>(*std::move(text)) : std::nullopt;
}

Edited<events::Address> address_edit(const Json& body) {
    const auto found = body.find("address");
    if (found == body.end()) return {};
    if (!found->is_object()) return Edited<events::Address>::cleared();
    return events::Address{
        part_of(*found, "street"),
        part_of(*found, "number"),
        part_of(*found, "complement"),
        part_of(*found, "neighborhood"),
        part_of(*found, "city"),
        part_of(*found, "state"),
        part_of(*found, "zip_code"),
        part_of(*found, "country")
    };
}

Edited<std::string> metadata_edit(const Json& body) {
    const auto text = json_edit(body, "metadata");
    if (text.empty()) return {};
    return text.text == "null" ? Edited<std::string>::cleared() : Edited<std::string>(text.text);
}

std::optional<std::vector<std::string>> tags_member(const Json& body) {
    const auto found = body.find("tags");
    if (found == body.end() || !found->is_array()) return std::nullopt;
    std::vector<std::string> tags;
    for (const auto& each : *found) {
        if (each.is_string()) tags.push_back(each.get<std::string>());
    }
    return tags;
}

}  // namespace

CustomerTold told_in(const Json& body) {
    return {
        text_member(body, "email"),
        text_member(body, "name"),
        text_edit(body, "phone"),
        text_edit(body, "document"),
        address_edit(body),
        tags_member(body),
        text_edit(body, "locale"),
        metadata_edit(body)
    };
}

namespace {

/// What is answered is as it will be; what only the platform tells joins it.
Json answer_of(const CustomerState& state) {
    Json json;
    if (state.clubify_id) json["clubify_customer_id"] = state.clubify_id->str();
    json["status"] = "active";
    return json;
}

/// The platform is told of who is not, and is kept up to date.
constexpr const char* platform_id = "clubify_customer_id";

struct PutCustomerHandling {
    static Claims claims(const ClaimRequest& request) { return claims_of_email(request.body); }

    static std::string owner_of(const OwnerRequest& request) {
        return request.claims.empty() ? std::string()
                                      : customer_with(request, request.claims.front());
    }

    static PutCustomer parse(const Preparation& from) { return {told_in(from.body)}; }

    /// While a body is only looked through nobody has found yet whom it is about.
    static CustomerState load(const Preparation& from, const PutCustomer&) {
        auto state = customer_of(from);
        if (state.version != 0) return state;
        const auto claims = claims_of_email(from.body);
        const auto known = owner_of({from.store, from.facts, from.tenant, claims});
        return known.empty() ? state : load_customer(from.store, from.tenant, known);
    }

    static CustomerDecision decide(
        const PutCustomer& command, const CustomerState& state, const Preparation& from
    ) {
        // One who was merged is known by another address; theirs stays.
        auto told = command;
        if (state.version != 0 && is_of_merged(state, from)) told.email.reset();
        return commands::decide(told, state);
    }

    static JsonText answer(const PutCustomer&, const CustomerState& state, const Preparation&) {
        auto json = answer_of(state);
        json["created"] = state.version == 0;
        return JsonText(json.dump());
    }

    static void effects(
        Plan& plan,
        const PutCustomer&,
        const CustomerState& state,
        const CustomerEvents& events,
        const Preparation& from
    ) {
        auto after = state;
        for (const auto& event : events) after = evolve(std::move(after), event);
        carried_by(plan, "put", told_to_platform(after, from));
        plan.events.front().id_member = platform_id;
    }

private:
    /// The address that was asked by is another's, who was merged into this one.
    static bool is_of_merged(const CustomerState& state, const Preparation& from) {
        return !from.claims.empty() &&
               (!state.email || state.email->text() != from.claims.front().key);
    }
};

/// One who changes, and the address that they give up where it is another from now on.
struct EditedCustomer {
    CustomerState state;
    std::vector<store::HeldClaim> given_up;
};

/// The claim of the address that the customer has; empty: another has it, or nobody.
std::vector<store::HeldClaim> claim_held(const Preparation& from, const CustomerState& state) {
    if (!state.email || state.email->text().empty()) return {};
    auto claim = email_claim(state.email->text());
    auto holder = from.store.journal().holder(from.tenant, claim);
    if (!holder) return {};
    return {{std::move(claim), *std::move(holder)}};
}

struct EditCustomerHandling {
    static Claims claims(const ClaimRequest& request) { return claims_of_email(request.body); }

    static EditCustomer parse(const Preparation& from) { return {told_in(from.body)}; }

    static EditedCustomer load(const Preparation& from, const EditCustomer& command) {
        EditedCustomer known{customer_of(from), {}};
        if (command.email) known.given_up = claim_held(from, known.state);
        return known;
    }

    static CustomerDecision
    decide(const EditCustomer& command, const EditedCustomer& known, const Preparation&) {
        return commands::decide(command, known.state);
    }

    static JsonText answer(const EditCustomer&, const EditedCustomer& known, const Preparation&) {
        return JsonText(answer_of(known.state).dump());
    }

    static void effects(
        Plan& plan,
        const EditCustomer&,
        const EditedCustomer& known,
        const CustomerEvents& events,
        const Preparation& from
    ) {
        const auto* changed = std::get_if<events::CustomerChanged>(&events.front());
        if (changed != nullptr && changed->email) {
            plan.claims = from.claims;
            plan.releases = known.given_up;
        }
        if (known.state.clubify_id)
            carried_by(plan, "edit", changed_on_platform(known.state, events, from));
    }
};

/// Of commands that need nothing but the customer.
template <class Command>
struct OnCustomer {
    static CustomerState load(const Preparation& from, const Command&) { return customer_of(from); }

    static CustomerDecision
    decide(const Command& command, const CustomerState& state, const Preparation&) {
        return commands::decide(command, state);
    }

    static JsonText answer(const Command&, const CustomerState& state, const Preparation&) {
        return JsonText(answer_of(state).dump());
    }
};

/// Of those that the platform is told.
template <class Command>
struct ToldOnCustomer : OnCustomer<Command> {
    static void effects(
        Plan& plan,
        const Command&,
        const CustomerState& state,
        const CustomerEvents& events,
        const Preparation& from
    ) {
        if (state.clubify_id) carried_by(plan, "tags", changed_on_platform(state, events, from));
    }
};

struct TagCustomerHandling : ToldOnCustomer<TagCustomer> {
    static TagCustomer parse(const Preparation& from) { return {from.item_id}; }
};

struct UntagCustomerHandling : ToldOnCustomer<UntagCustomer> {
    static UntagCustomer parse(const Preparation& from) { return {from.item_id}; }
};

struct RecordConsentHandling : OnCustomer<RecordConsent> {
    static RecordConsent parse(const Preparation& from) {
        return {
            text_member(from.body, "purpose").value_or(""),
            bool_member(from.body, "granted").value_or(false),
            text_member(from.body, "text_version").value_or(""),
            text_member(from.body, "channel").value_or("")
        };
    }
};

struct Merging {
    CustomerState state, into;
};

struct MergeCustomerHandling {
    static MergeCustomer parse(const Preparation& from) {
        return {text_member(from.body, "into").value_or("")};
    }

    static Merging load(const Preparation& from, const MergeCustomer& command) {
        Merging known{customer_of(from), {}};
        if (is_uuid(command.into))
            known.into = load_customer(from.store, from.tenant, command.into);
        return known;
    }

    /// The other one must stay as they are meanwhile.
    static std::vector<StreamName> relies_on(const Preparation& from) {
        const auto into = text_member(from.body, "into").value_or("");
        if (!is_uuid(into) || into == from.entity_id) return {};
        return {StreamName("customer-" + into)};
    }

    static CustomerDecision
    decide(const MergeCustomer& command, const Merging& known, const Preparation&) {
        return commands::decide(command, known.state, known.into);
    }

    static JsonText answer(const MergeCustomer& command, const Merging&, const Preparation&) {
        Json json;
        json["status"] = "merged";
        json["merged_into"] = command.into;
        return JsonText(json.dump());
    }
};

/// One who is to be erased, and who else is the same person.
struct Erasing {
    CustomerState state;
    std::vector<store::HeldClaim> given_up;
    std::vector<std::string> merged;
};

struct EraseCustomerHandling {
    static EraseCustomer parse(const Preparation& from) {
        return {text_member(from.body, "reason").value_or("")};
    }

    static Erasing load(const Preparation& from, const EraseCustomer&) {
        Erasing known{customer_of(from), {}, {}};
        known.given_up = claim_held(from, known.state);
        for (auto& id : from.facts.merged_into(from.tenant, from.entity_id)) {
            if (!load_customer(from.store, from.tenant, id).erased)
                known.merged.push_back(std::move(id));
        }
        return known;
    }

    static CustomerDecision
    decide(const EraseCustomer& command, const Erasing& known, const Preparation&) {
        if (!known.merged.empty()) {
            std::string ids;
            for (const auto& id : known.merged) ids += (ids.empty() ? "" : ", ") + id;
            return std::unexpected(Rejection{
                "illegal-transition",
                phrase(
                    "Customers were merged into this one, and are to be erased before: {}.",
                    "Clientes foram unificados neste, e devem ser apagados antes: {}.",
                    ids
                ),
                {}
            });
        }
        return commands::decide(command, known.state);
    }

    static JsonText answer(const EraseCustomer&, const Erasing&, const Preparation&) {
        return status_answer("erased");
    }

    /// Nothing is done outside; the address is free with it.
    static void
    effects(Plan& plan, const EraseCustomer&, const Erasing& known, const CustomerEvents&, const Preparation&) {
        plan.releases = known.given_up;
    }
};

}  // namespace

std::span<const Definition> customer_commands() {
    static const Definition table[] = {
        {.name = "PutCustomer",
         .method = "PUT",
         .route = "/v1/customers",
         .entity = customer_entity,
         .creates = true,
         .names_people = true,
         .failure_type = "CustomerRegistrationFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "put_customer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<PutCustomerHandling>,
         .claims = &email_kind},
        {.name = "EditCustomer",
         .method = "PATCH",
         .route = "/v1/customers/{id}",
         .entity = customer_entity,
         .names_people = true,
         .failure_type = "CustomerChangeFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "edit_customer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<EditCustomerHandling>,
         .claims = &email_kind},
        {.name = "TagCustomer",
         .method = "PUT",
         .route = "/v1/customers/{id}/tags/{tag}",
         .entity = customer_entity,
         .names_people = true,
         .failure_type = "CustomerTagFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "tag_customer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<TagCustomerHandling>},
        {.name = "UntagCustomer",
         .method = "DELETE",
         .route = "/v1/customers/{id}/tags/{tag}",
         .entity = customer_entity,
         .names_people = true,
         .failure_type = "CustomerUntagFailed",
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "untag_customer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<UntagCustomerHandling>},
        {.name = "RecordConsent",
         .method = "POST",
         .route = "/v1/customers/{id}/consents",
         .entity = customer_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "record_consent.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<RecordConsentHandling>},
        {.name = "MergeCustomer",
         .method = "POST",
         .route = "/v1/customers/{id}/merge",
         .entity = customer_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "merge_customer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<MergeCustomerHandling>},
        {.name = "EraseCustomer",
         .method = "POST",
         .route = "/v1/customers/{id}/erase",
         .entity = customer_entity,
         .needs_admin = true,
         .names_people = true,
         .ends_person = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "erase_customer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<EraseCustomerHandling>},
    };
    return table;
}

}  // namespace vitrine::commands
