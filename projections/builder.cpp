#include "projections/builder.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "events/catalogue.hpp"
#include "projections/applier.hpp"
#include "projections/audit.hpp"
#include "projections/bulk_load.hpp"
#include "projections/dismissals.hpp"
#include "projections/model_files.hpp"
#include "projections/poison.hpp"
#include "projections/read_ahead.hpp"
#include "projections/sql.hpp"
#include "projections/transaction.hpp"

namespace vitrine::projections {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Of a log that may grow meanwhile.
class Watch {
public:
    Watch(const RebuildOptions& options, store::EventStore& store, Position from)
        : watch_(options.progress, options.cancelled, RebuildProgress::Phase::building, from),
          store_(store),
          total_(store.head()) {}

    void look(Position done, bool last) {
        if (done > total_) total_ = store_.head();
        watch_.look(done, total_, last);
    }

private:
    ProgressWatch watch_;
    store::EventStore& store_;
    Position total_;
};

/// When to save: seldom enough that a build spends little of its time on it.
class SaveTimes {
public:
    explicit SaveTimes(std::chrono::milliseconds interval)
        : interval_(interval), next_(SteadyClock::now() + interval) {}

    bool due() {
        begin_ = SteadyClock::now();
        return begin_ >= next_;
    }
    void saved() {
        constexpr int share = 8;  // at most an eighth of the time
        const auto end = SteadyClock::now();
        const auto pause =
            interval_ > interval_.zero() ? share * (end - begin_) : SteadyClock::duration();
        next_ = end + std::max<SteadyClock::duration>(interval_, pause);
    }

private:
    std::chrono::milliseconds interval_;
    SteadyClock::time_point next_, begin_;
};

Built fill(
    store::EventStore& store,
    const Projection& projection,
    const RebuildOptions& options,
    BulkLoad& load
) {
    store::Filter filter;
    filter.types = projection.event_types;
    Built built;
    built.continued = load.checkpoint().position;
    Watch watch(options, store, built.continued);
    SaveTimes saves(options.save_interval);
    ReadAhead reader(store, filter, projection.detail, built.continued + 1);
    for (ReadAhead::Batch batch; reader.next(batch);) {
        for (const auto& event : batch.events) {
            load.apply(event);
            load.reached(event.position);
        }
        load.reached(batch.upto);
        if (saves.due()) {
            load.save();
            saves.saved();
        }
        watch.look(batch.upto, false);
    }
    watch.look(load.checkpoint().position, true);
    load.finish();
    built.position = load.checkpoint().position;
    built.events = load.checkpoint().applied;
    watch.look(built.position, true);
    return built;
}

/// Whether what an interrupted build has saved is what the log says, event by event.
bool can_be_continued(
    store::EventStore& store, const std::filesystem::path& file, const Projection& projection
) {
    try {
        const auto database = open_for_reading(file);
        const auto checkpoint = read_checkpoint(*database);
        if (read_complete(*database) || !same_log(checkpoint, store)) return false;
        auto found = read_tallies(*database);
        for (const auto& event : read_parked(*database, std::nullopt)) {
            found.add(event.tenant.view(), event.type, tally_of(event.position, event.id.view()));
        }
        return found == tallies_of_log(store, projection, checkpoint.position);
    } catch (const std::exception&) {
        return false;  // it is begun anew
    }
}

void require_tenants(const Projection& projection) {
    for (const auto& table : projection.tables) {
        if (std::ranges::find(table.key, "tenant") != table.key.end()) continue;
        throw std::logic_error(table.name + " is not kept by tenant");
    }
}

void forget_tenant(
    SQLite::Database& database, const Projection& projection, const TenantId& tenant
) {
    const auto erase = [&](const std::string& table) {
        MadeStatement(database, "DELETE FROM " + table + " WHERE tenant=?")->execute(tenant);
    };
    for (const auto& table : projection.tables) erase(table.name);
    erase("tallies");
    erase("parked");
}

/// The tenant's events once more, in one transaction, up to the file's own position.
Built refill(
    store::EventStore& store,
    const std::filesystem::path& file,
    const Projection& projection,
    const RebuildOptions& options
) {
    const auto database = open_for_writing(file);
    const auto checkpoint = read_checkpoint(*database);
    store::Filter filter;
    filter.tenant = options.tenant;
    filter.types = projection.event_types;
    const auto dismissed = dismissals(store, projection.name);
    Transaction transaction(*database);
    forget_tenant(*database, projection, *options.tenant);
    const auto projector = projection.open(*database, Tables::filled);
    Tallies tallies;
    Built built;
    built.position = checkpoint.position;
    Watch watch(options, store, 0);
    ReadAhead reader(store, filter, projection.detail, 1, checkpoint.position);
    for (ReadAhead::Batch batch; reader.next(batch);) {
        for (const auto& event : batch.events) {
            if (const auto kept = given_up(dismissed, event)) {
                write_parked(*database, *kept);
                continue;
            }
            apply_or_name(*projector, event);
            tallies.add(event);
            ++built.events;
        }
        if (projector->bytes() > options.memory) {
            projector->write();
            projector->forget();
        }
        watch.look(batch.upto, false);
    }
    projector->write();
    write_tallies(*database, {}, tallies);
    transaction.commit();
    watch.look(built.position, true);
    return built;
}

}  // namespace

Built build_model_file(
    store::EventStore& store,
    const std::filesystem::path& file,
    const Projection& projection,
    const RebuildOptions& options
) {
    if (!can_be_continued(store, file, projection)) remove_model_file(file);
    bool keep = false;
    try {
        BulkLoad load(file, projection, options.memory, dismissals(store, projection.name));
        try {
            return fill(store, projection, options, load);
        } catch (const Cancelled&) {
            keep = load.can_be_continued();
            throw;
        }
    } catch (...) {
        if (!keep) remove_model_file(file);
        throw;
    }
}

void build_parking(
    store::EventStore& store,
    const std::filesystem::path& file,
    const Projection& projection,
    const RebuildOptions& options
) {
    store::Filter filter;
    filter.types = projection.event_types;
    for (const auto& type : events::catalogue()) {  // what operators decided
        if (type.category == "projection") filter.types.emplace_back(type.name);
    }
    try {
        create_model_file(file, projection);
        Applier applier(store, file, projection, options.memory);
        Watch watch(options, store, 0);
        ReadAhead reader(store, filter, projection.detail, 1);
        for (ReadAhead::Batch batch; reader.next(batch);) {
            applier.apply(batch.events, batch.upto);
            watch.look(batch.upto, false);
        }
        watch.look(applier.position(), true);
    } catch (...) {
        remove_model_file(file);
        throw;
    }
}

Built build_tenant(
    store::EventStore& store,
    const std::filesystem::path& live,
    const std::filesystem::path& file,
    const Projection& projection,
    const RebuildOptions& options
) {
    require_tenants(projection);
    try {
        MadeStatement(*open_for_reading(live), "VACUUM INTO ?")->execute(file.string());
        return refill(store, file, projection, options);
    } catch (...) {
        remove_model_file(file);
        throw;
    }
}

LiveFile build_candidate(
    store::EventStore& store,
    ModelFiles& files,
    const Projection& projection,
    const RebuildOptions& options,
    RebuildReport& report
) {
    const auto live = files.live(projection.name);
    if (options.tenant && (!live || live->version != projection.version)) {
        throw std::runtime_error(
            projection.name + " has no file of its present version yet: rebuild all of it"
        );
    }
    auto candidate = files.next(projection.name, projection.version);
    Built built;
    if (options.tenant) {
        built = build_tenant(store, live->file, candidate.file, projection, options);
    } else {
        candidate = files.unfinished(projection.name, projection.version).value_or(candidate);
        built = build_model_file(store, candidate.file, projection, options);
    }
    report.name = projection.name;
    report.generation = candidate.generation;
    report.position = built.position;
    report.events = built.events;
    report.continued = built.continued;
    return candidate;
}

}  // namespace vitrine::projections
