#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "core/phrase.hpp"
#include "core/time.hpp"
#include "projections/processes/process.hpp"

namespace vitrine::queries {

/// {kind, id, state, waits_for?, next_due?, opened_at, changed_at, version, position}
nlohmann::ordered_json to_json(
    const projections::ProcessState& process, std::optional<Timestamp> next_due, Language language
);

/// The same with {steps, timers, ignored_signals, last_ignored?}. Its timers stand in order.
nlohmann::ordered_json whole_to_json(const projections::ProcessState& process, Language language);

}  // namespace vitrine::queries
