#include "gateways/clubify/funnel.hpp"

#include "gateways/clubify/json.hpp"
#include "gateways/clubify/paths.hpp"

namespace vitrine::clubify {
namespace {

std::optional<RemoteStep> step_of(const Json& json) {
    RemoteStep step;
    step.id = ClubifyId(text_of(json, {"_id", "id"}));
    if (step.id.empty()) return std::nullopt;
    step.product = ClubifyId(text_of(json, {"product_id", "productId"}));
    step.type = text_of(json, {"type"});
    step.position = text_of(json, {"position"});
    step.status = text_of(json, {"status"});
    step.json = text_form(json);
    return step;
}

std::optional<RemoteStep> read_step(const JsonText& answer) {
    return step_of(read_document(answer));
}

std::optional<std::vector<RemoteStep>> read_steps(const JsonText& answer) {
    const Json document = Json::parse(answer.text, nullptr, false);
    const Json* list = list_in(document, {"data", "items", "upsells", "order_bumps"});
    if (list == nullptr) return std::nullopt;
    std::vector<RemoteStep> steps;
    for (const Json& json : *list) {
        if (auto step = step_of(json)) steps.push_back(std::move(*step));
    }
    return steps;
}

std::optional<Flow> read_flow(const JsonText& answer) {
    const Json json = read_document(answer);
    Flow flow;
    flow.id = ClubifyId(text_of(json, {"flowId", "flow_id", "_id", "id"}));
    if (flow.id.empty()) return std::nullopt;
    flow.published_at = text_of(json, {"publishedAt", "published_at"});
    return flow;
}

}  // namespace

std::string upsell_type(std::string_view step_type) {
    return std::string(step_type == "upsell" ? "one_time_offer" : step_type);
}

Question<RemoteStep> create_order_bump(const OrderBumpFields& fields) {
    JsonWriter writer;
    writer.text("offer_id", fields.offer.view())
        .text("product_id", fields.product.view())
        .text("position", fields.position)
        .maybe("discount_percentage", fields.discount_percentage)
        .maybe("title", fields.title)
        .maybe("description", fields.description)
        .maybe("show_original_price", fields.show_original_price)
        .json_if("display_rules", fields.display_rules)
        .json_if("design", fields.design)
        .json_if("pricing", fields.pricing);
    return {make_call("POST", "/order-bumps", writer.done()), read_step};
}

Question<std::vector<RemoteStep>> list_order_bumps(const ClubifyId& offer) {
    std::string path = "/order-bumps";
    add_query(path, "offer_id", offer.view());
    return {get_call(std::move(path)), read_steps};
}

Question<RemoteStep> create_upsell(const ClubifyId& offer, const UpsellFields& fields) {
    JsonWriter writer;
    writer.text("product_id", fields.product.view())
        .text("type", fields.type)
        .maybe("trigger", fields.trigger)
        .maybe("price", fields.price_cents)
        .maybe("discount_percentage", fields.discount_percentage)
        .maybe("sequence_order", fields.sequence_order)
        .json_if("conditions", fields.conditions)
        .json_if("presentation", fields.presentation);
    return {make_call("POST", path_of("offers", offer, "/upsells"), writer.done()), read_step};
}

Question<std::vector<RemoteStep>> list_upsells(const ClubifyId& offer) {
    return {get_call(path_of("offers", offer, "/upsells")), read_steps};
}

Question<Flow> create_flow(const ClubifyId& offer, const FlowFields& fields) {
    JsonWriter writer;
    writer.text("name", fields.name)
        .maybe("type", fields.type)
        .maybe("description", fields.description)
        .json_if("flowConfig", fields.flow_config);
    return {make_call("POST", path_of("navigation/flow", offer), writer.done()), read_flow};
}

Question<Flow> publish_flow(const ClubifyId& flow) {
    return {make_call("POST", path_of("navigation/flow", flow, "/publish")), read_flow};
}

}  // namespace vitrine::clubify
