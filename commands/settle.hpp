#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <variant>

#include "commands/plan.hpp"
#include "core/ids.hpp"
#include "gateways/clubify/clubify.hpp"

namespace vitrine::commands {

/// What a look-up on the platform says of a step.
struct StepDone {
    std::string id;  // of what was created; may be empty
};
struct StepAbsent {};   // there is no trace of it
struct StepForeign {};  // its natural key belongs to something that is not ours
struct StepMissing {};  // the entity it acts on is gone
struct LookUpFailed {
    clubify::CallError error;
};
using Settled = std::variant<StepDone, StepAbsent, StepForeign, StepMissing, LookUpFailed>;

/// Asks the platform whether `step` (filled in) of the command has happened.
boost::asio::awaitable<Settled> settle(
    clubify::Clubify& clubify, clubify::Account account, Step step, CommandId command_id
);

}  // namespace vitrine::commands
