#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/known_projection.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "api/cli/usage.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

struct ParkedOptions {
    DataOptions where;
    std::string projection, tenant, stream, reason;
    bool all = false, json = false;
};

int list(const ParkedOptions& options) {
    if (!options.projection.empty()) require_projection(options.projection);
    require_log(options.where.data);
    Json arguments;
    arguments["projection"] = options.projection;
    arguments["tenant"] = options.tenant;
    arguments["all"] = options.all;
    print_rows(
        ask(options.where, "parked list", arguments),
        {"projection", "tenant", "stream", "position", "type", "state", "reason"},
        options.json
    );
    return 0;
}

int release(const ParkedOptions& options, const char* operation) {
    require_projection(options.projection);
    require_log(options.where.data);
    Json arguments;
    arguments["projection"] = options.projection;
    arguments["tenant"] = options.tenant;
    arguments["stream"] = options.stream;
    arguments["reason"] = options.reason;
    arguments["all"] = options.all;
    const auto report = ask(options.where, operation, arguments);
    std::cout << report.dump() << std::endl;
    return report.at("parked").get<std::uint64_t>() == 0 ? 0 : 1;
}

CLI::App* add_release(
    CLI::App& parked,
    const char* name,
    const char* help,
    Action& action,
    const std::shared_ptr<ParkedOptions>& options
) {
    auto* command = parked.add_subcommand(name, help);
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_option("PROJECTION", options->projection, "the read model")->required();
    command->add_option("STREAM", options->stream, "as `parked list` names it")->required();
    add_tenant_option(*command, options->tenant, "whose stream it is")->required();
    const auto operation = std::make_shared<std::string>(std::string("parked ") + name);
    command->callback([&action, options, operation] {
        action = [options, operation] { return release(*options, operation->c_str()); };
    });
    return command;
}

}  // namespace

void add_parked(CLI::App& app, Action& action) {
    auto options = std::make_shared<ParkedOptions>();
    auto* parked = app.add_subcommand(
        "parked",
        "Events that a read model could not apply, and those that wait for them: list, try again "
        "or give up, on a running or a stopped server."
    );
    parked->require_subcommand(1);
    auto* command = parked->add_subcommand("list", "List them.");
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_option("PROJECTION", options->projection, "only of this read model")
        ->check(not_empty());
    add_tenant_option(*command, options->tenant, "only of this tenant");
    command->add_flag("--all", options->all, "those that were dismissed too");
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&action, options] { action = [options] { return list(*options); }; });
    add_release(
        *parked,
        "retry",
        "Apply a stream's parked events, in order; exit code 1 if some stay parked.",
        action,
        options
    );
    auto* dismiss = add_release(
        *parked,
        "dismiss",
        "Give up a stream's first parked event for good, and apply what waited for it; exit code 1 "
        "if some stay parked.",
        action,
        options
    );
    dismiss->add_flag("--all", options->all, "give up all that is parked of the stream");
    dismiss->add_option("--reason", options->reason, "for the log")->type_name("TEXT");
}

}  // namespace vitrine::api
