#include "commands/engine/handler.hpp"
#include "commands/json.hpp"
#include "commands/products/handlers.hpp"
#include "commands/products/loaded.hpp"
#include "gateways/clubify/effects.hpp"
#include "gateways/clubify/wire.hpp"

namespace vitrine::commands {
namespace {

struct ArchiveProductHandling {
    static ArchiveProduct parse(const Preparation& from) {
        return {text_member(from.body, "reason")};
    }

    static ProductAndUses load(const Preparation& from, const ArchiveProduct&) {
        return product_of(from, true);
    }

    static ProductDecision
    decide(const ArchiveProduct& command, const ProductAndUses& known, const Preparation&) {
        return commands::decide(command, known.product, known.uses);
    }

    static JsonText answer(const ArchiveProduct&, const ProductAndUses&, const Preparation&) {
        return status_answer("archived");
    }

    static void effects(
        Plan& plan,
        const ArchiveProduct&,
        const ProductAndUses& known,
        const ProductEvents&,
        const Preparation& from
    ) {
        const auto& state = known.product;
        auto imprint = imprint_of(state.id, state.created_by, from);
        imprint.edited_by = from.command_id.str();
        clubify::ProductFields fields;
        fields.metadata = clubify::marked(state.metadata, imprint);
        carried_by(
            plan,
            "archive",
            clubify::effect(
                clubify::archive_product(state.clubify_id, fields),
                clubify::Settle::product_edit_mark,
                state.clubify_id.str()
            )
        );
    }
};

}  // namespace

constinit const Handler archive_product = handled_by<ArchiveProductHandling>;

}  // namespace vitrine::commands
