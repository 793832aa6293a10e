#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What the command lines of the stand-ins have alike.
namespace vitrine::sandbox {

/// "127.0.0.1:9090", "[::1]:0"
bool take_listen(std::string_view text, std::string& address, std::uint16_t& port);

std::optional<std::uint64_t> whole_number(std::string_view text);

std::string one_line(std::string text);

/// The library takes what stands behind an option for its value: `--state --strict` would name a
/// file.
CLI::Validator no_option();

}  // namespace vitrine::sandbox
