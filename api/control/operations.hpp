#pragma once

#include <chrono>
#include <expected>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "commands/adoption/adoption.hpp"
#include "commands/tenants/tenants.hpp"
#include "core/time.hpp"
#include "deliveries/runner.hpp"
#include "projections/parked.hpp"
#include "projections/read_model.hpp"
#include "projections/rebuild.hpp"
#include "projections/release.hpp"
#include "queries/checkouts/money_check.hpp"
#include "store/keys.hpp"
#include "store/people_store.hpp"
#include "store/prune_journal.hpp"

// What an operator does to a data directory. The same code runs in the server, asked over its
// control socket, and in the command line when no server runs.
namespace vitrine::api {

using Json = nlohmann::ordered_json;

/// Hears what happens meanwhile: {"progress":{…}}, {"compared":{…}}, {"report":{…}}; on any thread.
using Hear = std::function<void(const Json&)>;
using Cancelled = std::function<bool()>;

/// What concerns the platform; the faults are sentences. They wait.
struct AdoptionOperations {
    std::function<std::expected<
        commands::AdoptionReport,
        std::string>(commands::AdoptionRequest, commands::AdoptionHeard, const Cancelled&)>
        adopt;
    std::function<std::expected<commands::Reconciliation, std::string>(TenantId, const Cancelled&)>
        reconcile;
};

/// Compares the payments of a tenant's checkouts with their providers; the fault is a sentence. It
/// waits.
using MoneyOperation = std::function<std::expected<
    queries::MoneyCheck,
    std::string>(TenantId, std::vector<std::string> checkouts, const Cancelled&)>;

/// Moves a test clock by `advance`, or to `set`, and answers its time when all that fell due has
/// been done; with neither, at once. The fault is a sentence.
struct ClockMove {
    std::optional<std::chrono::microseconds> advance = {};
    std::optional<Timestamp> set = {};
};
using ClockOperation =
    std::function<std::expected<Timestamp, std::string>(ClockMove, const Hear&, const Cancelled&)>;

/// What is carried to receivers outside. They wait.
struct DeliveryOperations {
    using Name = deliveries::ReceiverName;
    using Count = std::expected<std::uint64_t, deliveries::Refused>;

    std::function<std::vector<deliveries::ReceiverStatus>(const std::optional<TenantId>&)> status;
    std::function<
        std::vector<deliveries::Delivery>(const Name&, deliveries::State, std::size_t limit)>
        list;
    std::function<std::expected<
        deliveries::Retried,
        deliveries::Refused>(const Name&, const std::optional<EventId>&)>
        retry;
    std::function<Count(const Name&, const std::optional<EventId>&)> dismiss;
    std::function<std::expected<deliveries::Replay, deliveries::Refused>(
        const Name&, Position from, std::optional<Position> to
    )>
        replay;
    std::function<std::expected<void, deliveries::Refused>(const Name&, bool paused)> pause;
};

/// What operations work on.
struct Administration {
    store::Keys& keys;
    std::function<
        projections::RebuildReport(const std::string&, const projections::RebuildOptions&)>
        rebuild;
    /// How many files of former versions were removed.
    std::function<std::size_t(const std::string&)> drop_old = {};
    std::function<
        std::vector<projections::ParkedEvent>(const std::string&, const std::optional<TenantId>&)>
        parked = {};
    /// Waits until it is done.
    std::function<std::expected<projections::ReleaseReport, projections::ReleaseError>(
        const std::string&, projections::Release
    )>
        release = {};
    AdoptionOperations adoption = {};
    MoneyOperation check_money = {};
    /// How many commands the journal forgot, or would.
    std::function<std::uint64_t(const TenantId&, const store::PruneOptions&)> prune_journal = {};
    /// The log, for what is to be told in it; with people open.
    std::function<store::PeopleStore&()> log = {};
    /// Opened when it is first asked for.
    std::function<commands::Tenants&()> tenants = {};
    /// By the key in 64 hex digits, or one that is made; says where it stands.
    std::function<std::expected<std::string, std::string>(
        const std::optional<std::string>&, const std::string& by
    )>
        change_master_key = {};
    /// nullopt: it is not built yet.
    std::function<std::optional<projections::Lease>(const char* read_model)> lease = {};
    DeliveryOperations deliveries = {};
    /// The service's time.
    Clock clock = system_clock();
    /// Empty: no server runs.
    ClockOperation move_clock = {};
};

/// Runs the operation: "tenant add", "tenant show", "tenant list", "tenant change", "tenant
/// retire", "tenant withdraw", "key add", "key shown", "key list", "key revoke", "master-key
/// change", "rebuild", "drop old", "parked list", "parked retry", "parked dismiss", "delivery
/// list", "delivery retry", "delivery dismiss", "delivery replay", "delivery pause", "delivery
/// resume", "adopt", "reconcile", "orders import", "orders check", "money", "journal prune",
/// "people show", "process list", "process show", "clock", "time". `actor`: who asks, "cli:<user>".
/// The fault is one sentence; of a rebuild, one on a line for each read model. Throws what a broken
/// disk throws.
std::expected<Json, std::string> run_operation(
    const Administration& administration,
    const std::string& name,
    const Json& arguments,
    const Hear& hear,
    const Cancelled& cancelled,
    const std::string& actor
);

}  // namespace vitrine::api
