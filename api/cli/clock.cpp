// The time of a server that was started with a test clock.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/print.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/usage.hpp"
#include "api/config/values.hpp"

namespace vitrine::api {
namespace {

struct ClockOptions {
    DataOptions where;
    std::string advance, set;
    bool json = false;
};

int clock(const ClockOptions& options) {
    auto arguments = nlohmann::ordered_json::object();
    if (!options.advance.empty()) {
        const auto by = parse_advance(options.advance);
        if (!by) {
            throw UsageError(
                "--advance: \"" + options.advance + "\" is no time such as 30s, 15m, 2h, 3d or 4w"
            );
        }
        arguments["advance_us"] = std::chrono::microseconds(*by).count();
    }
    if (!options.set.empty()) {
        if (!parse_time(options.set)) {
            throw UsageError(
                "--set: \"" + options.set + "\" is no time such as 2026-03-01T12:00:00Z"
            );
        }
        arguments["set"] = options.set;
    }
    require_log(options.where.data);
    const auto answer = ask(options.where, "clock", arguments);
    const auto now = answer.at("now").get<std::string>();
    std::cout << (options.json ? answer.dump() : now) << std::endl;
    require_printed("it is " + now + " on the server");
    return 0;
}

}  // namespace

void add_clock(CLI::App& app, Action& action) {
    auto options = std::make_shared<ClockOptions>();
    auto* command = app.add_subcommand(
        "clock",
        "Tell the time of a server that was started with --test-clock, or move it: from one due "
        "time "
        "to the next, until all that fell due, and what follows from it, has been done. What is "
        "under "
        "way for more than a minute of real time is named, and the time stays there."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    auto* advance = command->add_option("--advance", options->advance, "by so much: 15m, 2h, 3d")
                        ->type_name("TIME")
                        ->check(not_empty());
    command->add_option("--set", options->set, "to this time, which is not before the present one")
        ->type_name("TIME")
        ->check(not_empty())
        ->excludes(advance);
    command->add_flag("--json", options->json, "as one JSON object");
    command->callback([&action, options] { action = [options] { return clock(*options); }; });
}

}  // namespace vitrine::api
