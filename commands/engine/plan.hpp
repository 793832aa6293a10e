#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/time.hpp"
#include "gateways/effects.hpp"
#include "store/journal.hpp"

namespace vitrine::commands {

using gateways::Effect;
using gateways::Refusal;

enum class OnRefusal {
    fail,   // the command has failed
    undo,   // what was done is undone, then the command has failed
    go_on,  // the command succeeds without this step's events, and notes the failure
};

/// One effect in an outside system.
struct Step {
    std::string name;  // "create": unique in its plan
    Effect effect;     // path and subject may hold result_of(an earlier step)
    OnRefusal on_refusal = OnRefusal::fail;
    std::string failure_type = {};  // event type that notes its refusal
    // What the answer says when the command goes on without it:
    JsonText without = {};        // members that replace or join those of Plan::answer
    std::string problem_at = {};  // JSON pointer of the problem in it
    bool operator==(const Step&) const = default;
};

/// An event as decided; what only the outside can tell is filled in when its step is confirmed.
struct PlannedEvent {
    std::string type;
    int schema = 1;
    JsonText data;
    std::string step;       // the step that brings it about; empty: none does
    std::string id_member;  // member of data that takes the id from the step's answer; empty: none
    bool operator==(const PlannedEvent&) const = default;
};

/// A further stream of a command that decides on several, which is local: none of this stands in
/// the journal.
struct OtherStream {
    StreamName stream;
    Version version = 0;               // that was decided at
    std::vector<PlannedEvent> events;  // none: it must be as it was
    bool operator==(const OtherStream&) const = default;
};

struct StepResult {
    std::string step;
    std::string id;  // that the answer gave; may be empty
    std::optional<Refusal> refusal;
    bool operator==(const StepResult&) const = default;
};

/// The process that a command has fed, and by which event: it decides what the command is answered.
struct Feeding {
    std::string kind;  // of the process; its id is the entity's
    EventId signal;
    bool operator==(const Feeding&) const = default;
};

/// A command as it is carried out: fixed when it is accepted, so that recovery never decides again.
/// Stands in the journal as JSON; the results are what has been confirmed so far.
struct Plan {
    std::string entity;  // name of what it is about
    std::string entity_id;
    std::string item_id;  // the part of it that the path names; may be empty
    StreamName stream;
    Version version = 0;                     // of the stream, before
    std::vector<store::Claim> claims;        // natural keys that are this command's
    std::vector<store::HeldClaim> releases;  // natural keys of earlier commands that success frees
    std::vector<Step> steps;
    std::vector<Step> undo;
    std::vector<PlannedEvent> events;
    std::vector<OtherStream> others;
    std::optional<Rejection> refusal;  // that is answered though the events are told
    JsonText answer = JsonText("{}");  // members after ids and version: {"status":"draft",…}
    int success_status = 200;
    std::string location;
    std::vector<StepResult> results;
    std::optional<Refusal> failure;  // set: the undo steps are under way
    std::optional<Feeding> feeds;    // set: it has no steps
    /// Until then a request that was given up and sent again may still arrive there: a later
    /// command on the stream waits, or the late one would undo it.
    std::optional<Timestamp> late_until;
    /// Of a command that names people: whose data it has; empty: of nobody who is known. The
    /// engine sets it to the entity's id where the command's area does not.
    std::optional<std::string> person;
    bool operator==(const Plan&) const = default;
};

/// A text that stands for the id which the answer to an earlier step will give.
std::string result_of(const std::string& step);

/// `text` with every result_of(step) replaced by that result.
std::string fill_in(const Plan& plan, std::string text);

/// The step to be carried out next; nullptr: none is left.
const Step* next_step(const Plan& plan);

JsonText to_json(const Plan& plan);

/// Rows of older programs too. Throws std::runtime_error if it is not what to_json writes.
Plan plan_from_json(const JsonText& json);

}  // namespace vitrine::commands
