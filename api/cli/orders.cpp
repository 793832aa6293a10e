// Orders of a file, and what does not add up.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/print.hpp"
#include "api/cli/rated_progress.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "api/cli/usage.hpp"
#include "api/control/client.hpp"
#include "core/period.hpp"
#include "core/printable.hpp"

namespace vitrine::api {
namespace {

struct OrdersOptions {
    DataOptions where;
    std::string tenant, zone = "America/Sao_Paulo";
    std::filesystem::path file;
    bool dry_run = false, json = false;
};

/// Looking through the file, then bringing it in.
class ImportProgress {
public:
    void show(const Json& progress) {
        const auto done = progress.at("done").get<std::uint64_t>();
        const auto all = progress.at("all").get<std::uint64_t>();
        (progress.at("what") == "read" ? reading_ : importing_).show(done, all);
    }
    void clear() {
        reading_.clear();
        importing_.clear();
    }

private:
    RatedProgress reading_{"read", "bytes"};
    RatedProgress importing_{"import", "lines"};
};

[[noreturn]] void refuse(const OrdersOptions& options, const Json& outcome) {
    const auto count = outcome.at("fault_count").get<std::uint64_t>();
    std::string lines;
    for (const auto& fault : outcome.at("faults")) {
        lines += printable_line(fmt::format(
                     "{} line {} {}",
                     options.file.string(),
                     fault.at("line").get<std::uint64_t>(),
                     fault.at("what").get<std::string>()
                 )) +
                 '\n';
    }
    const auto told = outcome.at("faults").size();
    lines += told < count
                 ? fmt::format("and {} more; nothing was kept", count - told)
                 : fmt::format("{} fault{}; nothing was kept", count, count == 1 ? "" : "s");
    throw Failures(lines);
}

int import(const OrdersOptions& options) {
    require_tenants(options.where.data);
    if (!Zone::find(options.zone))
        throw UsageError("--zone: there is no time zone " + options.zone);
    Json arguments;
    arguments["tenant"] = options.tenant;
    arguments["file"] = std::filesystem::absolute(options.file).string();
    arguments["zone"] = options.zone;
    arguments["dry_run"] = options.dry_run;
    ImportProgress progress;
    const auto outcome = run_on_data(
        options.where.data,
        options.where.master_key_file,
        "orders import",
        arguments,
        [&progress](const Json& said) {
            if (said.contains("progress")) progress.show(said.at("progress"));
        }
    );
    progress.clear();
    if (!outcome) throw std::runtime_error(outcome.error());
    if (outcome->contains("faults")) refuse(options, *outcome);
    const auto said = fmt::format(
        "orders: {} {}, {} changed, {} known ({} lines)",
        outcome->at("added").dump(),
        options.dry_run ? "to add" : "added",
        outcome->at("changed").dump(),
        outcome->at("known").dump(),
        outcome->at("lines").dump()
    );
    if (options.json) {
        std::cout << outcome->dump() << std::endl;
    } else {
        const auto& customers = outcome->at("customers");
        std::cout << said << '\n'
                  << fmt::format(
                         "customers: {} {}, {} known",
                         customers.at("added").dump(),
                         options.dry_run ? "to add" : "added",
                         customers.at("known").dump()
                     )
                  << std::endl;
    }
    if (!options.dry_run) require_printed(said);
    return 0;
}

int check(const OrdersOptions& options) {
    require_log(options.where.data);
    Json arguments;
    arguments["tenant"] = options.tenant;
    const auto report = ask(options.where, "orders check", arguments);
    std::size_t differ = 0;
    for (const auto& tenant : report) {
        const auto& items = tenant.at("unexplained");
        differ += items.size();
        if (options.json) {
            std::cout << tenant.dump() << '\n';
            continue;
        }
        for (const auto& item : items) {
            std::cout << printable_line(fmt::format(
                             "{} order {}: {} {} in all, its lines come to {} ({} unexplained)",
                             tenant.at("tenant").get<std::string>(),
                             item.at("clubify_order_id").get<std::string>(),
                             item.at("currency").get<std::string>(),
                             item.at("total_cents").dump(),
                             item.at("lines_cents").dump(),
                             item.at("unexplained_cents").dump()
                         ))
                      << '\n';
        }
        std::cout << tenant.at("tenant").get<std::string>() << ": " << tenant.at("orders")
                  << " orders, " << items.size() << " whose lines do not sum to their total\n";
    }
    std::cout << std::flush;
    return differ == 0 ? 0 : 1;
}

}  // namespace

void add_orders(CLI::App& app, Action& action) {
    auto options = std::make_shared<OrdersOptions>();
    auto* orders =
        app.add_subcommand("orders", "Take in orders of a file, and look at those that there are.");
    orders->require_subcommand(1);
    auto* command = orders->add_subcommand(
        "import",
        "Record the orders of a CSV file and register who bought. The same file again adds "
        "nothing; cut off, it goes on where it stopped. Clubify is told nothing."
    );
    command->footer(
        "Columns, named by the first line, in any order: order_id, time, offer_slug, product_id, "
        "quantity, amount_cents (of the whole line), source, medium, campaign, status; and, where "
        "there are any, customer, name, email, country, discount_cents, shipping_cents, "
        "payment_method, currency. Lines with the same order_id are one order. If anything is "
        "wrong, all of it is told and nothing is kept."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    add_tenant_option(*command, options->tenant, "whose orders they are")->required();
    command->add_option("FILE", options->file, "a CSV file in UTF-8")
        ->required()
        ->check(not_empty());
    command
        ->add_option(
            "--zone", options->zone, "of times without an offset; America/Sao_Paulo unless told"
        )
        ->check(not_empty())
        ->type_name("ZONE");
    command->add_flag("--dry-run", options->dry_run, "say what would be added, do nothing");
    command->add_flag("--json", options->json, "one JSON object");
    command->callback([&action, options] { action = [options] { return import(*options); }; });

    command = orders->add_subcommand(
        "check",
        "Tell orders whose lines do not sum to their total: they are kept, and count with it. Exit "
        "code 1 if there are any."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    add_tenant_option(*command, options->tenant, "only of this one");
    command->add_flag("--json", options->json, "a JSON object for each tenant");
    command->callback([&action, options] { action = [options] { return check(*options); }; });
}

}  // namespace vitrine::api
