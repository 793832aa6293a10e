#pragma once

#include <string>

#include "events/envelope.hpp"

namespace vitrine::api {

/// One readable line: position, time, tenant, stream@version, type, and the data, cut when long.
std::string event_line(const events::RecordedEvent& event);

}  // namespace vitrine::api
