#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/known_projection.hpp"
#include "api/cli/print.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "api/cli/usage.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

struct ParkedOptions {
    DataOptions where;
    std::string projection, tenant, stream, reason, confirm;
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

std::uint64_t number(const Json& json, const char* name) {
    return json.at(name).get<std::uint64_t>();
}

/// Prints what became of it.
Json release(const ParkedOptions& options, const char* operation) {
    require_projection(options.projection);
    require_log(options.where.data);
    Json arguments;
    arguments["projection"] = options.projection;
    arguments["tenant"] = options.tenant;
    arguments["stream"] = options.stream;
    arguments["reason"] = options.reason;
    arguments["all"] = options.all;
    const auto report = ask(options.where, operation, arguments);
    print_done(report, "the decision is in the log at position " + report.at("position").dump());
    return report;
}

/// "2 events of offers stay parked; why the first does: position 12 cannot be read: …"
std::string left_text(const ParkedOptions& options, const Json& report) {
    const auto left = number(report, "parked");
    return fmt::format(
        "{} of {} {} parked; why the first does: {}",
        left == 1 ? "1 event" : std::to_string(left) + " events",
        options.projection,
        left == 1 ? "stays" : "stay",
        report.value("reason", "")
    );
}

int retry(const ParkedOptions& options) {
    const auto report = release(options, "parked retry");
    if (number(report, "parked") > 0) throw std::runtime_error(left_text(options, report));
    return 0;
}

/// What cannot be applied for a reason of its own does not make the dismissal a failed one.
int dismiss(const ParkedOptions& options) {
    if (options.all && options.confirm != options.stream) {
        throw UsageError(
            "all that is parked of the stream is given up for good: type its name once more, "
            "--confirm " +
            options.stream
        );
    }
    const auto report = release(options, "parked dismiss");
    if (number(report, "parked") == 0) return 0;
    if (number(report, "dismissed") == 0) {
        throw std::runtime_error(fmt::format(
            "the decision is in the log at position {}, which {} has not come to yet",
            number(report, "position"),
            options.projection
        ));
    }
    note("dismissed; " + left_text(options, report));
    return 0;
}

CLI::App* add_release(
    CLI::App& parked,
    const char* name,
    const char* help,
    int (*run)(const ParkedOptions&),
    Action& action,
    const std::shared_ptr<ParkedOptions>& options
) {
    auto* command = parked.add_subcommand(name, help);
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_option("PROJECTION", options->projection, "the read model")
        ->check(not_empty())
        ->required();
    command->add_option("STREAM", options->stream, "as `parked list` names it")
        ->check(not_empty())
        ->required();
    add_tenant_option(*command, options->tenant, "whose stream it is")->required();
    command->callback([&action, options, run] { action = [options, run] { return run(*options); }; }
    );
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
        ->check(not_empty())
        ->check(not_empty());
    add_tenant_option(*command, options->tenant, "only of this tenant");
    command->add_flag("--all", options->all, "those that were dismissed too");
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&action, options] { action = [options] { return list(*options); }; });
    add_release(
        *parked,
        "retry",
        "Apply a stream's parked events, in order; exit code 1 if some stay parked.",
        retry,
        action,
        options
    );
    command = add_release(
        *parked,
        "dismiss",
        "Give up a stream's first parked event for good, and apply what waited for it; what stays "
        "parked for another reason is told.",
        dismiss,
        action,
        options
    );
    command->add_flag("--all", options->all, "give up all that is parked of the stream");
    command
        ->add_option("--confirm", options->confirm, "the stream's name once more; --all needs it")
        ->type_name("STREAM");
    command->add_option("--reason", options->reason, "for the log")->type_name("TEXT");
}

}  // namespace vitrine::api
