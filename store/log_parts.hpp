#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <variant>

#include "events/envelope.hpp"
#include "store/journal.hpp"

// What an exported log consists of, in this order: one header, events by position, commands in
// order of acceptance, claims, one end.
namespace vitrine::store {

struct LogHeader {
    std::optional<TenantId> tenant;  // nothing: all of them
    Position from = 1;               // no event before it is there
    bool sparse = false;             // positions may have gaps
    /// Where the chains of tenants stood before `from`.
    std::map<TenantId, events::Hash> continues;
    bool operator==(const LogHeader&) const = default;
};

struct ExportedClaim {
    TenantId tenant;
    Claim claim;
    CommandId command;
    bool operator==(const ExportedClaim&) const = default;
};

/// How many there were: that nothing was cut off.
struct LogEnd {
    std::uint64_t events = 0;
    std::uint64_t commands = 0;
    std::uint64_t claims = 0;
    bool operator==(const LogEnd&) const = default;
};

/// Of a CommandRecord everything but `sequence` counts.
using LogPart =
    std::variant<LogHeader, events::RecordedEvent, CommandRecord, ExportedClaim, LogEnd>;

}  // namespace vitrine::store
