#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/ids.hpp"
#include "events/processes.hpp"
#include "processes/process_name.hpp"

// Names of signals, and the ids of events that follow from them: a second taking of the same signal
// is the same append.
namespace vitrine::processes {

std::string fact_signal(const EventId& event);
/// `set_at`: the version of the event that set the timer, as it may be set again for the same time.
std::string timer_signal(const std::string& timer, Version set_at);
std::string effect_signal(const std::string& effect, const std::string& key);
/// An effect was put off after so many attempts.
std::string put_off_signal(
    const std::string& effect, const std::string& key, std::int64_t attempts
);
/// A comparison of what is wanted with what is under way, with the stream at that version.
std::string comparison_signal(Version version);

/// Of the event at that place of the append that a signal brings about.
EventId event_id_of(const ProcessName& process, const std::string& signal, std::size_t place);

/// Of the command by which an effect is carried out; of its kind for other gateways, too.
CommandId command_id_of(
    const ProcessName& process, const std::string& effect, const std::string& key
);

/// "process:offer-schedule"
std::string actor_of(const ProcessName& process);

}  // namespace vitrine::processes
