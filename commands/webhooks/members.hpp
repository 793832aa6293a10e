#pragma once

// For the .cpp files of this folder: members of what the platform sends. Its parts name one thing
// differently and write numbers and ids in more than one way; what can only mean one thing is
// taken.

#include <cstdint>
#include <expected>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "commands/json_fwd.hpp"
#include "commands/plain_id.hpp"
#include "core/phrase.hpp"

namespace vitrine::commands {

using Names = std::initializer_list<const char*>;

/// The first of the members that is there and not null.
const Json* any_member(const Json& json, Names names);

/// The object or array of that name; an empty object where there is none.
const Json& part(const Json& json, const char* name);

/// The first of them that is a text with something in it that is seen, without the blanks around
/// it.
std::optional<std::string> any_text(const Json& json, Names names);

/// A text or a whole number as text: 7, 7.0 and " 7 " are "7". nullopt: neither, or nothing in it
/// that is seen.
std::optional<std::string> as_text(const Json& value);

/// The first of the members that is a plain id.
std::optional<std::string> id_in(const Json& json, Names names);

/// Integer cents, 0 to 10^12: 100, 100.0, 1e2 and "100" are the same. Else why it is none: 19.9 may
/// be a decimal amount.
std::expected<std::int64_t, Term> as_cents(const Json& value);

/// "BRL" of "brl" and " BRL "; nullopt: not three letters.
std::optional<std::string> as_currency(const Json& value);

}  // namespace vitrine::commands
