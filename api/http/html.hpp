#pragma once

#include <string>
#include <string_view>

#include "core/phrase.hpp"

// For the pages: text as HTML.
namespace vitrine::api {

/// Also for attributes in double quotes.
std::string escaped(std::string_view text);

/// "<p>text</p>", the text escaped.
std::string element(std::string_view tag, std::string_view text);

/// "<a href="/docs">text</a>", both escaped.
std::string link_to(std::string_view target, std::string_view text);

/// A link to the same page in the other language, by ?lang=.
std::string other_language(std::string_view path, Language language);

}  // namespace vitrine::api
