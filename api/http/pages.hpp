#pragma once

#include <string>
#include <string_view>

#include "core/phrase.hpp"

// Pages for people about problems, made from their table. Each is complete in itself.
namespace vitrine::api {

/// The front door.
std::string root_page(Language language);
/// The same as JSON.
std::string root_document();

std::string problems_page(Language language);
/// Empty: no such problem type.
std::string problem_page(std::string_view name, Language language);

}  // namespace vitrine::api
