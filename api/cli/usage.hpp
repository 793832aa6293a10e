#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vitrine::api {

/// What is wrong with the command line that `app` could not parse: one line, with the nearest
/// command or option where an unknown one was given.
std::string usage_fault(const CLI::App& app, const CLI::ParseError& error);

/// What is on it, or in it, that no command takes; nullopt: nothing.
std::optional<std::string> unknown_argument(const CLI::App& app);

/// An option that would take the option behind it for its value; nullopt: there is none.
std::optional<std::string> swallowed_option(
    const CLI::App& app, const std::vector<std::string>& arguments
);

/// Takes any text but an empty one, which is what a shell makes of a variable that is not set.
CLI::Validator not_empty();

/// Takes a whole number, not below `least`.
CLI::Validator whole_number(std::uint64_t least);

}  // namespace vitrine::api
