// The service, and what it would be run with: serve, config.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "api/config/settings.hpp"
#include "api/log/log.hpp"
#include "api/service/service.hpp"

namespace vitrine::api {
namespace {

struct ServeOptions {
    SettingTexts texts;
    std::string file;
    bool json = false;
};

const char* from_environment(const std::string& name) {
    return std::getenv(name.c_str());
}

/// A variable that is written wrong would otherwise be as if it had not been set.
void require_known_variables() {
    std::vector<std::string> names;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        names.emplace_back(text.substr(0, text.find('=')));
    }
    if (const auto fault = unknown_variable(names)) throw UsageError(*fault);
}

SettingTexts texts_of_file(const ServeOptions& options) {
    if (options.file.empty()) return {};
    auto read = read_settings_file(options.file);
    if (!read) throw UsageError(read.error());
    return *std::move(read);
}

int serve(const ServeOptions& options) {
    require_known_variables();
    const auto config = make_config(options.texts, from_environment, texts_of_file(options));
    if (!config) throw UsageError(config.error());
    log::set_level(config->log_level);
    Service(*config).run();
    return 0;
}

/// Values that would not do are faults here too, but for the data directory, which may be left out.
int print_config(const ServeOptions& options) {
    require_known_variables();
    const auto file = texts_of_file(options);
    auto texts = options.texts;
    texts.try_emplace("data", ".");
    if (const auto config = make_config(texts, from_environment, file); !config)
        throw UsageError(config.error());
    auto rows = nlohmann::ordered_json::array();
    const auto add = [&rows](std::string_view setting, std::string value, std::string from) {
        rows.push_back(
            {{"setting", setting}, {"value", std::move(value)}, {"from", std::move(from)}}
        );
    };
    for (auto& setting : settings_in_force(options.texts, from_environment, file))
        add(setting.key, std::move(setting.text), std::move(setting.from));
    if (from_environment("VITRINE_MASTER_KEY") != nullptr)
        add("master_key", "***", "VITRINE_MASTER_KEY");
    print_rows(rows, {"setting", "value", "from"}, options.json);
    return 0;
}

void add_setting(CLI::App& command, const Setting& setting, SettingTexts& texts) {
    const std::string key(setting.key);
    auto help = std::string(setting.help);
    if (!setting.otherwise.empty() && !setting.unit.empty())
        help += "; " + std::string(setting.otherwise) + " unless told";
    help += " [" + setting.variable() + "]";
    if (setting.unit.empty()) {
        command.add_flag_callback(
            std::string(setting.flag), [&texts, key] { texts[key] = "true"; }, help
        );
        return;
    }
    auto* option = command.add_option_function<std::string>(
        std::string(setting.flag),
        [&texts, key](const std::string& text) { texts[key] = text; },
        help
    );
    option->type_name(std::string(setting.unit));
    if (setting.unit.starts_with('['))
        option->expected(0, 1)->default_str("now")->option_text(std::string(setting.unit));
}

CLI::App* add_with_settings(
    CLI::App& app, const char* name, const char* what, ServeOptions& options
) {
    auto* command = app.add_subcommand(name, what);
    command->footer(
        "A setting comes from its flag, else its environment variable, else the file, else its "
        "default."
    );
    for (const auto& setting : settings()) add_setting(*command, setting, options.texts);
    command->add_option("--config", options.file, "TOML file of settings")
        ->type_name("FILE")
        ->envname("VITRINE_CONFIG");
    return command;
}

}  // namespace

void add_serve(CLI::App& app, Action& action) {
    auto options = std::make_shared<ServeOptions>();
    auto* command = add_with_settings(app, "serve", "Serve HTTP until SIGTERM.", *options);
    command->callback([&action, options] { action = [options] { return serve(*options); }; });
}

void add_config(CLI::App& app, Action& action) {
    auto options = std::make_shared<ServeOptions>();
    auto* command = add_with_settings(
        app,
        "config",
        "Print what `vitrine serve` would run with, and where each value came from.",
        *options
    );
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&action, options] { action = [options] { return print_config(*options); }; }
    );
}

}  // namespace vitrine::api
