#include "commands/engine/handler.hpp"
#include "commands/json.hpp"
#include "commands/products/area.hpp"
#include "commands/products/handlers.hpp"
#include "commands/products/loaded.hpp"
#include "gateways/clubify/effects.hpp"
#include "gateways/clubify/wire.hpp"

namespace vitrine::commands {
namespace {

struct CreateProductHandling {
    static Claims claims(const ClaimRequest& request) { return claims_of_sku(request); }

    static CreateProduct parse(const Preparation& from) {
        CreateProduct command;
        command.name = text_member(from.body, "name").value_or("");
        command.type = text_member(from.body, "type").value_or(command.type);
        command.description = text_member(from.body, "description");
        command.price_cents = integer_member(from.body, "price_cents").value_or(0);
        command.currency = text_member(from.body, "currency").value_or(command.currency);
        command.sku = text_member(from.body, "sku");
        command.metadata = json_member(from.body, "metadata");
        return command;
    }

    static Nothing load(const Preparation&, const CreateProduct&) { return {}; }

    static ProductDecision decide(
        const CreateProduct& command, const Nothing&, const Preparation& from
    ) {
        return commands::decide(command, ProductId(from.entity_id));
    }

    static JsonText answer(const CreateProduct&, const Nothing&, const Preparation&) {
        return status_answer("active");
    }

    /// The platform takes no price on create: it is set next, and a product without its price is
    /// taken back.
    static void effects(
        Plan& plan,
        const CreateProduct& command,
        const Nothing&,
        const ProductEvents&,
        const Preparation& from
    ) {
        using clubify::Settle;
        const auto imprint = imprint_of(ProductId(from.entity_id), from.command_id, from);
        const clubify::ProductFields fields{
            command.name,
            command.type,
            Edited<std::string>::if_given(command.description),
            clubify::marked(command.metadata, imprint)
        };
        const ClubifyId created(result_of("create"));
        carried_by(
            plan,
            "create",
            clubify::effect(clubify::create_product(fields), Settle::product_by_mark)
        );
        plan.events.front().id_member = "clubify_product_id";
        plan.steps.push_back(
            {.name = "price",
             .effect = clubify::effect(
                 clubify::price_product(created, command.price_cents, command.currency, {}),
                 Settle::repeat
             ),
             .on_refusal = OnRefusal::undo}
        );
        plan.undo.push_back(
            {.name = "delete",
             .effect = clubify::effect(clubify::delete_product(created), Settle::repeat),
             .on_refusal = OnRefusal::go_on}
        );
    }
};

}  // namespace

constinit const Handler create_product = handled_by<CreateProductHandling>;

}  // namespace vitrine::commands
