#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands/engine/definition.hpp"
#include "commands/engine/plan.hpp"
#include "events/codec.hpp"

// Pieces of plans that every command needs.
namespace vitrine::commands {

/// Of an entity, without events yet; `version` is that of its stream before.
Plan new_plan(const Entity& entity, const std::string& id, Version version);

/// Of what the command is about; what creates has its claims.
Plan begun_plan(const Preparation& from);

/// Steps that do not say which event notes their refusal have that of the command.
void name_failures(Plan& plan, const Definition& definition);

/// {"status": …}
JsonText status_answer(std::string_view status);

/// The decided events.
template <class Events>
std::vector<PlannedEvent> planned(const Events& events) {
    std::vector<PlannedEvent> result;
    for (const auto& event : events) {
        using events::encode;
        auto encoded = encode(event);
        result.push_back(
            {std::move(encoded.type), encoded.schema, JsonText(std::move(encoded.data)), "", ""}
        );
    }
    return result;
}

/// The plan's one effect, which brings about all of its events.
void carried_by(Plan& plan, std::string step, Effect effect);

}  // namespace vitrine::commands
