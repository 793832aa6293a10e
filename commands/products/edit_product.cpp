#include <algorithm>

#include "commands/json.hpp"
#include "commands/mark.hpp"
#include "commands/planned.hpp"
#include "commands/products/prepare.hpp"
#include "commands/products/product.hpp"
#include "commands/products/uses.hpp"
#include "gateways/clubify/wire.hpp"

namespace vitrine::commands {
namespace {

EditProduct edit_product_from(const Json& body) {
    return {
        text_member(body, "name"),
        text_edit(body, "description"),
        integer_member(body, "price_cents"),
        json_edit(body, "metadata"),
        text_edit(body, "sku")
    };
}

ProductDecision decide_on(const Preparation& from, const ProductState& state) {
    const auto command = edit_product_from(from.body);
    return decide(
        command, state, command.price_cents ? uses_of(from, state.clubify_id) : ProductUses()
    );
}

ProductState state_of(const Preparation& from) {
    return load_product(from.store, from.tenant, ProductId(from.entity_id));
}

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
std::vector<store::HeldKey> given_up(const Preparation& from, const ProductState& state) {
    if (!state.sku) return {};
    Claim claim{"sku", *state.sku};
    auto holder = from.store.journal().holder(from.tenant, claim);
    if (!holder || !is_of(from, state, *holder)) return {};
    return {{std::move(claim), *std::move(holder)}};
}

clubify::Call call_for(
    const EditProduct& command, const ProductState& state, const Preparation& from
) {
    const clubify::ProductFields fields{
        command.name,
        {},
        command.description,
        marked(
            after_edit(state.metadata, command.metadata),
            {state.created_by,
             "product",
             state.id.str(),
             "",
             from.command_id.str(),
             from.tenant_context}
        )
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

}  // namespace

Claims claims_of_edit_product(const ClaimRequest& request) {
    auto sku = text_member(request.body, "sku");
    return sku ? Claims{{"sku", *std::move(sku)}} : Claims();
}

std::vector<Fault> check_edit_product(const Preparation& from) {
    return faults_in(decide_on(from, state_of(from)));
}

Prepared prepare_edit_product(const Preparation& from) {
    const auto state = state_of(from);
    const auto events = decide_on(from, state);
    if (!events) return std::unexpected(events.error());

    auto plan = plan_for("product", state.id.str(), events::stream_of(state.id), state.version);
    plan.answer = status_answer("active");
    if (events->empty()) return plan;

    const auto* edited = std::get_if<events::ProductEdited>(&events->front());
    if (edited != nullptr && edited->sku.given()) {
        plan.claims = from.claims;
        plan.releases = given_up(from, state);
    }
    if (is_only_sku(*events)) {
        plan.events = planned(*events, "");
        return plan;
    }
    plan.steps = {
        {"edit",
         call_for(edit_product_from(from.body), state, from),
         Settle::product_edit_mark,
         state.clubify_id.str(),
         "",
         OnRefusal::fail,
         "ProductEditFailed"}
    };
    plan.events = planned(*events, "edit");
    return plan;
}

}  // namespace vitrine::commands
