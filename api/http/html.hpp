#pragma once

#include <string>
#include <string_view>

// For the pages: text as HTML.
namespace vitrine::api {

/// Also for attributes in double quotes.
std::string escaped(std::string_view text);

/// "<p>text</p>", the text escaped.
std::string element(std::string_view tag, std::string_view text);

/// "<a href="/docs">text</a>", both escaped.
std::string link_to(std::string_view target, std::string_view text);

}  // namespace vitrine::api
