#include "projections/audit.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "projections/checkpoint.hpp"
#include "projections/model_files.hpp"
#include "projections/parked.hpp"
#include "projections/read_ahead.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr std::size_t events_between_looks = 4096;
constexpr int file_attempts = 5;  // a rebuild may switch files meanwhile

bool wants(const Projection& projection, std::string_view type) {
    return std::ranges::find(projection.event_types, type) != projection.event_types.end();
}

/// What a file says of itself, all as of one moment.
struct Account {
    Checkpoint checkpoint;
    Tallies found;  // applied, parked and dismissed
};

void add_parked(SQLite::Database& database, Account& account, ProjectionAudit& audit) {
    for (const auto& event : read_parked(database, std::nullopt)) {
        // A blocking event is behind the checkpoint still.
        if (event.state == ParkedState::blocking) continue;
        account.found.add(
            event.tenant.view(), event.type, tally_of(event.position, event.id.view())
        );
        ++(event.state == ParkedState::dismissed ? audit.dismissed : audit.parked);
    }
}

Account read_account(const std::filesystem::path& file, ProjectionAudit& audit) {
    const auto database = open_for_reading(file);
    database->exec("BEGIN");
    Account account{read_checkpoint(*database), read_tallies(*database)};
    for (const auto& [key, tally] : account.found.entries()) audit.applied += tally.events;
    add_parked(*database, account, audit);
    audit.position = account.checkpoint.position;
    return account;
}

std::optional<Account> open_account(
    const std::filesystem::path& data_directory,
    const Projection& projection,
    ProjectionAudit& audit
) {
    for (int attempt = 1;; ++attempt) {
        const auto live = read_live_file(data_directory, projection.name);
        audit = {};
        audit.name = projection.name;
        if (!live) {
            audit.fault = "there is no file yet";
            return std::nullopt;
        }
        audit.version = live->version;
        audit.generation = live->generation;
        if (live->version != projection.version) {
            audit.fault = "its file has version " + std::to_string(live->version) +
                          ", this program makes version " + std::to_string(projection.version);
            return std::nullopt;
        }
        try {
            return read_account(live->file, audit);
        } catch (const std::exception& error) {
            if (attempt < file_attempts) continue;
            audit.fault = error.what();
            return std::nullopt;
        }
    }
}

/// Calls `visit` with every event up to `upto` that matches.
template <class Visit>
void scan(store::EventStore& store, const store::Filter& filter, Position upto, Visit visit) {
    ReadAhead reader(store, filter, store::Detail::facts, 1, upto);
    for (ReadAhead::Batch batch; reader.next(batch);) {
        for (const auto& event : batch.events) visit(event);
    }
}

/// The event whose absence alone explains the difference.
std::optional<Position> find_missing(
    store::EventStore& store, const Tallies::Key& of, Tally difference, Position upto
) {
    if (difference.events != 1) return std::nullopt;
    store::Filter filter;
    filter.tenant = TenantId(of.first);
    filter.types = {of.second};
    std::optional<Position> missing;
    scan(store, filter, upto, [&](const RecordedEvent& event) {
        if (tally_of(event.position, event.id.view()) == difference) missing = event.position;
    });
    return missing;
}

class Comparison {
public:
    Comparison(store::EventStore& store, ProjectionAudit& audit) : store_(store), audit_(audit) {}

    void compare(const Tallies& logged, const Tallies& found, const Projection& projection) {
        std::set<Tallies::Key> keys;
        for (const auto& [key, tally] : found.entries()) keys.insert(key);
        for (const auto& [key, tally] : logged.entries()) {
            if (wants(projection, key.second)) keys.insert(key);
        }
        for (const auto& key : keys) compare(key, logged.of(key), found.of(key));
    }

private:
    void compare(const Tallies::Key& key, const Tally& logged, const Tally& found) {
        if (logged == found) return;
        AuditFinding finding;
        finding.tenant = key.first;
        finding.type = key.second;
        finding.logged = logged.events;
        finding.found = found.events;
        finding.logged_digest = logged.digest();
        finding.found_digest = found.digest();
        auto difference = logged;
        difference -= found;
        finding.missing = find_missing(store_, key, difference, audit_.position);
        if (found.events < logged.events) audit_.skipped += logged.events - found.events;
        if (found.events > logged.events) audit_.surplus += found.events - logged.events;
        audit_.findings.push_back(std::move(finding));
    }

    store::EventStore& store_;
    ProjectionAudit& audit_;
};

}  // namespace

bool ProjectionAudit::complete() const {
    return fault.empty() && findings.empty() && parked == 0;
}

std::vector<ProjectionAudit> audit(
    store::EventStore& store,
    const std::filesystem::path& data_directory,
    std::span<const Projection> projections,
    const AuditProgress& progress
) {
    std::vector<ProjectionAudit> audits(projections.size());
    std::vector<std::pair<std::size_t, Account>> accounts;
    for (std::size_t i = 0; i < projections.size(); ++i) {
        auto account = open_account(data_directory, projections[i], audits[i]);
        if (account) accounts.emplace_back(i, *std::move(account));
    }
    std::ranges::sort(accounts, {}, [](const auto& account) {
        return account.second.checkpoint.position;
    });
    Tallies logged;
    auto next = accounts.begin();
    const auto settle = [&](Position reached) {
        for (; next != accounts.end() && next->second.checkpoint.position < reached; ++next) {
            Comparison(store, audits[next->first])
                .compare(logged, next->second.found, projections[next->first]);
        }
    };
    const auto head = store.head();
    scan(store, {}, head, [&, seen = std::size_t{0}](const RecordedEvent& event) mutable {
        if (progress && seen++ % events_between_looks == 0) progress(event.position, head);
        settle(event.position);
        logged.add(event);
        for (auto behind = accounts.begin(); behind != next; ++behind) {
            if (wants(projections[behind->first], event.type)) ++audits[behind->first].lag;
        }
    });
    settle(std::numeric_limits<Position>::max());
    for (auto& audit : audits) {
        if (!audit.fault.empty()) {
            audit.lag = head;
        } else if (audit.lag == 0) {
            // The checkpoint in the file may be behind by events of no interest.
            audit.position = std::max(audit.position, head);
        }
    }
    return audits;
}

Tallies tallies_of_log(store::EventStore& store, const Projection& projection, Position upto) {
    store::Filter filter;
    filter.types = projection.event_types;
    Tallies tallies;
    scan(store, filter, upto, [&](const RecordedEvent& event) { tallies.add(event); });
    return tallies;
}

}  // namespace vitrine::projections
