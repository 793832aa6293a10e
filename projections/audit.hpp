#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "projections/projector.hpp"
#include "projections/tallies.hpp"
#include "store/event_store.hpp"

namespace vitrine::projections {

/// Events of one tenant and type that a projection has not exactly as the log has them.
struct AuditFinding {
    std::string tenant, type;
    std::uint64_t logged = 0;  // up to the projection's position
    std::uint64_t found = 0;   // applied, parked or dismissed
    std::string logged_digest, found_digest;
    std::optional<Position> missing;  // if just one event is
};

/// One projection against the log.
struct ProjectionAudit {
    std::string name;
    int version = 0;
    std::uint64_t generation = 0;
    Position position = 0;  // nothing that it wants is between its checkpoint and this
    std::uint64_t lag = 0;  // events of the log after that which it wants
    std::uint64_t applied = 0, parked = 0, dismissed = 0;
    std::uint64_t skipped = 0;  // up to `position`, wanted, and neither of these three
    std::uint64_t surplus = 0;  // found, but not in the log, or found more than once
    std::vector<AuditFinding> findings;
    std::string fault;  // why there is nothing to audit; empty: there is

    /// Every event up to the position that it wants is in the rows, or was dismissed by an
    /// operator.
    bool complete() const;
};

/// Told now and then how far of the log the audit is.
using AuditProgress = std::function<void(Position done, Position total)>;

/// Proves of each projection that it has every event up to its position, by the tallies in its file
/// and one scan of the log for all of them. Through read-only connections: beside a running server
/// or without one. Throws what a broken disk throws.
std::vector<ProjectionAudit> audit(
    store::EventStore& store,
    const std::filesystem::path& data_directory,
    std::span<const Projection> projections,
    const AuditProgress& progress = {}
);

/// The tallies of what that projection wants, up to `upto`.
Tallies tallies_of_log(store::EventStore& store, const Projection& projection, Position upto);

}  // namespace vitrine::projections
