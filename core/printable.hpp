#pragma once

#include <string>
#include <string_view>

// Text from outside (names, reasons, answers of others) as it may stand on a terminal, in a log or
// in a table: nothing in it moves the cursor, changes colours, turns the direction of what follows
// or hides. Such characters are written as JSON writes them ("\u001b"), so that JSON stays JSON of
// the same value. docs/decisions/0016.
namespace vitrine {

/// The text with control characters, those that turn its direction and those that nobody sees
/// written as \uXXXX. Line ends stay; a byte that is no UTF-8 becomes U+FFFD.
std::string printable(std::string_view text);

/// The same of a text that is to stay within its line: line ends and tabs too.
std::string printable_line(std::string_view text);

/// How many columns of a terminal it takes.
std::size_t columns_of(std::string_view utf8);

}  // namespace vitrine
