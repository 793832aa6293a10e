#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/phrase.hpp"
#include "core/time.hpp"
#include "gateways/clubify/call.hpp"
#include "store/journal.hpp"

namespace vitrine::commands {

/// How the outcome of a step is found out when its answer was lost, and so whether it may be sent
/// again.
enum class Settle {
    offer_by_slug,    // GET /offers/slug/{subject}, before every send too: the slug is unique there
    product_by_mark,  // GET /products, paged, for the command id: no natural key, so a settle time
                      // passes first
    product_edit_mark,  // GET /products/{subject}: edited_by is this command
    offer_edit_mark,    // GET /offers/{subject}: edited_by is this command
    offer_status,       // GET /offers/{subject}: its status is `wanted`
    offer_has_product,  // GET /offers/{subject}: has the product `wanted`
    offer_lacks_product,
    offer_product_as_sent,  // GET /offers/{subject}: the product `wanted` has what the body says
    repeat,                 // does what it does, however often: sent again
};

enum class OnRefusal {
    fail,   // the command has failed
    undo,   // what was done is undone, then the command has failed
    go_on,  // the command succeeds without this step's events, and notes the failure
};

/// One call that changes something on the platform.
struct Step {
    std::string name;    // "create": unique in its plan
    clubify::Call call;  // path may hold result_of(an earlier step)
    Settle settle = Settle::repeat;
    std::string subject;  // may be result_of(an earlier step)
    std::string wanted;
    OnRefusal on_refusal = OnRefusal::fail;
    std::string failure_type;  // event type that notes its refusal
    bool operator==(const Step&) const = default;
};

/// An event as decided; what only the platform can tell is filled in when its step is confirmed.
struct PlannedEvent {
    std::string type;
    int schema = 1;
    JsonText data;
    std::string step;       // the step that brings it about; empty: none does
    std::string id_member;  // member of data that takes the id from the step's answer; empty: none
    bool operator==(const PlannedEvent&) const = default;
};

/// Why a step did not happen: a problem type and its words.
struct Refusal {
    std::string problem;        // name of a problem type
    int status = 0;             // HTTP status of our answer
    std::string failure_class;  // refused, conflict, missing, credentials, unavailable
    Phrase detail;
    bool operator==(const Refusal&) const = default;
};

struct StepResult {
    std::string step;
    std::string id;  // that the answer gave; may be empty
    std::optional<Refusal> refusal;
    bool operator==(const StepResult&) const = default;
};

/// A command as it is carried out: fixed when it is accepted, so that recovery never decides again.
/// Stands in the journal as JSON; the results are what has been confirmed so far.
struct Plan {
    std::string entity;  // "offer", "product"
    std::string entity_id;
    StreamName stream;
    Version version = 0;                     // of the stream, before
    std::vector<store::Reservation> claims;  // natural keys that are this command's
    std::vector<store::HeldKey> releases;    // natural keys of earlier commands that success frees
    std::vector<Step> steps;
    std::vector<Step> undo;
    std::vector<PlannedEvent> events;
    JsonText answer;  // members of the answer after ids and version: {"status":"draft",…}
    int success_status = 200;
    std::vector<StepResult> results;
    std::optional<Refusal> failure;  // set: the undo steps are under way
    /// Until then a request that was given up and sent again may still arrive there: a later
    /// command on the stream waits, or the late one would undo it.
    std::optional<Timestamp> late_until;
    bool operator==(const Plan&) const = default;
};

/// A text that stands for the id which the answer to an earlier step will give.
std::string result_of(const std::string& step);

/// `text` with every result_of(step) replaced by that result.
std::string fill_in(const Plan& plan, std::string text);

/// The step to be carried out next; nullptr: none is left.
const Step* next_step(const Plan& plan);

JsonText to_json(const Plan& plan);

/// Throws std::runtime_error if it is not what to_json writes.
Plan plan_from_json(const JsonText& json);

}  // namespace vitrine::commands
