#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/show_process.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "api/cli/usage.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

struct ProcessOptions {
    DataOptions where;
    std::string tenant, kind, id, state;
    std::uint64_t limit = 100;
    bool json = false;
};

int list(const ProcessOptions& options) {
    require_log(options.where.data);
    Json arguments;
    arguments["tenant"] = options.tenant;
    arguments["kind"] = options.kind;
    arguments["state"] = options.state;
    arguments["limit"] = options.limit;
    print_rows(
        ask(options.where, "process list", arguments),
        {"tenant", "kind", "id", "state", "next_due", "waits_for"},
        options.json
    );
    return 0;
}

CLI::App* add_one(
    CLI::App& above,
    const char* name,
    const char* help,
    const std::shared_ptr<ProcessOptions>& options
) {
    auto* command = above.add_subcommand(name, help);
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    add_tenant_option(*command, options->tenant, "only of this tenant");
    return command;
}

}  // namespace

void add_process(CLI::App& app, Action& action) {
    auto options = std::make_shared<ProcessOptions>();
    auto* process = app.add_subcommand(
        "process",
        "What goes on by itself, such as schedules of offers: what each process does and waits "
        "for, on a running or a stopped server."
    );
    process->require_subcommand(1);
    auto* command = add_one(*process, "list", "List them, the newest of each tenant.", options);
    command->add_option("--kind", options->kind, "only of this kind: offer-schedule or checkout")
        ->check(not_empty())
        ->type_name("KIND");
    command->add_option("--state", options->state, "only in this state")
        ->check(CLI::IsMember({"open", "waiting", "blocked", "done"}))
        ->type_name("open|waiting|blocked|done");
    command->add_option("--limit", options->limit, "at most so many of a tenant, 100 unless told")
        ->check(whole_number(1))
        ->type_name("N");
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&action, options] { action = [options] { return list(*options); }; });
    command = add_one(*process, "show", "Show one: its state, its steps and its timers.", options);
    command->add_option("KIND", options->kind, "as `process list` names it")
        ->check(not_empty())
        ->required();
    command->add_option("ID", options->id, "likewise; of a schedule, the offer's id")
        ->check(not_empty())
        ->required();
    command->add_flag("--json", options->json, "as one JSON object");
    command->callback([&action, options] {
        action = [options] {
            return show_process(
                options->where, options->tenant, options->kind, options->id, options->json
            );
        };
    });
}

}  // namespace vitrine::api
