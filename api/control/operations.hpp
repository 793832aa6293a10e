#pragma once

#include <expected>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "commands/catalogue/catalogue.hpp"
#include "commands/tenants/tenants.hpp"
#include "projections/parked.hpp"
#include "projections/rebuild.hpp"
#include "projections/release.hpp"
#include "store/keys.hpp"
#include "store/prune_journal.hpp"

// What an operator does to a data directory. The same code runs in the server, asked over its
// control socket, and in the command line when no server runs.
namespace vitrine::api {

using Json = nlohmann::ordered_json;

/// Hears what happens meanwhile: {"progress":{…}}, {"compared":{…}}, {"report":{…}}; on any thread.
using Hear = std::function<void(const Json&)>;
using Cancelled = std::function<bool()>;

/// What concerns the platform; the faults are sentences. They wait.
struct CatalogueOperations {
    std::function<std::expected<
        commands::AdoptionReport,
        std::string>(commands::AdoptionRequest, commands::AdoptionHeard, const Cancelled&)>
        adopt;
    std::function<std::expected<commands::Reconciliation, std::string>(TenantId, const Cancelled&)>
        reconcile;
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
    std::function<std::expected<projections::ReleaseReport, std::string>(
        const std::string&, projections::Release
    )>
        release = {};
    CatalogueOperations catalogue = {};
    /// How many commands the journal forgot, or would.
    std::function<std::uint64_t(const TenantId&, const store::PruneOptions&)> prune_journal = {};
    /// Opened when it is first asked for.
    std::function<commands::Tenants&()> tenants = {};
    /// By the key in 64 hex digits, or one that is made; says where it stands.
    std::function<std::expected<std::string, std::string>(
        const std::optional<std::string>&, const std::string& by
    )>
        change_master_key = {};
};

/// Runs the operation: "tenant add", "tenant show", "tenant list", "tenant change", "tenant
/// retire", "tenant withdraw", "key add", "key list", "key revoke", "master-key change", "rebuild",
/// "drop old", "parked list", "parked retry", "parked dismiss", "adopt", "reconcile", "journal
/// prune". `actor`: who asks, "cli:<user>". The fault is one sentence; of a rebuild, one on a line
/// for each read model. Throws what a broken disk throws.
std::expected<Json, std::string> run_operation(
    const Administration& administration,
    const std::string& name,
    const Json& arguments,
    const Hear& hear,
    const Cancelled& cancelled,
    const std::string& actor
);

}  // namespace vitrine::api
