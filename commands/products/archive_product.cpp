#include "commands/json.hpp"
#include "commands/mark.hpp"
#include "commands/planned.hpp"
#include "commands/products/prepare.hpp"
#include "commands/products/product.hpp"
#include "commands/products/uses.hpp"
#include "gateways/clubify/wire.hpp"

namespace vitrine::commands {

Prepared prepare_archive_product(const Preparation& from) {
    const auto state = load_product(from.store, from.tenant, ProductId(from.entity_id));
    const ArchiveProduct command{text_member(from.body, "reason")};
    const auto events = decide(command, state, uses_of(from, state.clubify_id));
    if (!events) return std::unexpected(events.error());

    clubify::ProductFields fields;
    fields.metadata = marked(
        state.metadata,
        {state.created_by, "product", state.id.str(), "", from.command_id.str(), from.tenant_context
        }
    );
    auto plan = plan_for("product", state.id.str(), events::stream_of(state.id), state.version);
    plan.answer = status_answer("archived");
    plan.steps = {
        {"archive",
         clubify::archive_product(state.clubify_id, fields),
         Settle::product_edit_mark,
         state.clubify_id.str(),
         "",
         OnRefusal::fail,
         "ProductArchiveFailed"}
    };
    plan.events = planned(*events, "archive");
    return plan;
}

}  // namespace vitrine::commands
