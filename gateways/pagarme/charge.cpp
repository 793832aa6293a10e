#include "gateways/pagarme/charge.hpp"

#include <algorithm>
#include <array>

#include "gateways/rest/json_reader.hpp"

namespace vitrine::pagarme {
namespace {

using rest::Json;
using rest::text_of;

constexpr std::size_t date_size = 10;  // "2026-03-01"

/// What banks answer (ABECS and ISO 8583), as far as a buyer can do something about it.
struct ReturnCode {
    std::string_view number, code;
    bool retryable;
};
constexpr std::array<ReturnCode, 10> return_codes{{
    {"1016", "insufficient_funds", true},
    {"51", "insufficient_funds", true},
    {"1001", "expired_card", false},
    {"54", "expired_card", false},
    {"1011", "invalid_card", false},
    {"14", "invalid_card", false},
    {"1045", "invalid_security_code", true},
    {"N7", "invalid_security_code", true},
    {"9111", "issuer_unavailable", true},
    {"91", "issuer_unavailable", true},
}};

void note_decline(const Json& transaction, Charge& charge) {
    const auto number = text_of(transaction, {"acquirer_return_code"});
    const auto* known = std::ranges::find(return_codes, number, &ReturnCode::number);
    if (known != return_codes.end()) {
        charge.decline_code = known->code;
        charge.retryable = known->retryable;
        return;
    }
    const bool is_card = text_of(transaction, {"transaction_type"}) == "credit_card";
    charge.decline_code = is_card ? "card_declined" : "charge_failed";
    charge.retryable = !is_card;
}

/// "canceled" is what was given back, what was let go of and what has expired.
std::string status_of(const Charge& charge, std::string_view status, std::string_view last) {
    const auto gone = charge.refunded_cents + charge.refunding_cents;
    if (status == "paid" || status == "overpaid")
        return gone != 0 && gone >= charge.captured_cents ? "refunded" : "captured";
    if (status == "chargedback") return "disputed";
    if (status == "failed") return "declined";
    if (status == "canceled") {
        if (charge.captured_cents != 0 || last == "refunded") return "refunded";
        return last == "expired" ? "expired" : "voided";
    }
    if (last == "authorized_pending_capture") return "authorized";
    return last == "waiting_authentication" ? "requires_action" : "pending";
}

/// What the buyer pays by, or answers the bank at.
void show(const Json& transaction, std::string_view method, Json& told) {
    if (method == "pix") {
        told["pix"] = {
            {"qr_code", text_of(transaction, {"qr_code"})},
            {"expires_at", text_of(transaction, {"expires_at"})}
        };
    } else if (method == "boleto") {
        told["boleto"] = {
            {"line", text_of(transaction, {"line"})},
            {"url", text_of(transaction, {"url", "pdf"})},
            {"due_date", text_of(transaction, {"due_at"}).substr(0, date_size)}
        };
    } else if (told.at("status") == "requires_action") {
        told["action"] = {{"type", "3ds"}, {"url", text_of(transaction, {"url"})}};
    }
}

}  // namespace

std::optional<Charge> read_charge(const Json& json) {
    if (!json.is_object()) return std::nullopt;
    if (const auto* charges = rest::find(json, {"charges"}))
        return charges->is_array() && !charges->empty() ? read_charge(charges->back())
                                                        : std::nullopt;
    Charge charge;
    charge.id = text_of(json, {"id"});
    charge.code = text_of(json, {"code"});
    const auto status = text_of(json, {"status"});
    if (charge.id.empty() || status.empty()) return std::nullopt;
    const auto* last = rest::find(json, {"last_transaction"});
    const auto transaction = last != nullptr && last->is_object() ? *last : Json::object();
    const bool is_paid = status == "paid" || status == "overpaid" || status == "chargedback";
    const auto amount = rest::integer_of(json, {"amount"}).value_or(0);
    charge.captured_cents = rest::integer_of(json, {"paid_amount"}).value_or(is_paid ? amount : 0);
    if (charge.captured_cents != 0)
        charge.refunded_cents = rest::integer_of(json, {"canceled_amount"}).value_or(0);
    charge.refunding_cents = rest::integer_of(json, {"pending_cancel_amount"}).value_or(0);
    charge.status = status_of(charge, status, text_of(transaction, {"status"}));
    if (charge.status == "declined") note_decline(transaction, charge);
    Json told{{"status", charge.status}};
    show(transaction, text_of(json, {"payment_method"}), told);
    told["captured_cents"] = charge.captured_cents;
    told["refunded_cents"] = charge.refunded_cents;
    charge.told = JsonText(told.dump());
    return charge;
}

std::optional<Charge> find_charge(const Json& list, const std::string& code) {
    const auto* orders = rest::list_in(list, {"data"});
    if (orders == nullptr) return std::nullopt;
    const auto found = std::ranges::find_if(*orders, [&](const Json& order) {
        return order.is_object() && text_of(order, {"code"}) == code;
    });
    return found == orders->end() ? std::nullopt : read_charge(*found);
}

}  // namespace vitrine::pagarme
