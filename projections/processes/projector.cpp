#include <algorithm>
#include <map>

#include "events/codec.hpp"
#include "projections/every_projection.hpp"
#include "projections/payload.hpp"
#include "projections/processes/tables.hpp"
#include "projections/row_cache.hpp"

namespace vitrine::projections {
namespace {

/// What was noted of signals for processes that never were.
constexpr std::string_view without_process = "process";

std::string kind_of(const events::ProcessEvent& event) {
    return std::visit([](const auto& each) { return each.kind; }, event);
}

class Processes : public Projector {
public:
    Processes(SQLite::Database& database, Tables tables)
        : tables_(database), may_be_there_(tables == Tables::filled) {}

    void apply(const RecordedEvent& event) override {
        if (events::category_of(event.stream) == without_process) return;
        read_event(event, [&] {
            if (const auto general = events::decode<events::ProcessEvent>(event))
                apply(event, *general);
        });
    }

    void write() override {
        rows_.write_changed([this](const auto& entry) {
            tables_.write(entry.tenant, entry.id, entry.row);
        });
        for (const auto& [of, lateness] : lateness_) tables_.add(of.first, of.second, lateness);
        lateness_.clear();
        may_be_there_ = true;
    }

    void forget() override {
        rows_.clear();
        lateness_.clear();
    }

    std::size_t bytes() const override { return rows_.bytes(); }

private:
    void apply(const RecordedEvent& event, const events::ProcessEvent& general) {
        const auto kind = kind_of(general);
        const std::string id(events::id_of(event.stream));
        const auto name = kind + '/' + id;
        auto& entry = rows_.find(event.tenant, name, [&](ProcessState& process) {
            if (may_be_there_) tables_.read(event.tenant, name, process);
        });
        auto& process = entry.row;
        if (event.version <= process.version) return;
        evolve(process, general, event.recorded_at);
        if (process.version == 0) {
            process.kind = kind;
            process.id = id;
            process.opened_at = event.recorded_at;
            if (process.state.empty()) process.state = events::process_state::open;
        }
        process.version = event.version;
        process.position = event.position;
        rows_.mark(entry);
        if (const auto* fired = std::get_if<events::ProcessTimerFired>(&general))
            note_lateness(event.tenant, kind, event.recorded_at - fired->due);
    }

    void note_lateness(
        const TenantId& tenant, const std::string& kind, std::chrono::microseconds late
    ) {
        late = std::max(late, std::chrono::microseconds(0));
        const auto bound =
            std::ranges::lower_bound(lateness_bounds, std::chrono::duration<double>(late).count());
        auto& lateness = lateness_[{tenant, kind}];
        ++lateness.counts[static_cast<std::size_t>(bound - lateness_bounds.begin())];
        lateness.sum += late.count();
    }

    ProcessTables tables_;
    bool may_be_there_;
    RowCache<ProcessState> rows_;
    std::map<std::pair<TenantId, std::string>, Lateness> lateness_;
};

}  // namespace

Projection processes_projection() {
    Projection projection;
    projection.name = "processes";
    projection.version = projection.readable_since = 2;
    projection.poison = Poison::park_stream;
    projection.event_types = {
        "ProcessOpened",
        "ProcessTimerSet",
        "ProcessTimerCancelled",
        "ProcessTimerFired",
        "ProcessEffectIntended",
        "ProcessEffectEnded",
        "ProcessSignalIgnored",
        "ProcessWaiting",
        "ProcessEffectPutOff",
        "ProcessAsked",
        "ProcessAnswered"
    };
    projection.tables = process_tables();
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Processes>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
