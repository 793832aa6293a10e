#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/rated_progress.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "core/printable.hpp"
#include "projections/audit.hpp"
#include "store/open_store.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;
using projections::ProjectionAudit;

struct AuditOptions {
    DataOptions where;
    bool json = false;
};

Json to_json(const projections::AuditFinding& finding) {
    Json json;
    json["tenant"] = finding.tenant;
    json["type"] = finding.type;
    json["logged"] = finding.logged;
    json["found"] = finding.found;
    json["logged_digest"] = finding.logged_digest;
    json["found_digest"] = finding.found_digest;
    if (finding.missing) json["missing_position"] = *finding.missing;
    return json;
}

Json to_json(const ProjectionAudit& audit) {
    Json json;
    json["name"] = audit.name;
    json["version"] = audit.version;
    json["generation"] = audit.generation;
    json["position"] = audit.position;
    json["lag"] = audit.lag;
    json["applied"] = audit.applied;
    json["skipped"] = audit.skipped;
    json["surplus"] = audit.surplus;
    json["parked"] = audit.parked;
    json["dismissed"] = audit.dismissed;
    json["complete"] = audit.complete();
    if (!audit.fault.empty()) json["fault"] = audit.fault;
    if (!audit.findings.empty()) json["findings"] = Json::array();
    for (const auto& finding : audit.findings) json["findings"].push_back(to_json(finding));
    return json;
}

std::string finding_text(const ProjectionAudit& audit, const projections::AuditFinding& finding) {
    const auto which = finding.missing ? fmt::format(": position {} is missing", *finding.missing)
                       : finding.logged == finding.found ? std::string(": not the same events")
                                                         : std::string();
    return fmt::format(
        "{}: {} {}: {} in the log, {} found{}",
        audit.name,
        finding.tenant,
        finding.type,
        finding.logged,
        finding.found,
        which
    );
}

int audit(const AuditOptions& options) {
    require_log(options.where.data);
    const auto store = store::open_store_read_only(store::url_of(options.where.data));
    RatedProgress progress("audit", "events");
    const auto audits = projections::audit(
        *store,
        options.where.data,
        projections::every_projection(),
        [&](Position done, Position total) { progress.show(done, total); }
    );
    progress.clear();
    auto rows = Json::array();
    std::string incomplete;
    for (const auto& audit : audits) {
        rows.push_back(to_json(audit));
        if (!audit.complete()) incomplete += (incomplete.empty() ? "" : ", ") + audit.name;
    }
    print_rows(
        rows,
        {"name", "position", "lag", "applied", "skipped", "parked", "dismissed", "complete"},
        options.json
    );
    for (const auto& audit : audits) {
        if (options.json) break;
        if (!audit.fault.empty())
            std::cout << printable_line(audit.name + ": " + audit.fault) << '\n';
        for (const auto& finding : audit.findings)
            std::cout << printable_line(finding_text(audit, finding)) << '\n';
    }
    std::cout << std::flush;
    if (!incomplete.empty()) throw std::runtime_error("not complete: " + incomplete);
    return 0;
}

}  // namespace

void add_audit(CLI::App& app, Action& action) {
    auto options = std::make_shared<AuditOptions>();
    auto* command = app.add_subcommand(
        "audit",
        "Prove that every read model has every event up to its position, beside a running or on a "
        "stopped server; exit code 1 if one has not."
    );
    add_data_option(*command, options->where);
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&action, options] { action = [options] { return audit(*options); }; });
}

}  // namespace vitrine::api
