#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projections/list_key.hpp"
#include "projections/processes/tables.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// What a page of the list is asked by. Empty texts do not filter.
struct ProcessPage {
    std::string_view kind = {};
    std::string_view state = {};
    std::optional<ListKey> after = {};
    std::size_t limit = 50;
};

/// A process in the list, without its steps.
struct ListedProcess {
    ProcessState process;
    std::optional<Timestamp> next_due;
};

/// A timer that is set, of any tenant, ordered as they fall due.
struct DueTimer {
    Timestamp due;
    TenantId tenant;
    std::string kind, id, timer;
    auto operator<=>(const DueTimer&) const = default;
};

/// A process, of any tenant.
struct ProcessKey {
    TenantId tenant;
    std::string kind, id;
    auto operator<=>(const ProcessKey&) const = default;
};

/// Processes of one kind in all tenants.
struct ProcessCounts {
    std::map<std::string, std::int64_t, std::less<>> by_state;
    std::int64_t overdue = 0;  // with a timer that fell due and has not fired
    Lateness lateness;
};

/// Look-ups in the read model `processes`, on the caller's thread.
class ProcessesReader {
public:
    explicit ProcessesReader(Lease lease) : lease_(std::move(lease)) {}

    Position position() const { return lease_.position(); }

    /// With its steps and its timers, the earliest first.
    std::optional<ProcessState> find(
        const TenantId& tenant, std::string_view kind, std::string_view id
    );

    /// The newest first; `next` is `after` of the next page.
    ListItems<ListedProcess> list(const TenantId& tenant, const ProcessPage& page);

    /// Timers that are set, the first beyond `after`, of all tenants.
    std::vector<DueTimer> timers(const std::optional<DueTimer>& after, std::size_t limit);

    /// Processes with a step that has not ended, the first beyond `after`, of all tenants.
    std::vector<ProcessKey> under_way(const std::optional<ProcessKey>& after, std::size_t limit);

    /// By kind.
    std::map<std::string, ProcessCounts> counts(Timestamp now);

private:
    Lease lease_;
};

}  // namespace vitrine::projections
