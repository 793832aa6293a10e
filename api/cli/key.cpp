#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

struct KeyOptions {
    DataOptions where;
    std::string tenant, prefix;
    std::string role = "operator";
    bool json = false;
};

Json key_arguments(const KeyOptions& options) {
    Json arguments;
    arguments["tenant"] = options.tenant;
    arguments["role"] = options.role;
    arguments["prefix"] = options.prefix;
    return arguments;
}

CLI::App* add_key_command(
    CLI::App& key, const char* name, const char* help, const std::shared_ptr<KeyOptions>& options
) {
    auto* command = key.add_subcommand(name, help);
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_option("TENANT", options->tenant, "its name")->required();
    return command;
}

int change_key(const KeyOptions& options, const char* operation) {
    require_tenants(options.where.data);
    std::cout << ask(options.where, operation, key_arguments(options)).dump() << std::endl;
    return 0;
}

int list_keys(const KeyOptions& options) {
    require_tenants(options.where.data);
    const auto keys = ask(options.where, "key list", key_arguments(options));
    print_rows(keys, {"prefix", "role", "created_at", "last_used_at", "revoked"}, options.json);
    return 0;
}

}  // namespace

void add_key(CLI::App& app, Action& action) {
    auto options = std::make_shared<KeyOptions>();
    auto* key = app.add_subcommand(
        "key", "Add, list and revoke API keys, on a running or a stopped server."
    );
    key->require_subcommand(1);

    auto* command = add_key_command(*key, "add", "Add a key; it is shown only now.", options);
    command
        ->add_option(
            "--role",
            options->role,
            "reader: queries; operator: commands too; admin: also what is parked; operator unless "
            "told"
        )
        ->check(CLI::IsMember({"reader", "operator", "admin"}));
    command->callback([&action, options] {
        action = [options] { return change_key(*options, "key add"); };
    });

    command = add_key_command(*key, "list", "List the keys of a tenant.", options);
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&action, options] { action = [options] { return list_keys(*options); }; });

    command = add_key_command(
        *key, "revoke", "Revoke a key; requests with it are refused at once.", options
    );
    command->add_option("PREFIX", options->prefix, "as listed: vtr_1a2b3c4d")->required();
    command->callback([&action, options] {
        action = [options] { return change_key(*options, "key revoke"); };
    });
}

}  // namespace vitrine::api
