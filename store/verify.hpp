#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "events/envelope.hpp"

namespace vitrine::store {

/// A head that was noted earlier: it must still be the hash of an event of that tenant, or of any
/// tenant when none is named.
struct NotedHead {
    std::optional<TenantId> tenant;
    events::Hash hash{};
};

struct ChainHead {
    TenantId tenant;
    std::uint64_t events = 0;
    events::Hash head{};  // hash of the tenant's last event
};

struct LogFault {
    /// chain: an event is not what its hash says, or not in its place. positions, versions: a gap.
    /// head: a noted head is gone. schema: a table, an index or a guard is not as made. references:
    /// a row names another that is not there. integrity: what SQLite itself finds.
    std::string check;
    Position position = 0;  // 0: of no event
    std::string detail;     // one line
};

struct VerifyReport {
    Position position = 0;  // the last one that was looked at
    std::uint64_t events = 0;
    bool sparse = false;
    std::vector<ChainHead> tenants;  // by name
    std::vector<LogFault> faults;    // those of an event first, by position; not all of very many
};

struct VerifyOptions {
    std::vector<NotedHead> heads;
    std::function<void(Position done, Position total)> progress;  // may be empty
};

/// Looks through DIR/events.db: the hash chains and positions in one scan, the rest by SQLite's own
/// means. Reads only, beside a running server or without one; events appended meanwhile are not
/// looked at. Memory grows with streams (about 32 bytes each), not with events.
/// Throws what opening the log throws: also of a file that is no log at all.
VerifyReport verify(const std::filesystem::path& directory, const VerifyOptions& options);

}  // namespace vitrine::store
