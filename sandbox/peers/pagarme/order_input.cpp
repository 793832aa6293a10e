#include "sandbox/peers/pagarme/order_input.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace vitrine::sandbox::pagarme {
namespace {

using Errors = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::string_view, 3> methods{"credit_card", "pix", "boleto"};
constexpr std::size_t most_items = 100;

/// A member that is there, else what is missing is noted.
const Json* wanted(const Json& object, const char* name, const std::string& place, Errors& errors) {
    const auto* value = member(object, name);
    if (value != nullptr && !value->is_null()) return value;
    errors.emplace_back(place + name, "The " + std::string(name) + " field is required.");
    return nullptr;
}

void check_text(const Json& object, const char* name, const std::string& place, Errors& errors) {
    const auto* value = wanted(object, name, place, errors);
    if (value != nullptr && (!value->is_string() || value->get<std::string>().empty()))
        errors.emplace_back(place + name, "The " + std::string(name) + " field is not valid.");
}

void check_number(
    const Json& object,
    const char* name,
    std::int64_t least,
    const std::string& place,
    Errors& errors
) {
    const auto* value = wanted(object, name, place, errors);
    if (value == nullptr) return;
    if (!value->is_number_integer() || value->get<std::int64_t>() < least) {
        errors.emplace_back(
            place + name,
            "The " + std::string(name) + " field must be greater than or equal to " +
                std::to_string(least) + '.'
        );
    }
}

void check_items(const Json& body, Errors& errors) {
    const auto* items = wanted(body, "items", "", errors);
    if (items == nullptr) return;
    if (!items->is_array() || items->empty() || items->size() > most_items) {
        errors.emplace_back("items", "The items field is not valid.");
        return;
    }
    for (std::size_t i = 0; i < items->size(); ++i) {
        const auto place = "items[" + std::to_string(i) + "].";
        const auto& item = items->at(i);
        check_text(item, "description", place, errors);
        check_number(item, "amount", 0, place, errors);
        check_number(item, "quantity", 1, place, errors);
    }
}

/// Who pays by Pix or boleto is known by a document; a boleto names where the person lives.
void check_customer(const Json& body, std::string_view method, Errors& errors) {
    if (!text_of(body, "customer_id").empty()) return;
    const auto* customer = wanted(body, "customer", "", errors);
    if (customer == nullptr) return;
    const std::string place = "customer.";
    check_text(*customer, "name", place, errors);
    check_text(*customer, "email", place, errors);
    if (method == "pix" || method == "boleto") check_text(*customer, "document", place, errors);
    if (method == "boleto") wanted(*customer, "address", place, errors);
}

void check_card(const Json& payment, const std::string& place, Errors& errors) {
    const auto* card = wanted(payment, "credit_card", place, errors);
    if (card == nullptr) return;
    const auto inside = place + "credit_card.";
    if (card->contains("card"))
        errors.emplace_back(inside + "card", "Card data is not taken here: send a card_token.");
    check_text(*card, "card_token", inside, errors);
    if (card->contains("installments")) check_number(*card, "installments", 1, inside, errors);
    if (text_of(*card, "statement_descriptor").size() > 13)
        errors.emplace_back(inside + "statement_descriptor", "It has 13 characters at most.");
}

std::string_view check_payments(const Json& body, Errors& errors) {
    const auto* payments = wanted(body, "payments", "", errors);
    if (payments == nullptr) return {};
    if (!payments->is_array() || payments->size() != 1) {
        errors.emplace_back("payments", "One payment is taken.");
        return {};
    }
    const auto& payment = payments->front();
    const std::string place = "payments[0].";
    check_text(payment, "payment_method", place, errors);
    const auto method = text_of(payment, "payment_method");
    if (!method.empty() && std::ranges::find(methods, method) == methods.end()) {
        errors.emplace_back(place + "payment_method", "The payment_method field is not valid.");
    } else if (method == "credit_card") {
        check_card(payment, place, errors);
    } else if (method == "pix") {
        const auto* pix = wanted(payment, "pix", place, errors);
        if (pix != nullptr && !pix->contains("expires_at"))
            check_number(*pix, "expires_in", 1, place + "pix.", errors);
    }
    return method;
}

}  // namespace

std::optional<Refused> faults_of_order(const Json& body) {
    Errors errors;
    const auto method = check_payments(body, errors);
    check_items(body, errors);
    check_customer(body, method, errors);
    const auto currency = text_of(body, "currency");
    if (!currency.empty() && currency != "BRL")
        errors.emplace_back("currency", "The currency field is not valid.");
    if (errors.empty() && amount_of(body) < 1)
        errors.emplace_back("amount", "The amount field must be greater than or equal to 1.");
    if (errors.empty()) return std::nullopt;
    return Refused{422, "The request is invalid.", std::move(errors)};
}

std::int64_t amount_of(const Json& body) {
    std::int64_t sum = 0;
    for (const auto& item : body.at("items"))
        sum += item.at("amount").get<std::int64_t>() * item.at("quantity").get<std::int64_t>();
    return sum;
}

}  // namespace vitrine::sandbox::pagarme
