#include "commands/tenants/branding.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/web_address.hpp"

namespace vitrine::commands {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 16> names_of_addresses = {
    "url",
    "uri",
    "href",
    "link",
    "logo",
    "favicon",
    "icon",
    "image",
    "banner",
    "avatar",
    "cover",
    "thumbnail",
    "website",
    "homepage",
    "photo",
    "picture"
};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) { return lower(c); });
    return text;
}

/// "url" of "site_url", "siteUrl", "site-url" and "url".
std::string last_word(std::string_view name) {
    auto start = name.size();
    while (start > 0 && is_letter(name[start - 1])) {
        --start;
        const bool is_capital = lower(name[start]) != name[start];
        if (is_capital && start > 0 && lower(name[start - 1]) == name[start - 1]) break;
    }
    return lower(std::string(name.substr(start)));
}

bool names_an_address(std::string_view name) {
    return std::ranges::find(names_of_addresses, last_word(name)) != names_of_addresses.end();
}

/// "http://…", "//…", "javascript:…": what a browser would follow.
bool begins_as_address(std::string_view text) {
    const auto end = std::ranges::find_if_not(text, [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '.' || c == '-';
    });
    const auto size = static_cast<std::size_t>(end - text.begin());
    const auto scheme = lower(std::string(text.substr(0, size)));
    const auto rest = text.substr(size);
    if (rest.starts_with("//") && size == 0) return true;
    return rest.starts_with("://") ||
           (rest.starts_with(':') &&
            (scheme == "javascript" || scheme == "data" || scheme == "vbscript"));
}

/// The path of the first member that should be an https URL and is not.
std::optional<std::string> wrong_member(
    const Json& value, const std::string& path, bool is_address
) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const bool is_wrong = (is_address || begins_as_address(text)) && !is_https_url(text);
        return is_wrong ? std::optional(path) : std::nullopt;
    }
    if (!value.is_structured()) return std::nullopt;
    for (const auto& [name, member] : value.items()) {
        const bool inside = value.is_array() ? is_address : names_an_address(name);
        if (auto wrong = wrong_member(member, path + '/' + name, inside)) return wrong;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> branding_fault(std::string_view json) {
    const auto branding = Json::parse(json, nullptr, false);
    if (!branding.is_object()) return "the branding is a JSON object";
    const auto wrong = wrong_member(branding, "", false);
    if (!wrong) return std::nullopt;
    return "in the branding, " + *wrong + " is no https URL such as https://loja.example/logo.svg";
}

}  // namespace vitrine::commands
