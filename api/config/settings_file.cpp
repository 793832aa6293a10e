#include <toml++/toml.h>
#include <algorithm>
#include <sstream>
#include <vector>

#include "api/config/settings.hpp"
#include "core/nearest.hpp"

namespace vitrine::api {
namespace {

std::string unknown(const std::string& key) {
    std::vector<std::string> known;
    for (const auto& setting : settings()) known.emplace_back(setting.key);
    auto sentence = "there is no setting \"" + key + "\"";
    constexpr std::size_t alike = 4;
    if (const auto meant = nearest(key, known); edits_between(key, meant) <= alike)
        sentence += "; do you mean \"" + meant + "\"?";
    return sentence;
}

/// Adds the values of a table and of those in it; the first fault.
std::optional<std::string> flatten(
    const toml::table& table, const std::string& prefix, SettingTexts& texts
) {
    for (const auto& [name, node] : table) {
        const auto key = prefix + std::string(name.str());
        if (const auto* inner = node.as_table()) {
            if (auto fault = flatten(*inner, key + ".", texts)) return fault;
            continue;
        }
        if (std::ranges::find(settings(), key, &Setting::key) == settings().end())
            return unknown(key);
        if (const auto text = node.value_exact<std::string>()) {
            texts[key] = *text;
        } else if (const auto number = node.value_exact<std::int64_t>()) {
            texts[key] = std::to_string(*number);
        } else if (const auto truth = node.value_exact<bool>()) {
            texts[key] = *truth ? "true" : "false";
        } else {
            return "\"" + key + "\" is no text, whole number or truth value";
        }
    }
    return std::nullopt;
}

}  // namespace

std::expected<SettingTexts, std::string> read_settings_file(const std::filesystem::path& file) {
    const auto in_file = [&file](const std::string& what) {
        return std::unexpected(file.string() + ": " + what);
    };
    if (!std::filesystem::exists(file)) return in_file("there is no such file");
    try {
        SettingTexts texts;
        if (auto fault = flatten(toml::parse_file(file.string()), "", texts))
            return in_file(*fault);
        return texts;
    } catch (const toml::parse_error& error) {
        return in_file(
            std::string(error.description()) + " (line " +
            std::to_string(error.source().begin.line) + ")"
        );
    }
}

}  // namespace vitrine::api
