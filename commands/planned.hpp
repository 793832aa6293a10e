#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands/plan.hpp"
#include "events/codec.hpp"

// Pieces of plans that every command needs.
namespace vitrine::commands {

Plan plan_for(std::string entity, std::string entity_id, StreamName stream, Version version);

/// {"status": …}
JsonText status_answer(std::string_view status);

/// The decided events, brought about by `step`.
template <class Events>
std::vector<PlannedEvent> planned(const Events& events, const std::string& step) {
    std::vector<PlannedEvent> result;
    for (const auto& event : events) {
        auto encoded = events::encode(event);
        result.push_back(
            {std::move(encoded.type), encoded.schema, JsonText(std::move(encoded.data)), step, ""}
        );
    }
    return result;
}

}  // namespace vitrine::commands
