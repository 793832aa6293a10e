#pragma once

#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/config/config.hpp"

namespace vitrine::api {

/// One thing that can be configured: by flag, environment variable or TOML key.
struct Setting {
    std::string_view key;   // in the TOML file: "clubify.settle"
    std::string_view flag;  // "--clubify-settle"
    // Of its value, for the help; empty: a flag without one; "[TIME]": one that may be left out,
    // which is "now".
    std::string_view unit;
    std::string_view otherwise;  // the default, as text; empty: see the help
    std::string_view help;
    /// The fault when the text is no such value.
    std::expected<void, std::string> (*set)(Config&, std::string_view text);

    /// "VITRINE_CLUBIFY_SETTLE"
    std::string variable() const;
};

/// Every setting there is.
std::span<const Setting> settings();

/// Texts by key.
using SettingTexts = std::map<std::string, std::string, std::less<>>;

/// The settings of a TOML file. Unknown keys are faults; the sentence names one that is alike.
std::expected<SettingTexts, std::string> read_settings_file(const std::filesystem::path& file);

/// Of the names of the environment's variables, the first that begins with "VITRINE_" and is none
/// of ours: a sentence with the one that is nearest. nullopt: there is none.
std::optional<std::string> unknown_variable(std::span<const std::string> names);

struct SettingInForce {
    std::string_view key;
    std::string text;  // of the default: as the help has it
    std::string
        from;  // "--listen", "VITRINE_LISTEN", "\"listen\" in the configuration file", "default"
};

/// Every setting with its value and where that came from, in the order of settings(). The texts are
/// not judged: see make_config.
std::vector<SettingInForce> settings_in_force(
    const SettingTexts& flags,
    const std::function<const char*(const std::string&)>& environment,
    const SettingTexts& file
);

/// Flags before environment before file before defaults. `environment` answers nullptr for what is
/// not set. The fault names where the bad value came from.
std::expected<Config, std::string> make_config(
    const SettingTexts& flags,
    const std::function<const char*(const std::string&)>& environment,
    const SettingTexts& file
);

}  // namespace vitrine::api
