#pragma once

#include <string>
#include <string_view>

#include "core/phrase.hpp"

// Pages for people, made from the tables of routes and problems. Each is complete in itself.
namespace vitrine::api {

/// The front door.
std::string root_page(Language language);
/// The same as JSON.
std::string root_document();

std::string docs_page();
std::string problems_page(Language language);
/// Empty: no such problem type.
std::string problem_page(std::string_view name, Language language);

}  // namespace vitrine::api
