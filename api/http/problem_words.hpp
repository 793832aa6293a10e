#pragma once

#include <optional>
#include <string_view>

namespace vitrine::api {

/// The languages of pages for people.
enum class Language { english, portuguese };

/// What a problem's page says.
struct ProblemWords {
    std::string_view name;   // of commands::problem_types()
    std::string_view title;  // what has happened
    std::string_view help;   // what to do about it
};

/// In Portuguese; the English ones stand in commands::problem_types(). nullopt: no such problem.
std::optional<ProblemWords> problem_in_portuguese(std::string_view name);

/// The better liked of the two by Accept-Language; English where it names neither.
Language preferred_language(std::optional<std::string_view> accept_language);

}  // namespace vitrine::api
