#include "api/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <sstream>

#include "api/cli/saga.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/usage.hpp"
#include "api/control/client.hpp"
#include "core/printable.hpp"
#include "store/damage.hpp"

namespace vitrine::api {
namespace {

constexpr int failed = 1;
constexpr int wrong_usage = 2;
constexpr int damaged = 3;

int complain(const std::string& message, int code) {
    tell(message);
    return code;
}

int complain_by_line(const std::string& lines, int code) {
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) tell(line);
    return code;
}

/// "--tenant=" as "--tenant" "": the library would take the next argument for the value.
std::vector<std::string> with_empty_values(std::vector<std::string> arguments) {
    std::vector<std::string> all;
    for (auto& argument : arguments) {
        const bool is_empty =
            argument.starts_with("--") && argument.find('=') == argument.size() - 1;
        if (is_empty) argument.pop_back();
        all.push_back(std::move(argument));
        if (is_empty) all.emplace_back();
    }
    return all;
}

int run(const Action& action) {
    try {
        return action();
    } catch (const UsageError& error) {
        return complain(error.what(), wrong_usage);
    } catch (const NotText& error) {
        return complain(error.what(), wrong_usage);
    } catch (const Failures& failures) {
        return complain_by_line(failures.what(), failed);
    } catch (const std::exception& error) {
        return complain(error.what(), store::is_damage(error) ? damaged : failed);
    }
}

}  // namespace

CLI::Option* add_data_option(CLI::App& app, DataOptions& options) {
    return app.add_option("--data", options.data, "the data directory")
        ->check(not_empty())
        ->type_name("DIR")
        ->envname("VITRINE_DATA")
        ->required();
}

void add_master_key_option(CLI::App& app, DataOptions& options) {
    app.add_option(
           "--master-key-file",
           options.master_key_file,
           "the key that seals secrets; DIR/master.key unless told"
    )
        ->type_name("FILE")
        ->envname("VITRINE_MASTER_KEY_FILE");
}

CLI::Option* add_tenant_option(CLI::App& app, std::string& tenant, const std::string& help) {
    return app.add_option("--tenant", tenant, help)->type_name("NAME")->check(not_empty());
}

void tell(const std::string& message) {
    auto line = message;
    std::ranges::replace(line, '\n', ' ');
    std::cerr << "vitrine: " + printable_line(line) + '\n';
}

void note(const std::string& message) {
    if (std::cout) tell(message);
}

namespace {

void require_file(const std::filesystem::path& data, const char* file, const char* without) {
    std::error_code error;
    if (std::filesystem::exists(data / file, error)) return;
    std::error_code of_data;
    const auto status = std::filesystem::status(data, of_data);
    if (status.type() == std::filesystem::file_type::not_found)
        throw std::runtime_error("there is no directory " + data.string());
    if (std::filesystem::exists(status) && !std::filesystem::is_directory(status))
        throw std::runtime_error(data.string() + " is not a directory");
    if (error)
        throw std::runtime_error("cannot look into " + data.string() + ": " + error.message());
    throw std::runtime_error(without + (" in " + data.string()));
}

}  // namespace

void require_tenants(const std::filesystem::path& data) {
    require_file(data, "keys.db", "there are no tenants");
}

void require_log(const std::filesystem::path& data) {
    require_file(data, "events.db", "there is no log");
}

int run_command_line(std::vector<std::string> arguments) {
    CLI::App app("Offers on Clubify: commands in, events kept, read models answered.", "vitrine");
    app.set_version_flag("--version", "vitrine " VITRINE_VERSION);
    app.require_subcommand(1);
    Action action;
    add_serve(app, action);
    add_config(app, action);
    add_tenant(app, action);
    add_key(app, action);
    add_master_key(app, action);
    add_replay(app, action);
    add_rebuild(app, action);
    add_adopt(app, action);
    add_reconcile(app, action);
    add_orders(app, action);
    add_money(app, action);
    add_verify(app, action);
    add_backup(app, action);
    add_seal(app, action);
    add_audit(app, action);
    add_parked(app, action);
    add_process(app, action);
    add_saga(app, action);
    add_delivery(app, action);
    add_journal(app, action);
    add_clock(app, action);
    add_model(app, action);
    try {
        if (const auto fault = swallowed_option(app, arguments))
            return complain(*fault, wrong_usage);
        arguments = with_empty_values(std::move(arguments));
        std::ranges::reverse(arguments);  // as the library wants them
        app.parse(std::move(arguments));
    } catch (const CLI::Success& asked) {  // for help or the version
        if (const auto fault = unknown_argument(app)) return complain(*fault, wrong_usage);
        return app.exit(asked);
    } catch (const CLI::ParseError& error) {
        return complain(usage_fault(app, error), wrong_usage);
    }
    return run(action);
}

}  // namespace vitrine::api
