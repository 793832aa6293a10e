#include "commands/json.hpp"
#include "commands/mark.hpp"
#include "commands/planned.hpp"
#include "commands/products/prepare.hpp"
#include "commands/products/product.hpp"
#include "gateways/clubify/wire.hpp"

namespace vitrine::commands {
namespace {

CreateProduct create_product_from(const Json& body) {
    CreateProduct command;
    command.name = text_member(body, "name").value_or("");
    command.type = text_member(body, "type").value_or(command.type);
    command.description = text_member(body, "description");
    command.price_cents = integer_member(body, "price_cents").value_or(0);
    command.currency = text_member(body, "currency").value_or(command.currency);
    command.sku = text_member(body, "sku");
    command.metadata = json_member(body, "metadata");
    return command;
}

}  // namespace

Claims claims_of_create_product(const ClaimRequest& request) {
    auto sku = text_member(request.body, "sku");
    return sku ? Claims{{"sku", *std::move(sku)}} : Claims();
}

Prepared prepare_create_product(const Preparation& from) {
    const auto command = create_product_from(from.body);
    const ProductId id(from.entity_id);
    const auto events = decide(command, id);
    if (!events) return std::unexpected(events.error());

    const clubify::ProductFields fields{
        command.name,
        command.type,
        Edited<std::string>::if_given(command.description),
        marked(
            command.metadata, {from.command_id, "product", id.str(), "", "", from.tenant_context}
        )
    };
    auto plan = plan_for("product", id.str(), events::stream_of(id), 0);
    plan.success_status = 201;
    plan.claims = from.claims;
    plan.answer = status_answer("active");
    // The platform takes no price on create: it is set next, and a product without its price is
    // taken back.
    const ClubifyId created(result_of("create"));
    plan.steps = {
        {"create",
         clubify::create_product(fields),
         Settle::product_by_mark,
         "",
         "",
         OnRefusal::fail,
         "ProductCreationFailed"},
        {"price",
         clubify::price_product(created, command.price_cents, command.currency, {}),
         Settle::repeat,
         "",
         "",
         OnRefusal::undo,
         "ProductCreationFailed"},
    };
    plan.undo = {
        {"delete", clubify::delete_product(created), Settle::repeat, "", "", OnRefusal::go_on, ""}
    };
    plan.events = planned(*events, "create");
    plan.events.front().id_member = "clubify_product_id";
    return plan;
}

}  // namespace vitrine::commands
