// What the platform has, beside what the log has: adopt, reconcile.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/print.hpp"
#include "api/cli/subcommands.hpp"
#include "api/control/client.hpp"
#include "core/printable.hpp"
#include "core/standard_streams.hpp"

namespace vitrine::api {
namespace {

struct AdoptionOptions {
    DataOptions where;
    std::string tenant, clubify_url, only;
    bool dry_run = false, json = false;
};

/// How many were looked at so far, on one line of a terminal.
class Counter {
public:
    void show(const Json& progress) {
        if (!terminal_) return;
        shown_ = true;
        draw_on_terminal(
            "\r" + progress.at("products").dump() + " products, " + progress.at("offers").dump() +
            " offers, " + progress.at("customers").dump() + " customers"
        );
    }
    void clear() {
        if (shown_) draw_on_terminal("\r\x1b[K");
        shown_ = false;
    }

private:
    bool terminal_ = ::isatty(STDERR_FILENO) == 1;
    bool shown_ = false;
};

Json run(const AdoptionOptions& options, const std::string& operation) {
    require_tenants(options.where.data);
    Json arguments;
    arguments["tenant"] = options.tenant;
    arguments["dry_run"] = options.dry_run;
    arguments["clubify_url"] = options.clubify_url;
    if (!options.only.empty()) arguments["only"] = options.only;
    Counter counter;
    auto outcome = run_on_data(
        options.where.data,
        options.where.master_key_file,
        operation,
        arguments,
        [&counter](const Json& said) {
            if (said.contains("progress")) counter.show(said.at("progress"));
        }
    );
    counter.clear();
    if (!outcome) throw std::runtime_error(outcome.error());
    return *std::move(outcome);
}

void print_counts(const char* what, const Json& counts, bool dry_run) {
    std::cout << what << ": " << counts.at("adopted") << (dry_run ? " to adopt, " : " adopted, ")
              << counts.at("known") << " known, ";
    if (counts.contains("changed")) std::cout << counts.at("changed") << " changed, ";
    std::cout << counts.at("failed") << " failed\n";
}

std::string item_text(const Json& item) {
    auto text = item.at("entity").get<std::string>() + ' ' +
                item.at("clubify_id").get<std::string>() + ' ' + item.at("name").get<std::string>();
    if (item.contains("fault")) text += ": " + item.at("fault").get<std::string>();
    return printable_line(text);
}

int adopt(const AdoptionOptions& options) {
    const auto report = run(options, "adopt");
    if (options.json) {
        std::cout << report.dump() << std::endl;
    } else {
        for (const auto& item : report.at("items")) {
            std::cout << item_text(item) << '\n';
        }
        print_counts("products", report.at("products"), options.dry_run);
        print_counts("offers", report.at("offers"), options.dry_run);
        print_counts("customers", report.at("customers"), options.dry_run);
        print_counts("orders", report.at("orders"), options.dry_run);
        std::cout << std::flush;
    }
    if (!options.dry_run) {
        require_printed(
            "adopted: " + report.at("products").at("adopted").dump() + " products, " +
            report.at("offers").at("adopted").dump() + " offers, " +
            report.at("customers").at("adopted").dump() + " customers, " +
            report.at("orders").at("adopted").dump() + " orders"
        );
    }
    for (const auto* kind : {"products", "offers", "customers", "orders"}) {
        if (report.at(kind).at("failed") != 0) return 1;
    }
    return 0;
}

std::string difference_text(const Json& difference) {
    const auto kind = difference.at("difference").get<std::string>();
    const auto name = difference.at("name").get<std::string>();
    auto text = difference.at("entity").get<std::string>() + ' ' +
                difference.value("id", difference.at("clubify_id").get<std::string>());
    text += name.empty() ? ": " : " \"" + name + "\": ";
    if (kind == "missing_there") return text + "not on Clubify";
    if (kind == "missing_here") return text + "only on Clubify (vitrine adopt takes it in)";
    const auto field = difference.at("field").get<std::string>();
    if (!difference.contains("ours")) return text + field + " is not the same on Clubify";
    return text + field + " is " + difference.at("ours").dump() + " here and " +
           difference.at("theirs").dump() + " on Clubify";
}

int reconcile(const AdoptionOptions& options) {
    std::size_t differences = 0;
    for (const auto& report : run(options, "reconcile")) {
        differences += report.at("differences").size();
        if (options.json) {
            std::cout << report.dump() << '\n';
            continue;
        }
        for (const auto& difference : report.at("differences"))
            std::cout << printable_line(difference_text(difference)) << '\n';
        std::cout << report.at("tenant").get<std::string>() << ": " << report.at("products")
                  << " products, " << report.at("offers") << " offers, " << report.at("customers")
                  << " customers and " << report.at("orders") << " orders compared, "
                  << report.at("differences").size() << " differences\n";
    }
    std::cout << std::flush;
    return differences == 0 ? 0 : 1;
}

void add_options(CLI::App& command, AdoptionOptions& options) {
    add_data_option(command, options.where);
    add_master_key_option(command, options.where);
    command
        .add_option(
            "--clubify-url",
            options.clubify_url,
            "base URL of the platform; a running server uses its own"
        )
        ->type_name("URL")
        ->envname("VITRINE_CLUBIFY_URL");
    command.add_flag("--json", options.json, "JSON instead of text");
}

}  // namespace

void add_adopt(CLI::App& app, Action& action) {
    auto options = std::make_shared<AdoptionOptions>();
    auto* command = app.add_subcommand(
        "adopt",
        "Record the products, offers, customers and orders that a tenant has on Clubify and "
        "Vitrine "
        "does not know. "
        "Nothing there is changed; asked again it goes on where it stopped."
    );
    add_options(*command, *options);
    add_tenant_option(*command, options->tenant, "its name")->required();
    command->add_flag("--dry-run", options->dry_run, "say what would be adopted, do nothing");
    command
        ->add_option(
            "--only",
            options->only,
            "a list of products, offers, customers, orders; all unless told"
        )
        ->type_name("KINDS");
    command->callback([&action, options] { action = [options] { return adopt(*options); }; });
}

void add_reconcile(CLI::App& app, Action& action) {
    auto options = std::make_shared<AdoptionOptions>();
    auto* command = app.add_subcommand(
        "reconcile",
        "Compare products, offers, customers and orders with Clubify's and tell what differs; exit "
        "code 1 if anything "
        "does. Changes nothing on either side."
    );
    add_options(*command, *options);
    add_tenant_option(*command, options->tenant, "only this one");
    command->callback([&action, options] { action = [options] { return reconcile(*options); }; });
}

}  // namespace vitrine::api
