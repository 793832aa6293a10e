#include "commands/tenants/branding.hpp"

#include <algorithm>
#include <array>

#include "commands/json.hpp"
#include "core/web_address.hpp"

namespace vitrine::commands {
namespace {

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

constexpr const char* must_be_object = "the branding must be a JSON object";

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

/// Browsers leave out what is before the scheme, and line breaks and tabs within it.
std::string as_browsers_read(std::string_view text) {
    std::string read;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_left_out = read.empty() ? byte <= ' ' : c == '\t' || c == '\n' || c == '\r';
        if (!is_left_out) read += c == '\\' ? '/' : lower(c);
    }
    return read;
}

/// "http://…", "//…", "javascript:…": what a browser would follow.
bool begins_as_address(std::string_view given) {
    const auto text = as_browsers_read(given);
    const auto end = std::ranges::find_if_not(text, [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '.' || c == '-';
    });
    const auto size = static_cast<std::size_t>(end - text.begin());
    const auto scheme = std::string_view(text).substr(0, size);
    const auto rest = std::string_view(text).substr(size);
    if (rest.starts_with("//") && size == 0) return true;
    return rest.starts_with("://") ||
           (rest.starts_with(':') &&
            (scheme == "javascript" || scheme == "data" || scheme == "vbscript"));
}

/// The pointer of each member that should be an https URL and is not.
void find_wrong(
    const Json& value, const std::string& pointer, bool is_address, std::vector<std::string>& wrong
) {
    if (value.is_structured()) {
        for (const auto& [name, member] : value.items()) {
            const bool inside = value.is_array() ? is_address : names_an_address(name);
            find_wrong(member, pointer + '/' + escape_pointer(name), inside, wrong);
        }
    } else if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if ((is_address || begins_as_address(text)) && !is_https_url(text))
            wrong.push_back(pointer);
    } else if (is_address && !value.is_null()) {
        wrong.push_back(pointer);
    }
}

std::string told(const Fault& fault) {
    const auto& detail = fault.detail.english();
    if (!fault.pointer.empty()) return "in the branding, " + fault.pointer + " " + detail;
    if (fault.code == "not_an_object") return must_be_object;
    return std::string(must_be_object) + (fault.code == "not_json" ? ": it " : ": ") + detail;
}

}  // namespace

std::expected<JsonText, std::vector<std::string>> read_branding(std::string_view json) {
    std::vector<std::string> faults;
    // What is absent in a request's body is no branding.
    if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        faults.push_back(std::string(must_be_object) + ": it is empty");
        return std::unexpected(std::move(faults));
    }
    const auto branding = read_body(json);
    if (!branding) {
        faults.push_back(told(branding.error()));
        return std::unexpected(std::move(faults));
    }
    for (const auto& number : branding->inexact_numbers) faults.push_back(told(number));
    std::vector<std::string> wrong;
    find_wrong(branding->json, "", false, wrong);
    for (const auto& pointer : wrong) {
        faults.push_back(
            "in the branding, " + pointer + " is no https URL such as https://loja.example/logo.svg"
        );
    }
    if (!faults.empty()) return std::unexpected(std::move(faults));
    return JsonText(branding->json.dump());
}

}  // namespace vitrine::commands
