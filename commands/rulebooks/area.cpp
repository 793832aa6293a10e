// The commands on what buyers of an offer are shown beside it: how the engine gets at what
// rulebook.hpp decides. All are local.
#include <set>

#include "commands/areas.hpp"
#include "commands/engine/handler.hpp"
#include "commands/engine/load.hpp"
#include "commands/json.hpp"
#include "commands/products/product.hpp"
#include "commands/rulebooks/rulebook.hpp"
#include "core/uuid.hpp"

namespace vitrine::commands {

std::optional<std::int64_t> revision_at(
    store::EventStore& store, const TenantId& tenant, const OfferId& offer, Timestamp now
) {
    std::optional<std::int64_t> revision;
    for_each_event(
        store,
        tenant,
        StreamName("rulebook-" + offer.str()),
        1,
        [&](const events::RecordedEvent& recorded) {
            if (recorded.type != events::RevisionPublished::event_type) return;
            const auto event = events::decode<events::RulebookEvent>(recorded);
            const auto& published = std::get<events::RevisionPublished>(*event);
            if (published.effective_at <= now) revision = published.revision;
        }
    );
    return revision;
}

namespace {

constexpr Entity rulebook_entity{
    .name = "rulebook",
    .collection = "/v1/offers",
    .this_one = {"rulebook", "este livro de regras"},
};

RulebookState load_rulebook(const Preparation& from) {
    RulebookState state;
    state.offer_id = OfferId(from.entity_id);
    for_each_event(
        from.store,
        from.tenant,
        StreamName("rulebook-" + from.entity_id),
        1,
        [&state](const events::RecordedEvent& recorded) {
            if (const auto event = events::decode<events::RulebookEvent>(recorded))
                state = evolve(std::move(state), *event);
        }
    );
    return state;
}

RulebookFacts load_facts(const Preparation& from, const std::set<ProductId>& products) {
    RulebookFacts facts;
    facts.now = from.now;
    facts.offer = load_offer(from.store, from.tenant, OfferId(from.entity_id));
    for (const auto& id : products) {
        if (!is_uuid(id.view())) continue;
        const auto product = load_product(from.store, from.tenant, id);
        if (product.version == 0) continue;
        facts.products.push_back(
            {product.id,
             product.clubify_id,
             product.name,
             product.currency,
             product.price_cents,
             product.archived}
        );
    }
    return facts;
}

/// The member as an object; an empty one where it is none.
const Json& object_in(const Json& body, const char* name) {
    static const Json none = Json::object();
    const auto found = body.find(name);
    return found != body.end() && found->is_object() ? *found : none;
}

template <class Text>
std::vector<Text> texts_in(const Json& body, const char* name) {
    std::vector<Text> texts;
    const auto found = body.find(name);
    if (found == body.end() || !found->is_array()) return texts;
    for (const auto& each : *found)
        texts.emplace_back(each.is_string() ? each.get<std::string>() : std::string());
    return texts;
}

events::DisplayRules display_rules_in(const Json& json) {
    const auto& window = object_in(json, "time_based");
    return {
        .cart_value_min = integer_member(json, "cart_value_min").value_or(0),
        .cart_value_max = integer_member(json, "cart_value_max"),
        .required_products = texts_in<ProductId>(json, "required_products"),
        .match = text_member(json, "match").value_or("all"),
        .customer_segments = texts_in<std::string>(json, "customer_segments"),
        .device_types = texts_in<std::string>(json, "device_types"),
        .regions = texts_in<std::string>(json, "regions"),
        .page_seconds_min = integer_member(json, "page_seconds_min"),
        .time_based =
            {integer_member(window, "show_after_seconds").value_or(0),
             integer_member(window, "hide_after_seconds")}
    };
}

events::BumpPricing pricing_in(const Json& json) {
    const auto type = text_member(json, "discount_type").value_or("percentage");
    const auto value = json_member(json, "discount_value");
    return {
        .discount_type = type == "fixed_amount" ? "fixed" : type,
        .discount_value = value.empty() ? JsonText("0") : value,
        .time_limited = bool_member(json, "time_limited").value_or(false),
        .urgency_timer = integer_member(json, "urgency_timer")
    };
}

events::Bump bump_in(const Json& json, const std::string& name) {
    const auto& limits = object_in(json, "limits");
    const auto& design = object_in(json, "design");
    return {
        .bump = name,
        .product_id = ProductId(text_member(json, "product_id").value_or("")),
        .display_rules = display_rules_in(object_in(json, "display_rules")),
        .limits =
            {integer_member(limits, "per_session"),
             integer_member(limits, "per_user"),
             integer_member(limits, "per_day"),
             integer_member(limits, "min_gap_seconds")},
        .design =
            {text_member(design, "template").value_or("default"),
             text_member(design, "position").value_or("after_products"),
             text_member(design, "animation").value_or("fade_in")},
        .pricing = pricing_in(object_in(json, "pricing")),
        .priority = integer_member(json, "priority").value_or(0),
        .when_unqualified = text_member(json, "when_unqualified").value_or("keep")
    };
}

struct StateAndFacts {
    RulebookState state;
    RulebookFacts facts;
};

Json answer_for(const Preparation& from, std::string_view status) {
    Json json;
    json["offer_id"] = from.entity_id;
    json["status"] = status;
    return json;
}

struct SetBumpHandling {
    using Known = StateAndFacts;

    static SetBump parse(const Preparation& from) { return {bump_in(from.body, from.item_id)}; }

    static Known load(const Preparation& from, const SetBump& command) {
        const auto& required = command.bump.display_rules.required_products;
        std::set<ProductId> products(required.begin(), required.end());
        products.insert(command.bump.product_id);
        return {load_rulebook(from), load_facts(from, products)};
    }

    static RulebookDecision decide(const SetBump& command, const Known& known, const Preparation&) {
        return commands::decide(command, known.state, known.facts);
    }

    static JsonText answer(const SetBump& command, const Known&, const Preparation& from) {
        auto json = answer_for(from, "drafted");
        json["bump"] = command.bump.bump;
        return JsonText(json.dump());
    }
};

struct DeleteBumpHandling {
    static DeleteBump parse(const Preparation& from) {
        return {from.item_id, text_member(from.body, "reason")};
    }

    static RulebookState load(const Preparation& from, const DeleteBump&) {
        return load_rulebook(from);
    }

    static RulebookDecision
    decide(const DeleteBump& command, const RulebookState& state, const Preparation&) {
        return commands::decide(command, state);
    }

    static JsonText answer(
        const DeleteBump& command, const RulebookState&, const Preparation& from
    ) {
        auto json = answer_for(from, "withdrawn");
        json["bump"] = command.bump;
        return JsonText(json.dump());
    }
};

struct PublishRevisionHandling {
    using Known = StateAndFacts;

    static PublishRevision parse(const Preparation& from) {
        return {
            text_member(from.body, "effective_at"),
            text_member(from.body, "grandfathering").value_or("keep"),
            integer_member(from.body, "max_bumps")
        };
    }

    static Known load(const Preparation& from, const PublishRevision&) {
        auto state = load_rulebook(from);
        std::set<ProductId> products;
        for (const auto& [name, bump] : state.bumps) products.insert(bump.product_id);
        auto facts = load_facts(from, products);
        return {std::move(state), std::move(facts)};
    }

    static RulebookDecision
    decide(const PublishRevision& command, const Known& known, const Preparation&) {
        return commands::decide(command, known.state, known.facts);
    }

    static JsonText answer(
        const PublishRevision& command, const Known& known, const Preparation& from
    ) {
        auto state = known.state;
        const auto decided = commands::decide(command, state, known.facts);
        if (decided) {
            for (const auto& event : *decided) state = evolve(std::move(state), event);
        }
        auto json = answer_for(from, "published");
        json["revision"] = state.revision->revision;
        json["effective_at"] = format_time(state.revision->effective_at);
        return JsonText(json.dump());
    }
};

}  // namespace

std::span<const Definition> rulebook_commands() {
    static const Definition table[] = {
        {.name = "SetBump",
         .method = "PUT",
         .route = "/v1/offers/{id}/bumps/{bump}",
         .entity = rulebook_entity,
         .begins = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "set_bump.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<SetBumpHandling>,
         .problems = {"not-found", "illegal-transition"}},
        {.name = "DeleteBump",
         .method = "DELETE",
         .route = "/v1/offers/{id}/bumps/{bump}",
         .entity = rulebook_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "delete_bump.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<DeleteBumpHandling>},
        {.name = "PublishRevision",
         .method = "POST",
         .route = "/v1/offers/{id}/revisions",
         .entity = rulebook_entity,
         .begins = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "publish_revision.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<PublishRevisionHandling>,
         .problems = {"not-found", "illegal-transition"}},
    };
    return table;
}

}  // namespace vitrine::commands
