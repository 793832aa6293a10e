#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/print.hpp"
#include "api/cli/progress_bar.hpp"
#include "api/cli/replay_filter.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/usage.hpp"
#include "api/control/client.hpp"
#include "store/prune_journal.hpp"

namespace vitrine::api {
namespace {

struct PruneCommand {
    DataOptions where;
    std::string before, tenant;
    std::optional<std::uint64_t> force;
    bool dry_run = false, json = false;
};

const char* commands_word(std::uint64_t count) {
    return count == 1 ? " command" : " commands";
}

void print_count(std::uint64_t count) {
    std::cout << count << commands_word(count)
              << " will be forgotten, with the keys that they came with" << std::endl;
}

int prune(const PruneCommand& options) {
    const auto before = *time_of("--before", options.before);
    const auto now = service_time(options.where);
    if (before > now) throw UsageError(store::prune_in_future);
    require_log(options.where.data);
    const bool lacks_number =
        !options.dry_run && !options.force && store::prune_needs_number(before, now);
    Json arguments;
    arguments["before"] = options.before;
    arguments["tenant"] = options.tenant;
    arguments["dry_run"] = options.dry_run || lacks_number;
    if (options.force) arguments["force"] = *options.force;
    ProgressBar bar("commands");
    const auto outcome = run_on_data(
        options.where.data,
        options.where.master_key_file,
        "journal prune",
        arguments,
        [&](const Json& said) {
            if (said.contains("counted")) {
                if (!options.json) print_count(said.at("counted"));
                return;
            }
            const auto done = said.at("progress").at("commands").get<std::uint64_t>();
            bar.show("journal", done, done, 0);
        }
    );
    bar.clear();
    if (!outcome) throw std::runtime_error(outcome.error());
    const auto count = outcome->items().begin().value().get<std::uint64_t>();
    if (lacks_number) throw UsageError(store::prune_number_text(count));
    const auto told = std::to_string(count) + commands_word(count) + ' ' +
                      (options.dry_run ? "would be forgotten" : "forgotten");
    std::cout << (options.json ? outcome->dump() : told) << std::endl;
    require_printed(told);
    if (const auto until = outcome->at("before").get<std::string>(); parse_time(until) < before) {
        note(
            "those accepted since " + until +
            " are left, however they ended: their last steps may be under way"
        );
    }
    return 0;
}

}  // namespace

void add_journal(CLI::App& app, Action& action) {
    auto options = std::make_shared<PruneCommand>();
    auto* journal = app.add_subcommand(
        "journal", "The journal of commands: what was asked, and what was answered."
    );
    journal->require_subcommand(1);
    auto* command = journal->add_subcommand(
        "prune",
        "Forget commands that ended long ago, on a running or a stopped server. Their events stay. "
        "Nothing else ever forgets them: until then a retry with the same Idempotency-Key gets the "
        "first answer, afterwards it runs anew. It says first how many will be forgotten."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_option("--before", options->before, "those accepted before it")
        ->check(not_empty())
        ->type_name("TIME")
        ->required();
    add_tenant_option(*command, options->tenant, "only of this tenant");
    command
        ->add_option(
            "--force",
            options->force,
            "forget commands younger than 30 days; N: how many will be forgotten, as --dry-run says"
        )
        ->type_name("N")
        ->check(whole_number(0));
    command->add_flag("--dry-run", options->dry_run, "only say how many");
    command->add_flag("--json", options->json, "as one JSON object");
    command->callback([&action, options] { action = [options] { return prune(*options); }; });
}

}  // namespace vitrine::api
