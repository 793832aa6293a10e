// Where the money of checkouts is, and whether its providers say the same.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/print.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "core/printable.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

constexpr int differs = 1, could_not_ask = 4;

struct MoneyOptions {
    DataOptions where;
    std::string tenant, clubify_url, pagarme_url;
    bool check = false, json = false;
};

void print_ledgers(const Json& report) {
    auto rows = Json::array();
    for (const auto& tenant : report) {
        for (auto item : tenant.at("items")) {
            item["tenant"] = tenant.at("tenant");
            rows.push_back(std::move(item));
        }
    }
    print_rows(
        rows,
        {"tenant",
         "currency",
         "captured_cents",
         "fulfilled_cents",
         "held_cents",
         "refunding_cents",
         "refunded_cents",
         "blocked_cents",
         "at_risk_cents"},
        false
    );
}

void print_differences(const Json& tenant) {
    const auto text = [](const Json& object, const char* name) {
        return object.at(name).get<std::string>();
    };
    for (const auto& each : tenant.at("differences")) {
        std::cout << printable_line(fmt::format(
                         "{} checkout {}, payment {} ({}): {} is {} here and {} there",
                         text(tenant, "tenant"),
                         text(each, "checkout_id"),
                         text(each, "payment_id").empty() ? text(each, "charge_id")
                                                          : text(each, "payment_id"),
                         text(each, "provider"),
                         text(each, "field"),
                         text(each, "ours"),
                         text(each, "theirs")
                     ))
                  << '\n';
    }
    std::cout << text(tenant, "tenant") << ": " << tenant.at("payments") << " payments compared, "
              << tenant.at("differences").size() << " differences\n";
}

int money(const MoneyOptions& options) {
    require_log(options.where.data);
    Json arguments;
    arguments["tenant"] = options.tenant;
    arguments["check"] = options.check;
    arguments["clubify_url"] = options.clubify_url;
    arguments["pagarme_url"] = options.pagarme_url;
    const auto report = ask(options.where, "money", arguments);
    if (!options.json) print_ledgers(report);
    int code = 0;
    for (const auto& tenant : report) {
        if (options.json) std::cout << tenant.dump() << '\n';
        if (tenant.contains("fault")) {
            std::cout << std::flush;
            tell(
                tenant.at("tenant").get<std::string>() + ": " +
                tenant.at("fault").get<std::string>()
            );
            code = could_not_ask;
        } else if (tenant.contains("differences")) {
            if (!options.json) print_differences(tenant);
            if (code == 0 && !tenant.at("differences").empty()) code = differs;
        }
    }
    std::cout << std::flush;
    return code;
}

}  // namespace

void add_money(CLI::App& app, Action& action) {
    auto options = std::make_shared<MoneyOptions>();
    auto* command = app.add_subcommand(
        "money",
        "Tell where the money of checkouts is, from the log alone: captured = fulfilled + held + "
        "refunding + refunded + blocked."
    );
    command->footer(
        "With --check: exit code 1 if anything differs, 4 if a provider could not be asked."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    add_tenant_option(*command, options->tenant, "only of this one");
    command->add_flag(
        "--check",
        options->check,
        "compare each payment with what its provider says, and tell what differs"
    );
    command
        ->add_option(
            "--clubify-url",
            options->clubify_url,
            "base URL of the platform; a running server uses its own"
        )
        ->type_name("URL")
        ->envname("VITRINE_CLUBIFY_URL");
    command
        ->add_option(
            "--pagarme-url",
            options->pagarme_url,
            "base URL of Pagar.me; a running server uses its own"
        )
        ->type_name("URL")
        ->envname("VITRINE_PAGARME_URL");
    command->add_flag("--json", options->json, "a JSON object for each tenant");
    command->callback([&action, options] { action = [options] { return money(*options); }; });
}

}  // namespace vitrine::api
