#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/secret.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "store/tenant_rules.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

struct TenantOptions {
    DataOptions where;
    std::string name, api_key, tenant_id, organization_id, webhook_secret, domain;
    std::string environment = "live";
    std::string locale = "pt_BR";
    bool json = false;
};

int add(const TenantOptions& options) {
    if (options.api_key == "-" && options.webhook_secret == "-") {
        throw UsageError("only one secret can come from the standard input");
    }
    Json arguments;
    arguments["tenant"] = options.name;
    arguments["clubify_api_key"] = read_secret("--clubify-api-key", options.api_key);
    arguments["clubify_tenant_id"] = options.tenant_id;
    arguments["clubify_organization_id"] = options.organization_id;
    arguments["environment"] = options.environment;
    if (!options.webhook_secret.empty()) {
        arguments["webhook_secret"] = read_secret("--webhook-secret", options.webhook_secret);
    }
    arguments["domain"] = options.domain;
    arguments["locale"] = options.locale;
    store::Tenant tenant;
    tenant.id = TenantId(options.name);
    tenant.environment = options.environment;
    const store::Credentials credentials{
        arguments["clubify_api_key"], options.tenant_id, options.organization_id, {}
    };
    if (auto fit = store::check_tenant(tenant, credentials); !fit) throw UsageError(fit.error());
    std::cout << ask(options.where, "tenant add", arguments).dump() << std::endl;
    return 0;
}

int list(const TenantOptions& options) {
    require_tenants(options.where.data);
    const auto tenants = ask(options.where, "tenant list", Json::object());
    print_rows(tenants, {"tenant", "environment", "domain", "locale", "created_at"}, options.json);
    return 0;
}

void add_add(CLI::App& tenant, Action& action, const std::shared_ptr<TenantOptions>& options) {
    auto* command =
        tenant.add_subcommand("add", "Register a tenant; its API key is shown only now.");
    command->footer("A secret is given as text, as @FILE, or as - for a line of the standard input."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_option("NAME", options->name, "a-z, 0-9 and hyphens")->required();
    command->add_option("--clubify-api-key", options->api_key, "secret")
        ->type_name("SECRET")
        ->required();
    command->add_option("--clubify-tenant-id", options->tenant_id, "the tenant's id there")
        ->type_name("ID")
        ->required();
    command
        ->add_option(
            "--clubify-organization-id", options->organization_id, "its organization's id there"
        )
        ->type_name("ID");
    command->add_option("--environment", options->environment, "test or live; live unless told")
        ->check(CLI::IsMember({"test", "live"}));
    command->add_option("--webhook-secret", options->webhook_secret, "secret")->type_name("SECRET");
    command->add_option("--domain", options->domain, "the seller's domain")->type_name("DOMAIN");
    command->add_option("--locale", options->locale, "pt_BR unless told")->type_name("LOCALE");
    command->callback([&action, options] { action = [options] { return add(*options); }; });
}

}  // namespace

void add_tenant(CLI::App& app, Action& action) {
    auto options = std::make_shared<TenantOptions>();
    auto* tenant = app.add_subcommand(
        "tenant", "Register and list tenants, on a running or a stopped server."
    );
    tenant->require_subcommand(1);
    add_add(*tenant, action, options);
    auto* command = tenant->add_subcommand("list", "List the tenants.");
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&action, options] { action = [options] { return list(*options); }; });
}

}  // namespace vitrine::api
