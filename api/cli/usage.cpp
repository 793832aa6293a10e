#include "api/cli/usage.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <vector>

#include "core/nearest.hpp"

namespace vitrine::api {
namespace {

/// "vitrine tenant add"
std::string name_of(const CLI::App& app) {
    const auto* parent = app.get_parent();
    return parent == nullptr ? app.get_name() : name_of(*parent) + ' ' + app.get_name();
}

std::vector<std::string> commands_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* each : app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(each->get_name());
    }
    return names;
}

std::vector<std::string> options_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

std::string list_of(const std::vector<std::string>& words) {
    std::string list;
    for (const auto& word : words) list += (list.empty() ? "" : ", ") + word;
    return list;
}

/// The value of an option may be a secret that was meant for another one.
std::string without_value(const std::string& argument) {
    return argument.substr(0, argument.find('='));
}

bool has_option(const CLI::App& app, const std::string& option) {
    const auto options = options_of(app);
    return std::ranges::find(options, option) != options.end();
}

/// One of the commands below it.
bool has_command_with(const CLI::App& app, const std::string& option) {
    return std::ranges::any_of(
        app.get_subcommands([](const CLI::App*) { return true; }),
        [&option](const CLI::App* each) {
            return has_option(*each, option) || has_command_with(*each, option);
        }
    );
}

/// The line begins with the program's own name.
std::string needs_command(const CLI::App& app) {
    const auto who = app.get_parent() == nullptr ? std::string("it") : name_of(app);
    return who + " needs one of " + list_of(commands_of(app));
}

const CLI::App& deepest_chosen(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? app : deepest_chosen(*chosen.front());
}

std::string unknown_option(const CLI::App& app, const std::string& option) {
    const auto name = name_of(app);
    const auto& chosen = deepest_chosen(app);
    if (has_option(chosen, option))
        return option + " stands after the command: " + name_of(chosen) + ' ' + option;
    if (has_command_with(chosen, option)) return needs_command(chosen);
    return name + " has no option " + option + "; the nearest is " +
           nearest(option, options_of(app));
}

std::string unknown(const CLI::App& app, const std::string& argument) {
    const auto name = name_of(app);
    if (argument.starts_with('-') && argument != "-")
        return unknown_option(app, without_value(argument));
    const auto commands = commands_of(app);
    if (commands.empty()) return name + " takes no further argument: \"" + argument + '"';
    return "there is no command \"" + name + ' ' + argument + "\"; the nearest is \"" + name + ' ' +
           nearest(argument, commands) + '"';
}

/// "--listen" of "--listen: 1 required ADDRESS missing"
std::string option_of(const std::string& message) {
    return message.substr(0, message.find(':'));
}

}  // namespace

std::optional<std::string> unknown_argument(const CLI::App& app) {
    // What the deepest command that was recognised could not take has the cause in it.
    if (const auto left = app.remaining(); !left.empty()) return unknown(app, left.front());
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? std::nullopt : unknown_argument(*chosen.front());
}

std::optional<std::string> swallowed_option(
    const CLI::App& app, const std::vector<std::string>& arguments
) {
    const auto* command = &app;
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
        const auto& argument = arguments[i];
        if (argument == "--") return std::nullopt;
        if (!argument.starts_with("--")) {
            const auto below = command->get_subcommands([&](const CLI::App* each) {
                return each->get_name() == argument;
            });
            if (!below.empty()) command = below.front();
            continue;
        }
        const auto* option = command->get_option_no_throw(argument);
        if (option == nullptr || option->get_items_expected_min() == 0) continue;
        const auto& next = arguments[i + 1];
        if (next.starts_with("--") && has_option(*command, without_value(next)))
            return argument + " needs a value; " + without_value(next) + " stands in its place";
        ++i;
    }
    return std::nullopt;
}

std::string usage_fault(const CLI::App& app, const CLI::ParseError& error) {
    if (auto fault = unknown_argument(app)) return *std::move(fault);
    std::string said = error.what();
    if (said == CLI::RequiredError("A subcommand").what())
        return needs_command(deepest_chosen(app));
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
        return said.ends_with("missing") ? option_of(said) + " needs a value" : said;
    }
    return said;
}

CLI::Validator not_empty() {
    const auto check = [](const std::string& text) -> std::string {
        return text.empty() ? "must not be empty" : "";
    };
    return CLI::Validator(check, "", "not empty");
}

CLI::Validator whole_number(std::uint64_t least) {
    const auto check = [least](const std::string& text) -> std::string {
        std::uint64_t number = 0;
        const auto* end = text.data() + text.size();
        const auto [rest, fault] = std::from_chars(text.data(), end, number);
        constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (fault == std::errc() && rest == end && number >= least && number <= most) return {};
        return "must be a whole number, " + std::to_string(least) + " or more, not \"" + text + '"';
    };
    return CLI::Validator(check, "", "whole number");
}

}  // namespace vitrine::api
