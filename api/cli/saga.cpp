#include "api/cli/saga.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "api/cli/ask.hpp"
#include "api/cli/show_process.hpp"
#include "api/cli/usage.hpp"
#include "core/printable.hpp"
#include "processes/explore.hpp"

namespace vitrine::api {
namespace {

struct SagaOptions {
    DataOptions where;
    std::string tenant, id, method, only;
    std::uint64_t seed = 1;
    bool json = false;
};

int explore(const SagaOptions& options) {
    processes::ExploreOptions asked;
    if (!options.method.empty()) asked.method = options.method;
    if (!options.only.empty()) asked.only = options.only;
    asked.seed = options.seed;
    const auto explored = processes::explore_checkout(asked);
    bool is_violated = false;
    for (const auto& each : explored.violated) {
        is_violated = is_violated || !each.violations.empty();
        std::cout << each.name << '\n';
        for (const auto& violation : each.violations)
            std::cout << "  violated: " << violation << '\n';
        if (options.only.empty()) continue;
        for (const auto& line : each.script) std::cout << "  " << printable_line(line) << '\n';
    }
    std::cout << explored.cases << " cases, "
              << (is_violated ? std::to_string(explored.violated.size()) : "none") << " violated"
              << std::endl;
    return is_violated ? 1 : 0;
}

}  // namespace

void add_saga(CLI::App& app, Action& action) {
    auto options = std::make_shared<SagaOptions>();
    auto* saga = app.add_subcommand(
        "saga", "What is done for a checkout: its steps, and a proof of what they come to."
    );
    saga->require_subcommand(1);
    auto* command = saga->add_subcommand("show", "Show the steps of one, tries and outcomes.");
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    add_tenant_option(*command, options->tenant, "only of this tenant");
    command->add_option("ID", options->id, "of the checkout")->check(not_empty())->required();
    command->add_flag("--json", options->json, "as one JSON object");
    command->callback([&action, options] {
        action = [options] {
            return show_process(
                options->where, options->tenant, "checkout", options->id, options->json
            );
        };
    });
    command = saga->add_subcommand(
        "explore",
        "Try every step with every kill, outcome and order of signals, in memory. Exit 1 if "
        "anything is violated; nothing outside is touched."
    );
    command->add_option("--method", options->method, "only of this method")
        ->check(CLI::IsMember({"card", "pix", "boleto"}))
        ->type_name("card|pix|boleto");
    command
        ->add_option("--seed", options->seed, "of the order in which things happen, 1 unless told")
        ->type_name("N");
    command->add_option("--only", options->only, "one case, by its name: prints what happens in it")
        ->type_name("CASE");
    command->callback([&action, options] { action = [options] { return explore(*options); }; });
}

}  // namespace vitrine::api
