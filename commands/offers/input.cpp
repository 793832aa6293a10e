#include "commands/offers/input.hpp"

#include "commands/json.hpp"
#include "core/decimal.hpp"

namespace vitrine::commands {
namespace {

events::Configuration configuration_from(const Json& body) {
    const auto found = body.find("configuration");
    if (found == body.end()) return {};
    return {
        json_member(*found, "settings"),
        json_member(*found, "theme"),
        json_member(*found, "layout"),
        json_member(*found, "seo"),
        json_member(*found, "tracking")
    };
}

/// Of an edit: null in place of all sections takes each away.
events::Configuration configuration_edit(const Json& body) {
    const auto found = body.find("configuration");
    if (found == body.end()) return {};
    const auto section = [&found](const char* name) {
        return found->is_null() ? JsonText("null") : json_edit(*found, name);
    };
    return {
        section("settings"),
        section("theme"),
        section("layout"),
        section("seo"),
        section("tracking")
    };
}

bool is_null(const Json& body, const char* name) {
    const auto found = body.find(name);
    return found != body.end() && found->is_null();
}

/// An integer goes on as one, however it was written.
JsonText discount_value(const Json& discount) {
    const auto found = discount.find("value");
    if (found == discount.end()) return {};
    const auto text = integer_text(parse_decimal(found->dump()));
    return text ? JsonText(*text) : json_member(discount, "value");
}

}  // namespace

std::optional<events::Discount> discount_member(const Json& body) {
    const auto found = body.find("discount");
    if (found == body.end() || !found->is_object()) return std::nullopt;
    return events::Discount{text_member(*found, "type").value_or(""), discount_value(*found)};
}

OfferProductInput offer_product_from(const Json& body) {
    OfferProductInput input;
    if (auto id = text_member(body, "product_id")) input.product_id.emplace(*std::move(id));
    if (auto id = text_member(body, "clubify_product_id"))
        input.clubify_product_id.emplace(*std::move(id));
    input.quantity = integer_member(body, "quantity");
    input.position = integer_member(body, "position");
    input.required = bool_member(body, "required");
    input.price_cents = integer_member(body, "price_cents");
    input.discount = discount_member(body);
    input.rules = json_member(body, "rules");
    input.clear_price = is_null(body, "price_cents");
    input.clear_discount = is_null(body, "discount");
    input.clear_rules = is_null(body, "rules");
    return input;
}

CreateOffer create_offer_from(const Json& body) {
    CreateOffer command;
    command.name = text_member(body, "name").value_or("");
    command.type = text_member(body, "type").value_or(command.type);
    command.slug = text_member(body, "slug");
    command.description = text_member(body, "description");
    command.currency = text_member(body, "currency").value_or(command.currency);
    if (const auto found = body.find("products"); found != body.end()) {
        for (const auto& product : *found) command.products.push_back(offer_product_from(product));
    }
    command.configuration = configuration_from(body);
    command.metadata = json_member(body, "metadata");
    command.activate = bool_member(body, "activate").value_or(false);
    return command;
}

EditOffer edit_offer_from(const Json& body) {
    return {
        text_member(body, "name"),
        text_edit(body, "description"),
        configuration_edit(body),
        json_edit(body, "metadata")
    };
}

}  // namespace vitrine::commands
