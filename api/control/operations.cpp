#include "api/control/operations.hpp"

#include <algorithm>
#include <numeric>

#include "api/control/adoption_report.hpp"
#include "api/control/clock_operations.hpp"
#include "api/control/delivery_operations.hpp"
#include "api/control/money_operations.hpp"
#include "api/control/order_operations.hpp"
#include "api/control/parked.hpp"
#include "api/control/process_operations.hpp"
#include "api/control/rebuild_report.hpp"
#include "api/control/tenant_operations.hpp"
#include "api/control/work.hpp"
#include "commands/people/disclosure.hpp"
#include "core/uuid.hpp"
#include "projections/projections.hpp"
#include "store/append.hpp"

namespace vitrine::api {
namespace {

Outcome no_projection(const std::string& name) {
    std::string known;
    for (const auto& each : projections::every_projection())
        known += (known.empty() ? "" : ", ") + each.name;
    return fault("there is no read model " + name + " (there are " + known + ")");
}

std::expected<std::vector<std::string>, std::string> wanted_projections(const Work& work) {
    std::vector<std::string> names;
    if (work.arguments.value("all", false)) {
        for (const auto& projection : projections::every_projection())
            names.push_back(projection.name);
        return names;
    }
    for (const auto& each : work.arguments.at("names")) {
        auto name = each.get<std::string>();
        if (!projections::find_projection(name))
            return std::unexpected(no_projection(name).error());
        if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    }
    return names;
}

/// With what to do about it, if it is parked already.
std::string poison_text(
    const Work& work, const std::string& name, const projections::PoisonEvent& poison
) {
    const auto parked = work.administration.parked(name, std::nullopt);
    std::string text = name + ": " + poison.what();
    std::ranges::replace(text, '\n', ' ');
    if (std::ranges::find(parked, poison.position, &projections::ParkedEvent::position) !=
        parked.end()) {
        text += "; it is parked: `vitrine parked retry` or `vitrine parked dismiss` it first";
    }
    return text;
}

Outcome rebuild(const Work& work) {
    const auto names = wanted_projections(work);
    if (!names) return fault(names.error());
    if (const auto tenant = work.text("tenant");
        !tenant.empty() && !work.keys().find_tenant(TenantId(tenant))) {
        return no_tenant(tenant);
    }
    std::string faults;
    for (const auto& name : *names) {
        projections::RebuildOptions options;
        options.diff = work.arguments.value("diff", false);
        options.check = work.arguments.value("check", false);
        if (auto tenant = work.text("tenant"); !tenant.empty()) options.tenant = TenantId(tenant);
        options.progress = [&](const projections::RebuildProgress& progress) {
            Json json;
            json["progress"] = to_json(name, progress);
            work.hear(json);
        };
        options.compared = [&](const projections::RebuildReport& report) {
            Json json;
            json["compared"] = compared_to_json(report);
            work.hear(json);
        };
        options.cancelled = work.cancelled;
        try {
            Json json;
            json["report"] = to_json(work.administration.rebuild(name, options));
            work.hear(json);
        } catch (const projections::Cancelled& cancelled) {
            return fault(faults + name + ": " + cancelled.what());
        } catch (const projections::PoisonEvent& poison) {
            // The others can be rebuilt all the same.
            faults += poison_text(work, name, poison) + '\n';
        }
    }
    if (faults.empty()) return Json::object();
    faults.pop_back();
    return fault(faults);
}

/// Known tenants only: the one named, or all.
std::expected<std::vector<TenantId>, std::string> wanted_tenants(const Work& work) {
    std::vector<TenantId> tenants;
    if (const auto name = work.text("tenant"); !name.empty()) {
        if (!work.keys().find_tenant(TenantId(name)))
            return std::unexpected("there is no tenant " + name);
        tenants.emplace_back(name);
        return tenants;
    }
    for (const auto& tenant : work.keys().tenants()) tenants.push_back(tenant.id);
    return tenants;
}

/// Of these, who has to do with the platform still.
std::expected<std::vector<TenantId>, std::string> active_tenants(const Work& work) {
    auto tenants = wanted_tenants(work);
    if (!tenants) return tenants;
    std::erase_if(*tenants, [&work](const TenantId& id) {
        return work.keys().find_tenant(id)->retired_at.has_value();
    });
    if (const auto name = work.text("tenant"); tenants->empty() && !name.empty())
        return std::unexpected("tenant " + name + " is retired");
    return tenants;
}

Outcome adopt(const Work& work) {
    const auto tenants = active_tenants(work);
    if (!tenants) return fault(tenants.error());
    commands::AdoptionRequest request;
    request.tenant = tenants->front();
    request.principal = "operator";
    request.dry_run = work.arguments.value("dry_run", false);
    const auto only = commands::adoption_kinds(work.text("only"));
    if (!only) return fault(only.error().english());
    request.only = *only;
    const auto heard = [&](const commands::AdoptionReport& report) {
        Json json;
        json["progress"]["products"] =
            report.products.adopted + report.products.known + report.products.failed;
        json["progress"]["offers"] =
            report.offers.adopted + report.offers.known + report.offers.failed;
        json["progress"]["customers"] =
            report.customers.adopted + report.customers.known + report.customers.failed;
        json["progress"]["orders"] = report.orders.adopted + report.changed_orders +
                                     report.orders.known + report.orders.failed;
        work.hear(json);
    };
    const auto report =
        work.administration.adoption.adopt(std::move(request), heard, work.cancelled);
    if (!report) return fault(report.error());
    return to_json(*report, Language::english);
}

Outcome reconcile(const Work& work) {
    const auto tenants = active_tenants(work);
    if (!tenants) return fault(tenants.error());
    auto list = Json::array();
    for (const auto& tenant : *tenants) {
        const auto report = work.administration.adoption.reconcile(tenant, work.cancelled);
        if (!report) return fault(tenant.str() + ": " + report.error());
        Json json;
        json["tenant"] = tenant.str();
        json.update(to_json(*report));
        list.push_back(std::move(json));
    }
    return list;
}

Outcome drop_old(const Work& work) {
    const auto names = wanted_projections(work);
    if (!names) return fault(names.error());
    std::size_t dropped = 0;
    for (const auto& name : *names) dropped += work.administration.drop_old(name);
    Json json;
    json["dropped"] = dropped;
    return json;
}

Outcome parked_list(const Work& work) {
    const auto only = work.text("projection");
    if (!only.empty() && !projections::find_projection(only)) return no_projection(only);
    std::optional<TenantId> tenant;
    if (auto name = work.text("tenant"); !name.empty()) {
        tenant = TenantId(name);
        if (!work.keys().find_tenant(*tenant)) return no_tenant(name);
    }
    const bool all = work.arguments.value("all", false);
    auto list = Json::array();
    for (const auto& projection : projections::every_projection()) {
        if (!only.empty() && projection.name != only) continue;
        for (const auto& event : work.administration.parked(projection.name, tenant)) {
            if (!all && event.state == projections::ParkedState::dismissed) continue;
            list.push_back(to_json(projection.name, event));
        }
    }
    return list;
}

Outcome release(const Work& work, projections::Release::Kind kind) {
    const auto name = work.text("projection");
    if (!projections::find_projection(name)) return no_projection(name);
    projections::Release release;
    release.kind = kind;
    release.tenant = TenantId(work.text("tenant"));
    if (!work.keys().find_tenant(release.tenant)) return no_tenant(release.tenant.str());
    release.stream = StreamName(work.text("stream"));
    release.reason = work.text("reason");
    release.actor = "cli";
    auto report = work.administration.release(name, std::move(release));
    if (!report) return fault(report.error().why.english());
    return to_json(*report);
}

Outcome parked_retry(const Work& work) {
    return release(work, projections::Release::Kind::retry);
}

Outcome parked_dismiss(const Work& work) {
    using Kind = projections::Release::Kind;
    return release(work, work.arguments.value("all", false) ? Kind::dismiss_all : Kind::dismiss);
}

// The last steps of a command that has just ended may be on their way to the platform still.
constexpr std::chrono::seconds prune_settle{5};

Json number_json(const char* name, std::uint64_t number) {
    Json json;
    json[name] = number;
    return json;
}

Outcome journal_prune(const Work& work) {
    const auto tenants = wanted_tenants(work);
    if (!tenants) return fault(tenants.error());
    const auto before = parse_time(work.text("before"));
    if (!before) return fault("before: no time such as 2026-03-01T12:00:00Z");
    const auto now = work.now();
    if (*before > now) return fault(store::prune_in_future);
    store::PruneOptions options;
    options.before = std::min<Timestamp>(*before, now - prune_settle);
    options.dry_run = true;
    options.cancelled = work.cancelled;
    std::vector<std::uint64_t> counts;
    for (const auto& tenant : *tenants)
        counts.push_back(work.administration.prune_journal(tenant, options));
    const auto count = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    const auto counted = [&](const char* name, std::uint64_t number) {
        auto json = number_json(name, number);
        json["before"] = format_time(options.before);
        return json;
    };
    if (work.arguments.value("dry_run", false)) return counted("would_be_pruned", count);
    if (store::prune_needs_number(*before, now) &&
        (!work.arguments.contains("force") ||
         work.arguments.at("force").get<std::uint64_t>() != count)) {
        return fault(store::prune_number_text(count));
    }
    work.hear(number_json("counted", count));
    options.dry_run = false;
    std::uint64_t pruned = 0;
    options.progress = [&](std::uint64_t of_tenant) {
        Json json;
        json["progress"] = number_json("commands", pruned + of_tenant);
        work.hear(json);
    };
    for (std::size_t i = 0; i < tenants->size(); ++i) {
        options.limit = counts[i];  // none that ended since it was counted
        pruned += work.administration.prune_journal((*tenants)[i], options);
    }
    return counted("pruned", pruned);
}

/// Whoever reads the log here is to be told when somebody is erased.
Outcome show_people(const Work& work) {
    const auto tenants = wanted_tenants(work);
    if (!tenants) return fault(tenants.error());
    auto& log = work.administration.log();
    const auto now = work.now();
    const auto new_id = uuid_v7_source(work.administration.clock);
    for (const auto& tenant : *tenants) {
        auto append =
            commands::disclosure_to_tell(log, {tenant, work.actor, "replay"}, now, new_id);
        if (!append) continue;
        const auto told = store::append_and_wait(log, *std::move(append));
        if (!told) return fault(told.error().detail);
    }
    return number_json("tenants", tenants->size());
}

struct Operation {
    std::string_view name;
    Outcome (*run)(const Work&);
};

constexpr Operation operations[] = {
    {"tenant add", tenant_add},
    {"tenant show", tenant_show},
    {"tenant list", tenant_list},
    {"tenant change", tenant_change},
    {"tenant retire", tenant_retire},
    {"tenant withdraw", tenant_withdraw},
    {"key add", key_add},
    {"key list", key_list},
    {"key shown", key_shown},
    {"key revoke", key_revoke},
    {"master-key change", master_key_change},
    {"rebuild", rebuild},
    {"people show", show_people},
    {"adopt", adopt},
    {"reconcile", reconcile},
    {"orders import", orders_import},
    {"orders check", orders_check},
    {"money", money},
    {"drop old", drop_old},
    {"parked list", parked_list},
    {"parked retry", parked_retry},
    {"parked dismiss", parked_dismiss},
    {"delivery list", delivery_list},
    {"delivery retry", delivery_retry},
    {"delivery dismiss", delivery_dismiss},
    {"delivery replay", delivery_replay},
    {"delivery pause", delivery_pause},
    {"delivery resume", delivery_resume},
    {"journal prune", journal_prune},
    {"process list", process_list},
    {"process show", process_show},
    {"clock", move_clock},
    {"time", time_now},
};

}  // namespace

std::expected<Json, std::string> run_operation(
    const Administration& administration,
    const std::string& name,
    const Json& arguments,
    const Hear& hear,
    const Cancelled& cancelled,
    const std::string& actor
) {
    const auto* operation = std::ranges::find(operations, name, &Operation::name);
    if (operation == std::end(operations)) return fault("there is no operation " + name);
    return operation->run({administration, arguments, hear, cancelled, actor});
}

}  // namespace vitrine::api
