#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/files.hpp"
#include "api/cli/print.hpp"
#include "api/cli/secret.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "api/cli/usage.hpp"
#include "commands/tenants/branding.hpp"
#include "commands/tenants/tenants.hpp"
#include "store/api_key_text.hpp"
#include "store/tenant_rules.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

/// What is told of a tenant, when it is registered and when it is changed. The members of the
/// request have the options' names.
struct TenantOptions {
    DataOptions where;
    std::string tenant;
    std::optional<std::string> name, api_key, tenant_id, organization_id, environment;
    std::optional<std::string> webhook_secret, domain, branding, locale;
    std::optional<std::string> payments, payments_key, payments_hook;
    std::optional<std::string> reason, confirm;
    bool remove_webhook_secret = false;
    bool json = false;
};

void put(Json& json, const char* member, const std::optional<std::string>& value) {
    if (value) json[member] = *value;
}

void put_secret(
    Json& json, const char* member, const char* option, const std::optional<std::string>& value
) {
    if (value) json[member] = read_secret(option, *value);
}

/// A branding, given as text or as @FILE; empty if it is none, which `faults` then tell why.
JsonText branding_of(const std::string& value, std::vector<MemberFault>& faults) {
    auto branding =
        commands::read_branding(value.starts_with('@') ? read_input(value.substr(1)) : value);
    if (branding) return *std::move(branding);
    for (auto& fault : branding.error()) faults.push_back({{"branding"}, std::move(fault)});
    return {};
}

/// What cannot be, whatever there is in the data directory, is wrong usage.
void refuse(const std::vector<MemberFault>& faults) {
    if (auto sentence = store::sentence_of(faults)) throw UsageError(*sentence);
}

Json arguments_of(const TenantOptions& options) {
    const auto secrets = {
        options.api_key, options.webhook_secret, options.payments_key, options.payments_hook
    };
    if (std::ranges::count(secrets, std::optional<std::string>("-")) > 1) {
        throw UsageError("only one secret can come from the standard input");
    }
    Json arguments;
    arguments["tenant"] = options.tenant;
    put(arguments, "name", options.name);
    put(arguments, "environment", options.environment);
    put(arguments, "domain", options.domain);
    put(arguments, "locale", options.locale);
    put_secret(arguments, "clubify_api_key", "--clubify-api-key", options.api_key);
    put(arguments, "clubify_tenant_id", options.tenant_id);
    put(arguments, "clubify_organization_id", options.organization_id);
    put_secret(arguments, "webhook_secret", "--webhook-secret", options.webhook_secret);
    if (options.remove_webhook_secret) arguments["webhook_secret"] = "";
    put(arguments, "payments", options.payments);
    put_secret(arguments, "payments_key", "--payments-key", options.payments_key);
    put_secret(arguments, "payments_hook", "--payments-hook", options.payments_hook);
    return arguments;
}

/// Nobody has seen the key: what became of the tenant.
std::string take_back(const TenantOptions& options, const Json& answer) {
    Json arguments;
    arguments["tenant"] = options.tenant;
    const auto key = answer.at("api_key").get<std::string>();
    arguments["first_key"] = key.substr(0, store::api_key_prefix_size);
    if (ask(options.where, "tenant withdraw", arguments).at("withdrawn"))
        return "the tenant is not registered; the command can be repeated";
    return "the tenant is in use, and its key is revoked: vitrine key add " + options.tenant +
           " --role admin gives it another";
}

int add(const TenantOptions& options) {
    auto arguments = arguments_of(options);
    commands::TenantAddition addition;
    auto& [tenant, credentials] = addition;
    credentials.clubify_api_key = arguments["clubify_api_key"];
    credentials.clubify_tenant_id = *options.tenant_id;
    credentials.clubify_organization_id = options.organization_id.value_or("");
    credentials.webhook_secret = arguments.value("webhook_secret", "");
    tenant.id = TenantId(options.tenant);
    tenant.name = options.name.value_or("");
    const auto of_key = clubify::environment_of_key(credentials.clubify_api_key);
    tenant.environment = options.environment.value_or(std::string(of_key.value_or("live")));
    tenant.domain = options.domain.value_or("");
    tenant.locale = options.locale.value_or(tenant.locale);
    std::vector<MemberFault> faults;
    if (options.branding) tenant.branding = branding_of(*options.branding, faults);
    std::ranges::move(commands::addition_faults(addition), std::back_inserter(faults));
    refuse(faults);
    arguments["environment"] = tenant.environment;
    arguments["locale"] = tenant.locale;
    if (options.branding) arguments["branding"] = Json::parse(tenant.branding.text);
    const auto answer = ask(options.where, "tenant add", arguments);
    print_once(answer, [&] { return take_back(options, answer); });
    note_shown(options.where, answer);
    return 0;
}

int ask_and_print(
    const TenantOptions& options,
    const char* operation,
    const Json& arguments,
    const std::string& done
) {
    require_tenants(options.where.data);
    print_done(ask(options.where, operation, arguments), done);
    return 0;
}

int change(const TenantOptions& options) {
    auto arguments = arguments_of(options);
    commands::TenantRevision revision;
    auto& change = revision.change;
    std::vector<MemberFault> faults;
    change.name = options.name;
    change.environment = options.environment;
    change.domain = options.domain;
    change.locale = options.locale;
    change.clubify_tenant_id = options.tenant_id;
    change.clubify_organization_id = options.organization_id;
    if (options.branding) change.branding = branding_of(*options.branding, faults);
    if (options.api_key) revision.clubify_api_key = arguments["clubify_api_key"];
    if (options.webhook_secret) revision.webhook_secret = arguments["webhook_secret"];
    change.payments = options.payments;
    if (options.payments_key) revision.payments_key = arguments["payments_key"];
    if (options.payments_hook) revision.payments_hook = arguments["payments_hook"];
    std::ranges::move(commands::revision_faults(revision), std::back_inserter(faults));
    refuse(faults);
    if (options.branding) arguments["branding"] = Json::parse(change.branding.text);
    if (arguments.size() == 1) throw UsageError("there is nothing to change");
    const auto done = "the tenant " + options.tenant + " is as it was asked for";
    return ask_and_print(options, "tenant change", arguments, done);
}

int show(const TenantOptions& options) {
    require_tenants(options.where.data);
    print_json(ask(options.where, "tenant show", arguments_of(options)));
    return 0;
}

int retire(const TenantOptions& options) {
    if (options.confirm != options.tenant) {
        throw UsageError(
            "a tenant is retired for good: type its name once more, --confirm " + options.tenant
        );
    }
    auto arguments = arguments_of(options);
    put(arguments, "reason", options.reason);
    put(arguments, "confirm", options.confirm);
    return ask_and_print(
        options, "tenant retire", arguments, "the tenant " + options.tenant + " is retired"
    );
}

int list(const TenantOptions& options) {
    require_tenants(options.where.data);
    const auto tenants = ask(options.where, "tenant list", Json::object());
    print_rows(
        tenants,
        {"tenant", "environment", "domain", "locale", "created_at", "retired_at"},
        options.json
    );
    return 0;
}

using Options = std::shared_ptr<TenantOptions>;

CLI::App* add_command(
    CLI::App& tenant,
    Action& action,
    const Options& options,
    const char* name,
    const char* help,
    int (*run)(const TenantOptions&)
) {
    auto* command = tenant.add_subcommand(name, help);
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->callback([&action, options, run] { action = [options, run] { return run(*options); }; }
    );
    return command;
}

void add_tenant_argument(CLI::App& command, const Options& options, const char* help) {
    command.add_option("NAME", options->tenant, help)->check(not_empty())->required();
}

/// What can be told of a tenant; for a registration some of it must be.
void add_facts(CLI::App& command, const Options& options, bool registration) {
    command.footer("A secret is given as text, as @FILE, or as - for a line of the standard input."
    );
    command
        .add_option(
            "--clubify-api-key", options->api_key, "secret: the key that Clubify gave the seller"
        )
        ->type_name("SECRET")
        ->required(registration);
    command
        .add_option("--clubify-tenant-id", options->tenant_id, "the seller's tenant id on Clubify")
        ->type_name("ID")
        ->required(registration);
    command
        .add_option(
            "--clubify-organization-id", options->organization_id, "the organization's id there"
        )
        ->type_name("ID");
    command
        .add_option(
            "--environment",
            options->environment,
            registration ? "test or live; what the key is for unless told" : "test or live"
        )
        ->check(CLI::IsMember({"test", "live"}));
    command
        .add_option(
            "--webhook-secret",
            options->webhook_secret,
            "secret: what Clubify signs its webhooks with; without one they are refused"
        )
        ->type_name("SECRET");
    command.add_option("--name", options->name, "the seller's name, for people")->type_name("TEXT");
    command.add_option("--domain", options->domain, "the seller's host name")->type_name("DOMAIN");
    command
        .add_option(
            "--branding",
            options->branding,
            "a JSON object, or @FILE, in which addresses are https URLs; the platform is told of it"
        )
        ->type_name("JSON");
    command
        .add_option(
            "--locale", options->locale, registration ? "pt_BR unless told" : "such as pt_BR"
        )
        ->type_name("LOCALE");
}

/// Where the tenant's buyers pay.
void add_payments(CLI::App& command, const Options& options) {
    command
        .add_option(
            "--payments",
            options->payments,
            "who charges from now on: clubify or pagarme; what was begun stays where it is"
        )
        ->check(CLI::IsMember({"clubify", "pagarme"}));
    command
        .add_option(
            "--payments-key", options->payments_key, "secret: the key that Pagar.me gave, sk_…"
        )
        ->type_name("SECRET");
    command
        .add_option(
            "--payments-hook",
            options->payments_hook,
            "secret: USER:PASSWORD that Pagar.me's hooks come in by; the key without a password "
            "unless told"
        )
        ->type_name("SECRET");
}

}  // namespace

void add_tenant(CLI::App& app, Action& action) {
    auto options = std::make_shared<TenantOptions>();
    auto* tenant = app.add_subcommand(
        "tenant", "Register, change, retire and list tenants, on a running or a stopped server."
    );
    tenant->require_subcommand(1);

    auto* command = add_command(
        *tenant, action, options, "add", "Register a tenant; its API key is shown only now.", add
    );
    add_tenant_argument(*command, options, "a-z, 0-9 and hyphens");
    add_facts(*command, options, true);

    command = add_command(
        *tenant, action, options, "show", "Show what is known of a tenant, without secrets.", show
    );
    add_tenant_argument(*command, options, "as listed");

    command = add_command(
        *tenant, action, options, "change", "Change what is given; it counts at once.", change
    );
    add_tenant_argument(*command, options, "as listed");
    add_facts(*command, options, false);
    add_payments(*command, options);
    command
        ->add_flag(
            "--remove-webhook-secret",
            options->remove_webhook_secret,
            "webhooks of the tenant are refused from now on"
        )
        ->excludes("--webhook-secret");

    command = add_command(
        *tenant,
        action,
        options,
        "retire",
        "Retire a tenant for good: its keys end at once, its events stay.",
        retire
    );
    add_tenant_argument(*command, options, "as listed");
    command->add_option("--confirm", options->confirm, "the tenant's name once more; needed")
        ->type_name("NAME");
    command->add_option("--reason", options->reason, "kept in the log")->type_name("TEXT");

    command = add_command(*tenant, action, options, "list", "List the tenants.", list);
    command->add_flag("--json", options->json, "one JSON object a line");
}

}  // namespace vitrine::api
