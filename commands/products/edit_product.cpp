#include <algorithm>

#include "commands/engine/handler.hpp"
#include "commands/json.hpp"
#include "commands/products/area.hpp"
#include "commands/products/handlers.hpp"
#include "commands/products/loaded.hpp"
#include "gateways/clubify/effects.hpp"
#include "gateways/clubify/wire.hpp"

namespace vitrine::commands {
namespace {

/// One that is edited, with the key that it gives up where its SKU changes.
struct EditedProduct : ProductAndUses {
    std::vector<store::HeldClaim> given_up;
};

/// Has one of the product's events come of that command?
bool is_of(const Preparation& from, const ProductState& state, const CommandId& command) {
    constexpr std::size_t events_at_once = 100;
    const auto stream = events::stream_of(state.id);
    for (Version version = 1; version <= state.version; version += events_at_once) {
        const auto found = from.store.read_stream(
            from.tenant, stream, version, events_at_once, store::Direction::forwards
        );
        const auto is_its = [&command](const events::RecordedEvent& event) {
            return events::decode_metadata(event.metadata).command_id == command;
        };
        if (std::ranges::any_of(found, is_its)) return true;
    }
    return false;
}

/// The key that the product has and gives up; of two products of older days with the same SKU only
/// one has it.
std::vector<store::HeldClaim> given_up(const Preparation& from, const ProductState& state) {
    if (!state.sku) return {};
    auto claim = sku_claim(*state.sku);
    auto holder = from.store.journal().holder(from.tenant, claim);
    if (!holder || !is_of(from, state, *holder)) return {};
    return {{std::move(claim), *std::move(holder)}};
}

clubify::Call call_for(
    const EditProduct& command, const ProductState& state, const Preparation& from
) {
    auto imprint = imprint_of(state.id, state.created_by, from);
    imprint.edited_by = from.command_id.str();
    const clubify::ProductFields fields{
        command.name,
        {},
        command.description,
        clubify::marked(after_edit(state.metadata, command.metadata), imprint)
    };
    return command.price_cents ? clubify::price_product(
                                     state.clubify_id, *command.price_cents, state.currency, fields
                                 )
                               : clubify::edit_product(state.clubify_id, fields);
}

/// The platform takes no SKU: an edit of nothing else is ours alone.
bool is_only_sku(const ProductEvents& events) {
    const auto* edited = std::get_if<events::ProductEdited>(&events.front());
    if (events.size() != 1 || edited == nullptr) return false;
    auto without = *edited;
    without.sku = {};
    events::ProductEdited nothing;
    nothing.product_id = edited->product_id;
    return without == nothing;
}

/// The SKU that it is to have is told apart from the one that it has by nobody who reads it.
bool is_spelled_anew(const Claims& claims, const EditedProduct& known) {
    return !claims.empty() && !known.given_up.empty() &&
           known.given_up.front().claim == claims.front();
}

struct EditProductHandling {
    static Claims claims(const ClaimRequest& request) { return claims_of_sku(request); }

    static EditProduct parse(const Preparation& from) {
        return {
            text_member(from.body, "name"),
            text_edit(from.body, "description"),
            integer_member(from.body, "price_cents"),
            json_edit(from.body, "metadata"),
            text_edit(from.body, "sku")
        };
    }

    static EditedProduct load(const Preparation& from, const EditProduct& command) {
        EditedProduct known{product_of(from, command.price_cents.has_value()), {}};
        if (command.sku.given()) known.given_up = given_up(from, known.product);
        return known;
    }

    static ProductDecision
    decide(const EditProduct& command, const EditedProduct& known, const Preparation&) {
        return commands::decide(command, known.product, known.uses);
    }

    static JsonText answer(const EditProduct&, const EditedProduct&, const Preparation&) {
        return status_answer("active");
    }

    static void effects(
        Plan& plan,
        const EditProduct& command,
        const EditedProduct& known,
        const ProductEvents& events,
        const Preparation& from
    ) {
        const auto* edited = std::get_if<events::ProductEdited>(&events.front());
        if (edited != nullptr && edited->sku.given() && !is_spelled_anew(from.claims, known)) {
            plan.claims = from.claims;
            plan.releases = known.given_up;
        }
        if (is_only_sku(events)) return;
        carried_by(
            plan,
            "edit",
            clubify::effect(
                call_for(command, known.product, from),
                clubify::Settle::product_edit_mark,
                known.product.clubify_id.str()
            )
        );
    }
};

}  // namespace

constinit const Handler edit_product = handled_by<EditProductHandling>;

}  // namespace vitrine::commands
