#include "commands/customers/wire.hpp"

#include "commands/json.hpp"
#include "core/overloaded.hpp"
#include "gateways/clubify/customer_effects.hpp"
#include "gateways/clubify/mark.hpp"

namespace vitrine::commands {
namespace {

using Text = std::optional<events::PersonText>;

void put(Json& json, const char* name, const Text& text) {
    if (text) json[name] = text->text();
}

/// null where it is gone.
void put_edited(Json& json, const char* name, const Text& text) {
    json[name] = text ? Json(text->text()) : Json();
}

Json json_of(const events::Address& address) {
    Json json = Json::object();
    put(json, "street", address.street);
    put(json, "number", address.number);
    put(json, "complement", address.complement);
    put(json, "neighborhood", address.neighborhood);
    put(json, "city", address.city);
    put(json, "state", address.state);
    put(json, "zip_code", address.zip_code);
    put(json, "country", address.country);
    return json;
}

/// The platform keeps metadata as a whole: they go with everything, marked as this command's.
void put_metadata(Json& json, const CustomerState& state, const Preparation& from) {
    const clubify::Imprint imprint{
        from.command_id, "customer", state.id.str(), "", "", from.tenant_context
    };
    const JsonText metadata(state.metadata ? state.metadata->text() : std::string());
    json["metadata"] = Json::parse(clubify::marked(metadata, imprint).text);
}

void put_change(Json& json, const events::CustomerChanged& change) {
    put(json, "name", change.name);
    put(json, "email", change.email);
    if (change.phone.given()) put_edited(json, "phone", change.phone.value());
    if (change.document.given()) {
        put_edited(json, "document", change.document.value());
        const auto& type = change.document_type.value();
        json["document_type"] = type ? Json(*type) : Json();
    }
    if (change.address.given())
        json["address"] = change.address.value() ? json_of(*change.address.value()) : Json();
}

}  // namespace

Effect told_to_platform(const CustomerState& state, const Preparation& from) {
    Json json = Json::object();
    put(json, "name", state.name);
    put(json, "email", state.email);
    put(json, "phone", state.phone);
    put(json, "document", state.document);
    if (state.document_type) json["document_type"] = *state.document_type;
    if (state.address) json["address"] = json_of(*state.address);
    json["tags"] = state.tags;
    put_metadata(json, state, from);
    return clubify::put_customer(
        JsonText(json.dump()), state.email ? state.email->text() : std::string()
    );
}

Effect changed_on_platform(
    const CustomerState& before, const CustomerEvents& events, const Preparation& from
) {
    Json json = Json::object();
    auto after = before;
    for (const auto& event : events) {
        if (const auto* change = std::get_if<events::CustomerChanged>(&event))
            put_change(json, *change);
        after = evolve(std::move(after), event);
    }
    if (after.tags != before.tags) json["tags"] = after.tags;
    put_metadata(json, after, from);
    return clubify::change_customer(JsonText(json.dump()), before.clubify_id.value_or(ClubifyId()));
}

}  // namespace vitrine::commands
