#include "gateways/pagarme/order.hpp"

#include <nlohmann/json.hpp>

#include "gateways/pagarme/refusals.hpp"

namespace vitrine::pagarme {
namespace {

using Json = nlohmann::ordered_json;
using payments::Buyer;

constexpr std::size_t cpf_digits = 11;
constexpr std::string_view brazil = "+55";
constexpr std::size_t area_digits = 2, least_local_digits = 8;

std::string joined(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) {
        if (part.empty()) continue;
        if (!text.empty()) text += ", ";
        text += part;
    }
    return text;
}

bool has_address(const Buyer::Address& address) {
    return !address.street.empty() && !address.city.empty() && !address.state.empty() &&
           !address.zip_code.empty();
}

Json address_of(const Buyer::Address& address) {
    Json json{
        {"line_1", joined({address.number, address.street, address.neighborhood})},
        {"zip_code", address.zip_code},
        {"city", address.city},
        {"state", address.state},
        {"country", address.country.empty() ? "BR" : address.country}
    };
    if (!address.complement.empty()) json["line_2"] = address.complement;
    return json;
}

/// Numbers of Brazil, which are the ones that are divided there.
std::optional<Json> phone_of(std::string_view phone) {
    if (!phone.starts_with(brazil)) return std::nullopt;
    phone.remove_prefix(brazil.size());
    if (phone.size() < area_digits + least_local_digits) return std::nullopt;
    return Json{
        {"country_code", "55"},
        {"area_code", phone.substr(0, area_digits)},
        {"number", phone.substr(area_digits)}
    };
}

Json customer_of(const Buyer& buyer) {
    Json json{{"code", buyer.customer_id}, {"name", buyer.name}, {"email", buyer.email}};
    if (!buyer.document.empty()) {
        const bool is_person = buyer.document.size() == cpf_digits;
        json["type"] = is_person ? "individual" : "company";
        json["document"] = buyer.document;
        json["document_type"] = is_person ? "CPF" : "CNPJ";
    }
    if (auto phone = phone_of(buyer.phone)) json["phones"]["mobile_phone"] = *std::move(phone);
    if (has_address(buyer.address)) json["address"] = address_of(buyer.address);
    return json;
}

Json payment_of(const Json& effect) {
    const auto method = effect.at("method").get<std::string>();
    Json payment{{"payment_method", method}};
    auto& terms = payment[method];
    if (method == "credit_card") {
        terms = {
            {"card_token", effect.at("card_token")},
            {"installments", effect.at("installments")},
            {"capture", false},
            {"operation_type", "auth_only"}
        };
    } else if (method == "pix") {
        terms = {{"expires_in", effect.at("expires_in")}};
    } else {
        terms = {{"due_at", effect.at("payable_until")}};
    }
    return payment;
}

}  // namespace

std::expected<JsonText, gateways::Refused> order_body(
    const JsonText& effect, const std::optional<Buyer>& buyer
) {
    const auto asked = Json::parse(effect.text);
    const auto method = asked.at("method").get<std::string>();
    if (!buyer || buyer->name.empty() || buyer->email.empty())
        return std::unexpected(declined("buyer_unknown", false));
    if (method != "credit_card" && buyer->document.empty())
        return std::unexpected(declined("document_required", true));
    if (method == "boleto" && !has_address(buyer->address))
        return std::unexpected(declined("address_required", true));
    Json body;
    body["code"] = asked.at("charge_id");
    body["closed"] = true;
    body["currency"] = asked.at("currency");
    // The whole as one line: what discounts and interest make of the lines comes to no unit price.
    body["items"] = Json::array(
        {{{"code", asked.at("checkout_id")},
          {"description", "Checkout"},
          {"amount", asked.at("amount_cents")},
          {"quantity", 1}}}
    );
    body["customer"] = customer_of(*buyer);
    body["payments"] = Json::array({payment_of(asked)});
    body["metadata"] = {
        {"key", asked.at("key")},
        {"saga_id", asked.at("checkout_id")},
        {"charge_id", asked.at("charge_id")}
    };
    return JsonText(body.dump());
}

}  // namespace vitrine::pagarme
