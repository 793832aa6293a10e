#include "sandbox/json.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace vitrine::sandbox {
namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t most_members = 4096;

/// Counts brackets and commas outside of strings; whether they match is left to the parser.
const char* excess(std::string_view text) {
    std::array<std::size_t, deepest + 1> commas{};
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest) return "JSON is nested too deeply";
            // Lists may be as long as they like: only objects are searched member by member.
            commas[depth] = c == '{' ? 0 : static_cast<std::size_t>(-1) / 2;
        } else if (c == '}' || c == ']') {
            if (depth > 0) --depth;
        } else if (c == ',' && ++commas[depth] == most_members) {
            return "JSON object has too many members";
        }
    }
    return nullptr;
}

}  // namespace

std::expected<Json, std::string> parse_json(std::string_view text) {
    if (const char* problem = excess(text)) return std::unexpected(problem);
    auto value = Json::parse(text, nullptr, false);
    if (value.is_discarded()) return std::unexpected("Body is not valid JSON");
    return value;
}

std::string json_string(std::string_view text) {
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view text_of(const Json& object, std::string_view name) {
    const auto* found = member(object, name);
    if (!found || !found->is_string()) return {};
    return found->get_ref<const std::string&>();
}

const Json* member(const Json& object, std::string_view name) {
    if (!object.is_object()) return nullptr;
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it.key() == name) return &it.value();
    }
    return nullptr;
}

bool is_empty_list(const Json& value) {
    return value.is_array() && value.empty();
}

}  // namespace vitrine::sandbox
