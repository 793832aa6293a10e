#pragma once

#include "deliveries/receiver.hpp"
#include "gateways/rest/call.hpp"

// What an attempt came to that is made of calls of the platform.
namespace vitrine::deliveries {

/// Of a call that changes something.
Answer answer_of(const rest::CallError& error);

/// A look changes nothing, so that there is no doubt what came of it.
Answer look_failed(const rest::CallError& error);

/// From at once to a day later, for what is to be done there sooner or later.
const Schedule& clubify_schedule();

}  // namespace vitrine::deliveries
