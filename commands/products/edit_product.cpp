#include "commands/json.hpp"
#include "commands/mark.hpp"
#include "commands/planned.hpp"
#include "commands/products/prepare.hpp"
#include "commands/products/product.hpp"
#include "gateways/clubify/wire.hpp"

namespace vitrine::commands {
namespace {

EditProduct edit_product_from(const Json& body) {
    return {
        text_member(body, "name"),
        text_member(body, "description"),
        integer_member(body, "price_cents"),
        json_member(body, "metadata")
    };
}

}  // namespace

Prepared prepare_edit_product(const Preparation& from) {
    const auto command = edit_product_from(from.body);
    const ProductId id(from.entity_id);
    const auto state = load_product(from.store, from.tenant, id);
    const auto events = decide(command, state);
    if (!events) return std::unexpected(events.error());
    if (auto faults = check_reserved(command.metadata); !faults.empty()) {
        return std::unexpected(invalid(std::move(faults)));
    }

    auto plan = plan_for("product", id.str(), events::stream_of(id), state.version);
    plan.answer = status_answer("active");
    if (events->empty()) return plan;

    const auto& metadata = command.metadata.empty() ? state.metadata : command.metadata;
    const clubify::ProductFields fields{
        command.name,
        {},
        command.description,
        marked(
            metadata,
            {state.created_by, "product", id.str(), "", from.command_id.str(), from.tenant_context}
        )
    };
    auto call =
        command.price_cents
            ? clubify::price_product(state.clubify_id, *command.price_cents, state.currency, fields)
            : clubify::edit_product(state.clubify_id, fields);
    plan.steps = {
        {"edit",
         std::move(call),
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
