#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>

#include "api/cli/subcommands.hpp"
#include "api/config/settings.hpp"
#include "api/log/log.hpp"
#include "api/service/service.hpp"

namespace vitrine::api {
namespace {

struct ServeOptions {
    SettingTexts texts;
    std::string file;
};

int serve(const ServeOptions& options) {
    SettingTexts file;
    if (!options.file.empty()) {
        auto read = read_settings_file(options.file);
        if (!read) throw UsageError(read.error());
        file = *std::move(read);
    }
    const auto environment = [](const std::string& name) { return std::getenv(name.c_str()); };
    const auto config = make_config(options.texts, environment, file);
    if (!config) throw UsageError(config.error());
    log::set_level(config->log_level);
    Service(*config).run();
    return 0;
}

void add_setting(CLI::App& command, const Setting& setting, SettingTexts& texts) {
    const std::string key(setting.key);
    const auto help = std::string(setting.help) + " [" + setting.variable() + "]";
    if (setting.unit.empty()) {
        command.add_flag_callback(
            std::string(setting.flag), [&texts, key] { texts[key] = "true"; }, help
        );
        return;
    }
    command
        .add_option_function<std::string>(
            std::string(setting.flag),
            [&texts, key](const std::string& text) { texts[key] = text; },
            help
        )
        ->type_name(std::string(setting.unit));
}

}  // namespace

void add_serve(CLI::App& app, Action& action) {
    auto options = std::make_shared<ServeOptions>();
    auto* command = app.add_subcommand("serve", "Serve HTTP until SIGTERM.");
    command->footer(
        "A setting comes from its flag, else its environment variable, else the file, else its "
        "default."
    );
    for (const auto& setting : settings()) add_setting(*command, setting, options->texts);
    command->add_option("--config", options->file, "TOML file of settings")
        ->type_name("FILE")
        ->envname("VITRINE_CONFIG");
    command->callback([&action, options] { action = [options] { return serve(*options); }; });
}

}  // namespace vitrine::api
