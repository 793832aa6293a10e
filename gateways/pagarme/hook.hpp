#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace vitrine::pagarme {

/// What a hook says, of which nothing is believed but that there is something to look at.
struct Hook {
    std::string id;           // hook_…
    std::string type;         // "charge.paid"
    std::string signal;       // the same as the platform names it: "payment.paid"
    std::string charge_id;    // ch_…; empty: it names none
    std::string checkout_id;  // ours; empty: it is of a charge that is not ours
};

/// nullopt: it has no id or no type.
std::optional<Hook> read_hook(const nlohmann::ordered_json& body);

}  // namespace vitrine::pagarme
