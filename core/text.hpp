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

/// Lower-case hexadecimal.
std::string to_hex(std::string_view bytes);

}  // namespace vitrine
