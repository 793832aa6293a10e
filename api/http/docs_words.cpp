#include "api/http/docs_words.hpp"

#include <nlohmann/json.hpp>

#include "api/http/examples.hpp"

namespace vitrine::api {
namespace {

/// What several areas say, then what each does.
nlohmann::json all_words() {
    constexpr char text[] = {
#embed "docs/portuguese.json"
    };
    auto json = nlohmann::json::parse(text, text + sizeof text);
    json.update(nlohmann::json(portuguese()));
    return json;
}

const nlohmann::json& words() {
    static const auto json = all_words();
    return json;
}

}  // namespace

std::string help_in(Language language, std::string_view english) {
    return language == Language::portuguese
               ? words().value(std::string(english), std::string(english))
               : std::string(english);
}

bool is_translated(std::string_view english) {
    return english.empty() || words().contains(std::string(english));
}

}  // namespace vitrine::api
