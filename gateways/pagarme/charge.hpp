#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "core/json_text.hpp"

// What Pagar.me tells of a charge. Pure.
namespace vitrine::pagarme {

/// In the words of the port of payments.
struct Charge {
    std::string id;
    std::string code;    // of its order: the charge_id that is ours
    std::string status;  // as the port has them
    std::int64_t captured_cents = 0, refunded_cents = 0;
    std::int64_t refunding_cents = 0;  // that is on its way back
    std::string decline_code;          // of one that is declined: "card_declined"
    bool retryable = false;
    JsonText told;  // status, what the buyer is shown, amounts
};

/// Of a charge, or of an order with its last one. nullopt: it is neither.
std::optional<Charge> read_charge(const nlohmann::ordered_json& json);

/// Of a list of orders, that of the one with this code. nullopt: there is none.
std::optional<Charge> find_charge(const nlohmann::ordered_json& list, const std::string& code);

}  // namespace vitrine::pagarme
