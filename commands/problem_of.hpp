#pragma once

#include <string>
#include <string_view>

#include "commands/problem.hpp"
#include "commands/rejection.hpp"
#include "commands/request.hpp"
#include "events/codec.hpp"
#include "gateways/clubify/call.hpp"
#include "store/event_store.hpp"

// What went wrong, as the problem that a client is told.
namespace vitrine::commands {

/// `type` is a name of problem_types().
Problem problem_named(std::string_view type, Phrase detail);

/// 409 command-in-flight, to be tried again in a second.
Problem in_flight(Phrase detail);

/// "offer", "esta oferta": a word of Definition::entity in both languages.
Term this_one(std::string_view entity);

/// "There is no such offer."
Phrase no_such_thing(std::string_view entity);

Problem problem_of(const Rejection& rejection);
Problem problem_of(const store::AppendError& error);
/// The reason is for the operator's log.
Problem problem_of(const events::UnreadableEvent& event);
/// Of a call that only reads.
Problem problem_of(const clubify::CallError& error);

CommandReply reply_of(const Problem& problem);

}  // namespace vitrine::commands
