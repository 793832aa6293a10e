#include "rules/bumps/inputs.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "events/json.hpp"

namespace vitrine::rules::bumps {

using Json = nlohmann::ordered_json;

JsonText inputs_json(const Inputs& inputs) {
    return JsonText(events::to_json(inputs).dump());
}

Inputs inputs_in(const JsonText& json) {
    Inputs inputs;
    events::get_members(events::Json::parse(json.text), inputs);
    return inputs;
}

events::Bump bump_in(const JsonText& json) {
    events::Bump bump;
    events::get_members(events::Json::parse(json.text), bump);
    return bump;
}

Cart cart_of(const prices::Quote& quote) {
    Cart cart;
    for (std::size_t i = 0; i < quote.lines.size(); ++i) {
        const auto& line = quote.lines[i];
        if (line.bump) {
            if (line.product_id) cart.bumps.push_back(*line.product_id);
            continue;
        }
        if (line.product_id) cart.products.push_back(*line.product_id);
        cart.value_cents += line.subtotal_cents;
        for (const auto& stage : quote.stages) {
            if (stage.stage == "offer_discount" && stage.line == static_cast<std::int64_t>(i))
                cart.value_cents += stage.delta_cents;
        }
    }
    return cart;
}

Cart cart_in(const JsonText& json) {
    prices::Quote quote;
    const auto told = Json::parse(json.text);
    for (const auto& each : told.at("lines")) {
        auto& line = quote.lines.emplace_back();
        if (const auto id = each.find("product_id"); id != each.end() && id->is_string())
            line.product_id = ProductId(id->get<std::string>());
        if (each.contains("bump")) line.bump = each.at("bump").get<std::string>();
        line.subtotal_cents = each.at("subtotal_cents").get<std::int64_t>();
    }
    for (const auto& each : told.at("stages")) {
        auto& stage = quote.stages.emplace_back();
        stage.stage = each.at("stage").get<std::string>();
        if (each.contains("line")) stage.line = each.at("line").get<std::int64_t>();
        stage.delta_cents = each.at("delta_cents").get<std::int64_t>();
    }
    return cart_of(quote);
}

}  // namespace vitrine::rules::bumps
