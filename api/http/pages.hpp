#pragma once

#include <string>
#include <string_view>

// Pages for people, made from the tables of routes and problems. Each is complete in itself.
namespace vitrine::api {

std::string docs_page();
std::string problems_page();
/// Empty: no such problem type.
std::string problem_page(std::string_view name);

}  // namespace vitrine::api
