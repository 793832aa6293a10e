#pragma once

#include <string>

#include "events/envelope.hpp"

namespace vitrine::events {

/// CloudEvents 1.0 in JSON, on one line: what `replay --json` prints and the event routes answer.
/// The data is at its present schema; attributes that are numbers are written as strings. An event
/// that cannot be read has null for data, and the attribute `unreadable` says why: whoever follows
/// the log gets past it.
std::string to_cloud_event(const RecordedEvent& event);

}  // namespace vitrine::events
