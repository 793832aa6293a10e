#pragma once

#include <string>
#include <string_view>

#include "commands/engine/rejection.hpp"
#include "commands/engine/request.hpp"
#include "commands/problem.hpp"
#include "events/codec.hpp"
#include "gateways/clubify/call.hpp"
#include "store/event_store.hpp"

// What went wrong, as the problem that a client is told.
namespace vitrine::commands {

/// `type` is a name of problem_types().
Problem problem_named(std::string_view type, Phrase detail);

/// 409 command-in-flight, to be tried again in a second.
Problem in_flight(Phrase detail);

/// "There is no such offer." Of Entity::this_one.
Phrase no_such_thing(const Term& entity);

Problem problem_of(const Rejection& rejection);
/// A natural key that is another's is told by taken() of claims.hpp.
Problem problem_of(const store::AppendError& error);
/// Trying again will not help.
bool is_final(const store::AppendError& error);
/// The reason is for the operator's log.
Problem problem_of(const events::UnreadableEvent& event);
/// Of a call that only reads.
Problem problem_of(const clubify::CallError& error);

CommandReply reply_of(const Problem& problem);

}  // namespace vitrine::commands
