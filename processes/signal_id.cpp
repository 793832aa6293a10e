#include "processes/signal_id.hpp"

#include "core/uuid.hpp"

namespace vitrine::processes {
namespace {

/// No part has a line's end, so that different parts are different texts.
std::string joined(const ProcessName& process, const std::string& what) {
    return process.tenant.str() + '\n' + process.kind + '\n' + process.id + '\n' + what;
}

}  // namespace

std::string fact_signal(const EventId& event) {
    return "fact:" + event.str();
}

std::string timer_signal(const std::string& timer, Version set_at) {
    return "timer:" + timer + ':' + std::to_string(set_at);
}

std::string effect_signal(const std::string& effect, const std::string& key) {
    return "effect:" + effect + ':' + key;
}

std::string put_off_signal(
    const std::string& effect, const std::string& key, std::int64_t attempts
) {
    return "put-off:" + effect + ':' + key + ':' + std::to_string(attempts);
}

std::string comparison_signal(Version version) {
    return "comparison:" + std::to_string(version);
}

EventId event_id_of(const ProcessName& process, const std::string& signal, std::size_t place) {
    return EventId(uuid_of_text(joined(process, signal + '\n' + std::to_string(place))));
}

CommandId command_id_of(
    const ProcessName& process, const std::string& effect, const std::string& key
) {
    return CommandId(uuid_of_text(joined(process, "command\n" + effect + '\n' + key)));
}

std::string actor_of(const ProcessName& process) {
    return "process:" + process.kind;
}

}  // namespace vitrine::processes
