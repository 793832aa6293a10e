#include <array>
#include <nlohmann/json.hpp>

#include "sandbox/fields.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/sales_routes.hpp"

namespace vitrine::sandbox {
namespace {

// What the brief's calls carry beside the attested fields is kept in every mode: it is what they
// are made for.
constexpr std::array<std::string_view, 12> bump_names{
    "offer_id",
    "product_id",
    "position",
    "discount_percentage",
    "title",
    "description",
    "show_original_price",
    "display_rules",
    "design",
    "pricing",
    "status",
    "configuration"
};
constexpr std::array<Alias, 3> bump_aliases{{
    {"offerId", "offer_id"},
    {"productId", "product_id"},
    {"discountPercentage", "discount_percentage"},
}};
constexpr std::array<std::string_view, 4> positions{
    "after_products", "before_payment", "in_payment_form", "after_customer_info"
};
constexpr std::array<std::string_view, 15> upsell_names{
    "offer_id",
    "product_id",
    "type",
    "step_type",
    "trigger",
    "conditions",
    "presentation",
    "sequence_order",
    "price",
    "original_price",
    "discount_percentage",
    "name",
    "description",
    "status",
    "timing_rules"
};
constexpr std::array<Alias, 3> upsell_aliases{{
    {"offerId", "offer_id"},
    {"productId", "product_id"},
    {"sequenceOrder", "sequence_order"},
}};
constexpr std::array<std::string_view, 4> upsell_types{
    "one_time_offer", "downsell", "cross_sell", "subscription_upgrade"
};
constexpr std::array<std::string_view, 5> lenient_upsell_types{
    "one_time_offer", "downsell", "cross_sell", "subscription_upgrade", "addon"
};
constexpr std::array<std::string_view, 3> triggers{"purchase", "decline", "abandon"};
constexpr std::array<std::string_view, 3> states{"active", "inactive", "paused"};
constexpr std::array<std::string_view, 3> flow_types{"standard", "express", "custom"};

Json no_figures() {
    return {
        {"impressions", 0},
        {"interactions", 0},
        {"conversions", 0},
        {"revenue_generated", 0},
        {"conversion_rate", 0},
    };
}

bool is_there(const Call& call, Kind kind, std::string_view id) {
    return call.world.state.table(kind).find(call.space, id) != nullptr;
}

Result add_bump(Call& call) {
    auto& body = call.body;
    FieldErrors errors;
    if (!call.args.empty()) body["offer_id"] = call.args.front();
    use_attested_names(body, {bump_names, bump_aliases}, call.world.strict, "", errors);
    Checker check(body, "", errors);
    for (const auto* name : {"display_rules", "design", "pricing"}) check.object(name);
    // The brief says where and how much inside `design` and `pricing`.
    const auto* design = member(body, "design");
    if (design && !body.contains("position") && !text_of(*design, "position").empty()) {
        const std::string position(text_of(*design, "position"));
        body["position"] = position;
    }
    if (!body.contains("position")) body["position"] = "after_products";
    const auto* pricing = member(body, "pricing");
    if (pricing && !body.contains("discount_percentage") && member(*pricing, "discount_value") &&
        text_of(*pricing, "discount_type") != "fixed" &&
        text_of(*pricing, "discount_type") != "fixed_amount") {
        const auto value = pricing->at("discount_value");
        body["discount_percentage"] = value;
    }
    check.require("offer_id");
    check.require("product_id");
    check.one_of("position", positions);
    check.number("discount_percentage", 0, 100);
    check.one_of("status", states);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    if (!is_there(call, Kind::offers, text_of(body, "offer_id"))) {
        return std::unexpected(not_found("Offer"));
    }
    if (!is_there(call, Kind::products, text_of(body, "product_id"))) {
        return std::unexpected(not_found("Product"));
    }
    auto bump = new_object(call);
    bump["status"] = "active";
    merge(bump, body);
    bump["analytics"] = no_figures();
    return store(call, Kind::order_bumps, bump, 201);
}

Wanted of_offer(std::string_view id) {
    return [wanted = std::string(id)](const Row& row) {
        return text_of(load(row), "offer_id") == wanted;
    };
}

Result list_bumps(Call& call) {
    const auto id = call.args.empty() ? call.query("offer_id").value_or("")
                                      : std::string_view(call.args.front());
    return list_rows(call, Kind::order_bumps, id.empty() ? Wanted() : of_offer(id));
}

Result get_bump(Call& call) {
    const auto row = find_row(call, Kind::order_bumps, "Order bump");
    if (!row) return std::unexpected(row.error());
    return Reply{200, (*row)->text};
}

std::int64_t next_in_sequence(const Call& call, std::string_view offer) {
    std::int64_t next = 1;
    for (const auto* row : call.world.state.table(Kind::upsells).rows(call.space)) {
        const auto upsell = load(*row);
        if (text_of(upsell, "offer_id") != offer) continue;
        next = std::max(next, upsell.at("sequence_order").get<std::int64_t>() + 1);
    }
    return next;
}

Result add_upsell(Call& call) {
    auto& body = call.body;
    FieldErrors errors;
    if (!call.args.empty()) body["offer_id"] = call.args.front();
    use_attested_names(body, {upsell_names, upsell_aliases}, call.world.strict, "", errors);
    if (text_of(body, "type").empty() && !text_of(body, "step_type").empty()) {
        const std::string step(text_of(body, "step_type"));
        body["type"] = step == "upsell" ? "one_time_offer" : step;
    }
    Checker check(body, "", errors);
    check.require("offer_id");
    check.require("product_id");
    check.require("type");
    if (call.world.strict) {
        check.one_of("type", upsell_types);
    } else {
        check.one_of("type", lenient_upsell_types);
    }
    check.one_of("trigger", triggers);
    check.one_of("status", states);
    check.cents("price");
    check.number("discount_percentage", 0, 100);
    check.integer("sequence_order", 1);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    const std::string offer(text_of(body, "offer_id"));
    if (!is_there(call, Kind::offers, offer)) return std::unexpected(not_found("Offer"));
    if (!is_there(call, Kind::products, text_of(body, "product_id"))) {
        return std::unexpected(not_found("Product"));
    }
    auto upsell = new_object(call);
    upsell["status"] = "active";
    upsell["sequence_order"] = next_in_sequence(call, offer);
    merge(upsell, body);
    upsell["analytics"] = no_figures();
    return store(call, Kind::upsells, upsell, 201);
}

Result list_upsells(Call& call) {
    const auto offer = find_row(call, Kind::offers, "Offer");
    if (!offer) return std::unexpected(offer.error());
    return list_rows(call, Kind::upsells, of_offer((*offer)->id));
}

Result add_flow(Call& call) {
    const auto offer = find_row(call, Kind::offers, "Offer");
    if (!offer) return std::unexpected(offer.error());
    FieldErrors errors;
    Checker check(call.body, "", errors);
    check.require("name");
    check.text("name", 1, 255);
    check.one_of("type", flow_types);
    check.object("flowConfig");
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    auto flow = new_object(call);
    flow["offer_id"] = (*offer)->id;
    flow["status"] = "draft";
    merge(flow, call.body);
    store(call, Kind::flows, flow, 201);
    return Reply{
        201, Json{{"success", true}, {"flowId", flow.at("_id")}, {"message", "Flow created"}}.dump()
    };
}

Result get_flows(Call& call) {
    const auto offer = find_row(call, Kind::offers, "Offer");
    if (!offer) return std::unexpected(offer.error());
    return list_rows(call, Kind::flows, of_offer((*offer)->id));
}

Result set_flow(Call& call, const char* status) {
    const auto row = find_row(call, Kind::flows, "Flow");
    if (!row) return std::unexpected(row.error());
    auto flow = load(**row);
    flow["status"] = status;
    set_time(flow, "publishedAt", "published_at", call.now());
    store_changed(call, Kind::flows, flow);
    return Reply{
        200, Json{{"flowId", flow.at("_id")}, {"publishedAt", flow.at("publishedAt")}}.dump()
    };
}

Result publish_flow(Call& call) {
    return set_flow(call, "active");
}
Result unpublish_flow(Call& call) {
    return set_flow(call, "paused");
}

Result remove_flow(Call& call) {
    const auto row = find_row(call, Kind::flows, "Flow");
    if (!row) return std::unexpected(row.error());
    const auto id = (*row)->id;
    call.world.state.erase(Kind::flows, call.space, id);
    return Reply{204, ""};
}

constexpr std::array routes{
    Route{"POST", "/order-bumps", add_bump},
    Route{"GET", "/order-bumps", list_bumps},
    Route{"GET", "/order-bumps/{id}", get_bump},
    Route{"POST", "/offers/{id}/order-bumps", add_bump, Access::tenant, true},
    Route{"GET", "/offers/{id}/order-bumps", list_bumps, Access::tenant, true},
    Route{"POST", "/offers/{id}/upsells", add_upsell},
    Route{"GET", "/offers/{id}/upsells", list_upsells},
    Route{"POST", "/upsells", add_upsell},
    Route{"POST", "/navigation/flow/{id}", add_flow},
    Route{"GET", "/navigation/flow/{id}", get_flows},
    Route{"DELETE", "/navigation/flow/{id}", remove_flow},
    Route{"POST", "/navigation/flow/{id}/publish", publish_flow},
    Route{"POST", "/navigation/flow/{id}/unpublish", unpublish_flow},
};

}  // namespace

std::span<const Route> funnel_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
