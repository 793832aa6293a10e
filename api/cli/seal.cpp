#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "api/cli/print.hpp"
#include "api/cli/rated_progress.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/usage.hpp"
#include "api/keys/open_people.hpp"
#include "store/data_directory.hpp"
#include "store/hash_chain.hpp"
#include "store/seal_log.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

struct SealCommand {
    DataOptions where;
    std::filesystem::path destination;
    bool json = false;
};

/// The heads of each tenant before and after: of those that differ, a noted one is of the old log.
Json to_json(const SealCommand& command, const store::SealReport& report) {
    Json json;
    json["destination"] = command.destination.string();
    json["events"] = report.after.events;
    json["sealed"] = report.sealed;
    auto& tenants = json["tenants"] = Json::array();
    for (std::size_t i = 0; i < report.before.size(); ++i) {
        const auto& before = report.before[i];
        const auto after = store::hash_text(report.after.tenants.at(i).head);
        const auto head = store::hash_text(before.head);
        tenants.push_back(
            {{"tenant", before.tenant.str()},
             {"events", before.events},
             {"old_head", head},
             {"new_head", after},
             {"changed", head != after}}
        );
    }
    return json;
}

void print(const SealCommand& command, const store::SealReport& report) {
    const auto json = to_json(command, report);
    if (command.json) {
        std::cout << json.dump() << std::endl;
        return;
    }
    for (const auto& tenant : json["tenants"]) {
        std::cout << tenant["tenant"].get<std::string>() << ": "
                  << tenant["old_head"].get<std::string>() << " -> "
                  << tenant["new_head"].get<std::string>() << '\n';
    }
    std::cout << command.destination.string() << ": " << report.sealed << " of "
              << report.after.events << " events sealed, verified" << std::endl;
}

int seal(SealCommand command) {
    require_log(command.where.data);
    if (command.destination.empty()) {
        command.destination = command.where.data.lexically_normal();
        if (!command.destination.has_filename())
            command.destination = command.destination.parent_path();
        command.destination += ".sealed";
    }
    const auto lock = store::DataLock::try_take(command.where.data);
    if (!lock)
        throw std::runtime_error(
            command.where.data.string() +
            " is in use: stop the server, what it appended meanwhile "
            "would be missing in the copy"
        );
    RatedProgress progress("seal", "events");
    const auto report = store::seal_log(
        command.where.data,
        command.destination,
        master_key_of(command.where.data, command.where.master_key_file),
        {.progress = [&](Position done, Position total) { progress.show(done, total); }}
    );
    progress.clear();
    print(command, report);
    require_printed("the copy is complete all the same: " + command.destination.string());
    note(
        "a head that was noted before is of the old log: `vitrine verify --head` does not find it "
        "in "
        "the copy. Keep these lines beside it, or the old log for as long as it has to be proved"
    );
    note(
        "the old log, its backups, exports and read models have people in clear until they are "
        "removed; master.key is not in the copy: put it there to serve it"
    );
    return 0;
}

}  // namespace

void add_seal(CLI::App& app, Action& action) {
    auto options = std::make_shared<SealCommand>();
    auto* command = app.add_subcommand(
        "seal", "Make a copy of an older log in which what names people is sealed, and verify it."
    );
    command->footer(
        "Logs of before 2026-11-30 have the bodies of webhooks in clear. A log cannot be written "
        "anew under its chain of hashes: the copy has the same events at the same positions, and "
        "other hashes from the first one on that is sealed. Once is enough; cut off, it is begun "
        "anew. What is older than people.unknown_retention is erased when the copy is served."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command
        ->add_option(
            "DEST", options->destination, "a directory that is not there; DIR.sealed unless told"
        )
        ->check(not_empty());
    command->add_flag("--json", options->json, "one JSON object");
    command->callback([&action, options] { action = [options] { return seal(*options); }; });
}

}  // namespace vitrine::api
