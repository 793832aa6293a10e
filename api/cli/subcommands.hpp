#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

// For the .cpp files of this folder: each adds one subcommand and, when it is the one that is asked
// for, sets what to do after everything has been parsed.
namespace vitrine::api {

/// What to do; the program's exit code.
using Action = std::function<int()>;

/// Wrong usage that the parser cannot see: exit code 2.
class UsageError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Of several things: a line for each.
class Failures : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

void add_serve(CLI::App& app, Action& action);
void add_config(CLI::App& app, Action& action);
void add_tenant(CLI::App& app, Action& action);
void add_key(CLI::App& app, Action& action);
void add_master_key(CLI::App& app, Action& action);
void add_replay(CLI::App& app, Action& action);
void add_rebuild(CLI::App& app, Action& action);
void add_adopt(CLI::App& app, Action& action);
void add_reconcile(CLI::App& app, Action& action);
void add_orders(CLI::App& app, Action& action);
void add_money(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
void add_backup(CLI::App& app, Action& action);
void add_seal(CLI::App& app, Action& action);
void add_audit(CLI::App& app, Action& action);
void add_parked(CLI::App& app, Action& action);
void add_delivery(CLI::App& app, Action& action);
void add_journal(CLI::App& app, Action& action);
void add_process(CLI::App& app, Action& action);
void add_clock(CLI::App& app, Action& action);
void add_model(CLI::App& app, Action& action);

/// Where the data is; in every subcommand.
struct DataOptions {
    std::filesystem::path data;
    std::filesystem::path master_key_file;
};
CLI::Option* add_data_option(CLI::App& app, DataOptions& options);
void add_master_key_option(CLI::App& app, DataOptions& options);

/// --tenant NAME; an empty name is refused, it would mean all of them.
CLI::Option* add_tenant_option(CLI::App& app, std::string& tenant, const std::string& help);

/// On the standard error, as one line whatever the message holds.
void tell(const std::string& message);

/// The same of what is good to know beside what was printed; not when that could not be.
void note(const std::string& message);

/// Throws std::runtime_error unless a tenant was once registered in the directory.
void require_tenants(const std::filesystem::path& data);

/// Throws std::runtime_error unless there is a log in the directory.
void require_log(const std::filesystem::path& data);

}  // namespace vitrine::api
