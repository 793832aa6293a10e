#include "commands/engine/card_data.hpp"

#include <algorithm>
#include <string>

#include "commands/json.hpp"
#include "core/card_number.hpp"
#include "core/tax_id.hpp"

namespace vitrine::commands {

bool has_card_data(const Json& body) {
    if (body.is_object()) {
        for (const auto& [name, value] : body.items()) {
            const bool is_document = name == "document" && value.is_string() &&
                                     tax_id(value.get_ref<const std::string&>()).has_value();
            if (!is_document && (has_card_number(name) || has_card_data(value))) return true;
        }
        return false;
    }
    if (body.is_array()) return std::ranges::any_of(body, has_card_data);
    if (body.is_string()) return has_card_number(body.get_ref<const std::string&>());
    return body.is_number() && has_card_number(body.dump());
}

}  // namespace vitrine::commands
