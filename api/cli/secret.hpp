#pragma once

#include <string>
#include <string_view>

namespace vitrine::api {

/// The options whose values are secrets.
inline constexpr std::string_view secret_options[] = {
    "--clubify-api-key", "--webhook-secret", "--payments-key", "--payments-hook", "--new-master-key"
};

/// False for `@FILE` and `-`, which only say where the secret is.
bool is_literal(std::string_view value);

/// The secret that an option means: the text itself, the contents of @FILE, or with `-` a line of
/// the standard input. Line ends and blanks around it go. Throws std::runtime_error if it cannot be
/// read, UsageError if it is empty.
std::string read_secret(std::string_view option, const std::string& value);

}  // namespace vitrine::api
