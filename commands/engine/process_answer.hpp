#pragma once

#include <optional>
#include <string>

#include "core/json_text.hpp"
#include "gateways/effects.hpp"
#include "store/journal.hpp"

// What a command that has fed a process is answered. Pure.
namespace vitrine::commands {

/// As the process decides it; kept and replayed for ever.
struct ProcessAnswer {
    int status = 200;                               // of a success
    JsonText members = JsonText("{}");              // beside the ids and the version, or beside
                                                    // those of the problem document
    std::string location = {};                      // of a success
    std::optional<gateways::Refusal> refused = {};  // why it is none
    std::optional<std::string> person = {};         // whom the answer names: CommandHead::person
};

/// The command, and the entity that it is about.
struct AnsweredCommand {
    store::CommandHead head;  // its row has the rest
    std::string entity;       // "checkout"
    std::string entity_id;
    Version version = 0;  // of its stream, with the answer
};

store::Conclude conclusion_of(const ProcessAnswer& answer, const AnsweredCommand& command);

}  // namespace vitrine::commands
