#include "store/backup.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/print.hpp"
#include "api/cli/rated_progress.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/usage.hpp"
#include "api/cli/verify_text.hpp"
#include "core/printable.hpp"

namespace vitrine::api {
namespace {

struct BackupCommand {
    DataOptions where;
    std::filesystem::path destination;
    bool json = false;
    bool without_people = false;
};

void print(const BackupCommand& command, const store::BackupReport& report) {
    if (command.json) {
        auto json = to_json(report.log);
        json["destination"] = command.destination.string();
        json["bytes"] = report.bytes;
        json["keys"] = report.keys;
        json["people"] = report.people;
        std::cout << json.dump() << std::endl;
        return;
    }
    std::cout << printable_line(command.destination.string()) << ": " << report.log.events
              << " events up to position " << report.log.position << ", " << report.bytes
              << " bytes, verified" << std::endl;
}

int backup(const BackupCommand& command) {
    require_log(command.where.data);
    RatedProgress copying("backup", "pages");
    RatedProgress verifying("verify", "events");
    store::BackupOptions options;
    options.copied = [&](std::uint64_t done, std::uint64_t total) { copying.show(done, total); };
    options.verified = [&](Position done, Position total) { verifying.show(done, total); };
    options.without_people = command.without_people;
    const auto report = store::backup(command.where.data, command.destination, options);
    copying.clear();
    verifying.clear();
    print(command, report);
    require_printed("the backup is complete all the same: " + command.destination.string());
    if (report.keys) {
        note(
            "master.key is not in the backup: keep a copy of it elsewhere, keys.db opens only with "
            "it"
        );
    }
    if (report.people) {
        note(
            "people.db is in the backup: whoever is erased from now on stays readable in it. Keep "
            "it "
            "no longer than 30 days, or make those that are kept longer --without-people"
        );
    }
    note("read models are not in the backup: they are built from the log when it is served");
    return 0;
}

}  // namespace

void add_backup(CLI::App& app, Action& action) {
    auto options = std::make_shared<BackupCommand>();
    auto* command = app.add_subcommand(
        "backup", "Copy the log and the keys of a running or a stopped server, and verify the copy."
    );
    command->footer(
        "DEST is a directory that serve --data opens. It is there when it is complete and "
        "verified, not before. Leaves out master.key, which opens the keys, and read models, which "
        "are built again."
    );
    add_data_option(*command, options->where);
    command->add_option("DEST", options->destination, "a new or an empty directory")
        ->check(not_empty())
        ->required();
    command->add_flag(
        "--without-people",
        options->without_people,
        "leave out people.db: whom the log names reads as erased in the copy"
    );
    command->add_flag("--json", options->json, "one JSON object");
    command->callback([&action, options] { action = [options] { return backup(*options); }; });
}

}  // namespace vitrine::api
