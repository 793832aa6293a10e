#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/print.hpp"
#include "api/cli/secret.hpp"
#include "api/cli/subcommands.hpp"

namespace vitrine::api {
namespace {

struct MasterKeyOptions {
    DataOptions where;
    std::optional<std::string> fresh;
};

int change(const MasterKeyOptions& options) {
    require_tenants(options.where.data);
    auto arguments = nlohmann::ordered_json::object();
    if (options.fresh)
        arguments["new_master_key"] = read_secret("--new-master-key", *options.fresh);
    print_json(ask(options.where, "master-key change", arguments));
    return 0;
}

}  // namespace

void add_master_key(CLI::App& app, Action& action) {
    auto options = std::make_shared<MasterKeyOptions>();
    auto* master_key = app.add_subcommand(
        "master-key", "The key that seals the tenants' secrets, on a running or a stopped server."
    );
    master_key->require_subcommand(1);
    auto* command = master_key->add_subcommand(
        "change", "Seal all secrets under a new master key, which takes the place of the old one."
    );
    command->footer(
        "A secret is given as text, as @FILE, or as - for a line of the standard input. Backups of "
        "keys.db from before need the old master key."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command
        ->add_option("--new-master-key", options->fresh, "64 hex digits; one is made unless told")
        ->type_name("SECRET");
    command->callback([&action, options] { action = [options] { return change(*options); }; });
}

}  // namespace vitrine::api
