#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/known_projection.hpp"
#include "api/cli/print.hpp"
#include "api/cli/progress_bar.hpp"
#include "api/cli/rebuild_text.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/usage.hpp"
#include "api/control/client.hpp"

namespace vitrine::api {
namespace {

struct RebuildCommand {
    DataOptions where;
    std::vector<std::string> names;
    std::string tenant;
    bool all = false, diff = false, check = false, json = false, drop_old = false;
};

/// Prints what a rebuild says while it runs.
class Listener {
public:
    explicit Listener(bool json) : json_(json) {}

    void hear(const Json& said) {
        if (said.contains("progress")) return show(said["progress"]);
        end();
        if (said.contains("compared")) return tell_compared(said["compared"]);
        const auto& report = said.at("report");
        std::cout << (json_ ? report.dump() + '\n' : report_text(report)) << std::flush;
        if (differs(report)) different_.push_back(report.at("name").get<std::string>());
    }

    /// The read models that were not what the log gives.
    const std::vector<std::string>& different() const { return different_; }
    void end() {
        building_.clear();
        comparing_.clear();
    }

private:
    /// As JSON it is in the report.
    void tell_compared(const Json& compared) const {
        if (!json_) std::cout << compared_text(compared) << std::flush;
    }
    void show(const Json& progress) {
        const bool compares = progress.value("phase", "") == "comparing";
        auto& bar = compares ? comparing_ : building_;
        bar.show(
            progress.at("name").get<std::string>() + (compares ? " compared" : ""),
            progress.at("done").get<std::uint64_t>(),
            progress.at("total").get<std::uint64_t>(),
            progress.at("per_second").get<double>()
        );
    }

    bool json_;
    std::vector<std::string> different_;
    ProgressBar building_{"events"}, comparing_{"rows"};
};

/// Without names: of every read model.
int drop_old(const RebuildCommand& options) {
    for (const auto& name : options.names) require_projection(name);
    require_log(options.where.data);
    Json arguments;
    arguments["all"] = options.names.empty();
    arguments["names"] = options.names;
    const auto outcome = ask(options.where, "drop old", arguments);
    const auto text = options.json ? outcome.dump() + '\n' : dropped_text(outcome);
    std::cout << text << std::flush;
    require_printed("files removed: " + outcome.at("dropped").dump());
    return 0;
}

int rebuild(const RebuildCommand& options) {
    if (options.drop_old) return drop_old(options);
    if (options.all == !options.names.empty())
        throw UsageError("name the read models, or give --all");
    for (const auto& name : options.names) require_projection(name);
    require_log(options.where.data);
    Json arguments;
    arguments["all"] = options.all;
    arguments["names"] = options.names;
    arguments["diff"] = options.diff;
    arguments["check"] = options.check;
    arguments["tenant"] = options.tenant;
    Listener listener(options.json);
    const auto outcome = run_on_data(
        options.where.data,
        options.where.master_key_file,
        "rebuild",
        arguments,
        [&listener](const Json& said) { listener.hear(said); }
    );
    listener.end();
    std::string faults = outcome ? "" : outcome.error();
    if (options.check && !listener.different().empty()) {
        faults += fmt::format(
            "{}not what the log gives: {}",
            faults.empty() ? "" : "\n",
            fmt::join(listener.different(), ", ")
        );
    }
    if (!faults.empty()) throw Failures(faults);
    if (!options.check) require_printed("the read models are rebuilt and in use");
    return 0;
}

}  // namespace

void add_rebuild(CLI::App& app, Action& action) {
    auto options = std::make_shared<RebuildCommand>();
    auto* command = app.add_subcommand(
        "rebuild",
        "Rebuild read models from the log beside the live ones and switch, on a running or a "
        "stopped server."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_option("NAME", options->names, "read models")->check(not_empty());
    command->add_flag("--all", options->all, "every read model");
    auto* diff = command->add_flag(
        "--diff", options->diff, "tell how the new one differs from the live one"
    );
    auto* check = command->add_flag(
        "--check", options->check, "compare and switch nothing; exit code 1 if they differ"
    );
    auto* tenant =
        add_tenant_option(*command, options->tenant, "only this tenant's rows; others are copied");
    command->add_flag("--json", options->json, "one JSON object a line");
    command
        ->add_flag(
            "--drop-old",
            options->drop_old,
            "rebuild nothing; remove the files of former versions, kept for going back"
        )
        ->excludes(tenant)
        ->excludes(diff)
        ->excludes(check);
    command->callback([&action, options] { action = [options] { return rebuild(*options); }; });
}

}  // namespace vitrine::api
