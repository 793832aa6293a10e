#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/files.hpp"
#include "api/cli/print.hpp"
#include "api/cli/secret.hpp"
#include "api/cli/subcommands.hpp"
#include "core/text.hpp"
#include "store/keys.hpp"

namespace vitrine::api {
namespace {

struct MasterKeyOptions {
    DataOptions where;
    std::optional<std::string> fresh;
    std::string confirm;
};

constexpr const char* option = "--new-master-key";

/// Digits alone, with blanks around them as files of text have them.
bool is_hex(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = std::min(text.find_first_not_of(blanks), text.size());
    text = text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
    return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// The key in 64 hex digits. A file may also hold it as master.key does, as 32 bytes.
std::string read_new_key(const std::string& value) {
    if (value.starts_with('@')) {
        const auto bytes = read_input(value.substr(1));
        // Half of a key in hex digits is no key.
        if (bytes.size() == store::MasterKey::key_bytes && !is_hex(bytes)) return to_hex(bytes);
    }
    auto hex = read_secret(option, value);
    if (const auto key = store::MasterKey::from_hex(hex); !key) {
        throw UsageError(
            std::string(option) + ": " + key.error() + ", or a file of the 32 bytes themselves"
        );
    }
    return hex;
}

int change(const MasterKeyOptions& options) {
    const auto directory = options.where.data.string();
    if (options.confirm != directory) {
        throw UsageError(
            "all secrets are sealed anew, and only backups open with the old key then: type the "
            "data directory once more, --confirm " +
            directory
        );
    }
    auto arguments = nlohmann::ordered_json::object();
    if (options.fresh) arguments["new_master_key"] = read_new_key(*options.fresh);
    require_tenants(options.where.data);
    const auto answer = ask(options.where, "master-key change", arguments);
    print_done(answer, "the master key is changed: " + answer.at("master_key").get<std::string>());
    return 0;
}

}  // namespace

void add_master_key(CLI::App& app, Action& action) {
    auto options = std::make_shared<MasterKeyOptions>();
    auto* master_key = app.add_subcommand(
        "master-key", "The key that seals the tenants' secrets, on a running or a stopped server."
    );
    master_key->require_subcommand(1);
    auto* command = master_key->add_subcommand(
        "change", "Seal all secrets under a new master key, which takes the place of the old one."
    );
    command->footer(
        "A secret is given as text, as @FILE, or as - for a line of the standard input. Backups of "
        "keys.db from before need the old master key."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command
        ->add_option(
            option,
            options->fresh,
            "64 hex digits, or a file as master.key is one; one is made unless told"
        )
        ->type_name("SECRET");
    command->add_option("--confirm", options->confirm, "the data directory once more; needed")
        ->type_name("DIR");
    command->callback([&action, options] { action = [options] { return change(*options); }; });
}

}  // namespace vitrine::api
