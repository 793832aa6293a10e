#include "api/cli/event_text.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "core/printable.hpp"
#include "events/tenants.hpp"

namespace vitrine::api {
namespace {

constexpr std::size_t data_room = 100;

/// At most `data_room` bytes of it, not cut within a character.
std::string shortened(const std::string& text) {
    if (text.size() <= data_room) return text;
    auto end = data_room;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

/// In the operator's log: who did it.
std::string actor_of(const events::RecordedEvent& event) {
    if (event.tenant != events::operator_tenant()) return {};
    try {
        return events::decode_metadata(event.metadata).actor + "  ";
    } catch (const std::runtime_error&) {
        return "?  ";
    }
}

}  // namespace

std::string event_line(const events::RecordedEvent& event) {
    return printable_line(fmt::format(
        "{:>8}  {}  {}  {}@{}  {}  {}{}",
        event.position,
        format_time(event.recorded_at),
        event.tenant.view(),
        event.stream.view(),
        event.version,
        event.type,
        actor_of(event),
        shortened(event.data)
    ));
}

}  // namespace vitrine::api
