#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/engine/definition.hpp"
#include "commands/engine/plan.hpp"
#include "commands/engine/request.hpp"
#include "commands/engine/turns.hpp"
#include "commands/json.hpp"
#include "commands/problem.hpp"
#include "core/uuid.hpp"
#include "store/journal.hpp"

// A command before it is accepted: what it is about, and what it must have to itself.
namespace vitrine::commands {

/// A request on its way to becoming a job.
struct Intake {
    CommandRequest request;
    const Definition* definition = nullptr;
    Json body;
    std::vector<Fault> inexact_numbers;  // of the body
    store::CommandHead head;
    std::optional<Plan> former;  // of a retryable command that is run again
    std::string entity_id;
    Claims claims;
    std::optional<Turns::Turn> chosen;  // of the claims, where the command had the choice
};

/// SHA-256 of method, path and canonical body: the same request has the same one, however it was
/// written.
std::string fingerprint_of(const CommandRequest& request, const Json& body);

/// Sets entity and stream: of the path, of the former attempt, or new.
std::optional<Problem> choose_target(Intake& intake, const UuidSource& new_id);

/// Sets entity and stream to those of that id.
void aim_at(Intake& intake, std::string id);

}  // namespace vitrine::commands
