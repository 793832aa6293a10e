#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <variant>

#include "api/cli/ask.hpp"
#include "api/cli/print.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "api/cli/usage.hpp"
#include "core/time.hpp"
#include "store/api_key_text.hpp"
#include "store/tenant_rules.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

struct KeyOptions {
    DataOptions where;
    std::string tenant, prefix, label, expires;
    std::string role = "operator";
    bool json = false;
};

Json key_arguments(const KeyOptions& options) {
    Json arguments;
    arguments["tenant"] = options.tenant;
    arguments["role"] = options.role;
    arguments["prefix"] = options.prefix;
    arguments["label"] = options.label;
    return arguments;
}

/// "90d", or a time.
std::variant<std::chrono::hours, Timestamp> expiry_of(const std::string& text) {
    if (const auto time = parse_time(text)) return *time;
    constexpr std::int64_t most_hours = 100L * 366 * 24;
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [unit, fault] = std::from_chars(text.data(), end, number);
    const std::string_view named(unit, static_cast<std::size_t>(end - unit));
    const auto hours = named == "h" ? 1 : named == "d" ? 24 : named == "w" ? 7 * 24 : 0;
    if (fault != std::errc() || hours == 0 || number < 1 || number > most_hours / hours) {
        throw UsageError(
            "--expires: \"" + text +
            "\" is neither 90d, 12w or 36h nor a time such as "
            "2027-03-01T12:00:00Z"
        );
    }
    return std::chrono::hours(number * hours);
}

CLI::App* add_key_command(
    CLI::App& key, const char* name, const char* help, const std::shared_ptr<KeyOptions>& options
) {
    auto* command = key.add_subcommand(name, help);
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_option("TENANT", options->tenant, "its name")->check(not_empty())->required();
    return command;
}

int add_one(const KeyOptions& options) {
    auto arguments = key_arguments(options);
    store::KeyRequest request{.role = *store::parse_role(options.role), .label = options.label};
    std::optional<std::variant<std::chrono::hours, Timestamp>> expires;
    if (!options.expires.empty()) expires = expiry_of(options.expires);
    // The label is judged before anybody is asked for the time.
    if (const auto fault = store::fault_of(request, {})) throw UsageError(*fault);
    if (expires) {
        const auto now = service_time(options.where);
        const auto* after = std::get_if<std::chrono::hours>(&*expires);
        request.expires_at = after ? now + *after : std::get<Timestamp>(*expires);
        arguments["expires_at"] = format_time(*request.expires_at);
        if (const auto fault = store::fault_of(request, now)) throw UsageError(*fault);
    }
    require_tenants(options.where.data);
    const auto answer = ask(options.where, "key add", arguments);
    print_once(answer, [&] {
        const auto key = answer.at("api_key").get<std::string>();
        arguments["prefix"] = key.substr(0, store::api_key_prefix_size);
        ask(options.where, "key revoke", arguments);
        return "the key is revoked; the command can be repeated";
    });
    note_shown(options.where, answer);
    return 0;
}

int revoke(const KeyOptions& options) {
    require_tenants(options.where.data);
    auto answer = ask(options.where, "key revoke", key_arguments(options));
    const auto role = answer.value("last_of_role", "");
    answer.erase("last_of_role");
    print_done(answer, "the key " + options.prefix + " is revoked");
    if (role == "admin") {
        note(
            "this was the last admin key of " + options.tenant + " that works: vitrine key add " +
            options.tenant + " --role admin gives it another"
        );
    }
    return 0;
}

int list_keys(const KeyOptions& options) {
    require_tenants(options.where.data);
    const auto keys = ask(options.where, "key list", key_arguments(options));
    print_rows(
        keys,
        {"prefix",
         "role",
         "label",
         "created_at",
         "last_used_at",
         "expires_at",
         "expired",
         "revoked",
         "shown"},
        options.json
    );
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
    command->add_option("--label", options->label, "what it is for, for people")->type_name("TEXT");
    command->add_option("--expires", options->expires, "when it ends: 90d, 12w, 36h, or a time")
        ->check(not_empty())
        ->type_name("AGE|TIME")
        ->check(not_empty());
    command->callback([&action, options] { action = [options] { return add_one(*options); }; });

    command = add_key_command(*key, "list", "List the keys of a tenant.", options);
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&action, options] { action = [options] { return list_keys(*options); }; });

    command = add_key_command(
        *key, "revoke", "Revoke a key; requests with it are refused at once.", options
    );
    command->add_option("PREFIX", options->prefix, "as listed: vtr_1a2b3c4d")
        ->check(not_empty())
        ->required();
    command->callback([&action, options] { action = [options] { return revoke(*options); }; });
}

}  // namespace vitrine::api
