#pragma once

#include <string>
#include <string_view>

namespace vitrine {

/// Lower case, without accents, in ASCII where there is a way to write it so: "Café Açaí" -> "cafe
/// acai". What search compares.
std::string fold(std::string_view utf8);

/// A slug by the platform's rule (2–100 of [a-z0-9-], no hyphen at the ends): "Café Açaí!" ->
/// "cafe-acai". A text without any such character gives "offer".
std::string slugify(std::string_view utf8);

/// 2–100 of [a-z0-9-], no hyphen at the ends.
bool is_slug(std::string_view text);

bool is_utf8(std::string_view text);

/// What nobody sees: a blank of any kind, a control character, one that only steers how others
/// look, or none at all (U+FFFE). The same characters as in the patterns of names and SKUs.
bool is_unseen(char32_t c);

/// Without such at its ends; empty: there is nothing else.
std::string_view without_unseen_ends(std::string_view utf8);

/// What is seen of a text, by which two are told apart: composed (NFC), without what is_unseen, and
/// with a plain blank for each other one.
std::string as_seen(std::string_view utf8);

/// At most `longest` bytes of UTF-8 without control characters.
bool is_line(std::string_view text, std::size_t longest);

/// Lower-case hexadecimal.
std::string to_hex(std::string_view bytes);

}  // namespace vitrine
