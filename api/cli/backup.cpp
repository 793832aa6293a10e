#include "store/backup.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/rated_progress.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/verify_text.hpp"
#include "core/printable.hpp"

namespace vitrine::api {
namespace {

struct BackupCommand {
    DataOptions where;
    std::filesystem::path destination;
    bool json = false;
};

void print(const BackupCommand& command, const store::BackupReport& report) {
    if (command.json) {
        auto json = to_json(report.log);
        json["destination"] = command.destination.string();
        json["bytes"] = report.bytes;
        json["keys"] = report.keys;
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
    const auto report = store::backup(command.where.data, command.destination, options);
    copying.clear();
    verifying.clear();
    print(command, report);
    if (report.keys) {
        note(
            "master.key is not in the backup: keep a copy of it elsewhere, keys.db opens only with "
            "it"
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
    command->add_option("DEST", options->destination, "a new or an empty directory")->required();
    command->add_flag("--json", options->json, "one JSON object");
    command->callback([&action, options] { action = [options] { return backup(*options); }; });
}

}  // namespace vitrine::api
