#include "sandbox/credentials.hpp"

#include <algorithm>

#include "core/uuid.hpp"

namespace vitrine::sandbox {
namespace {

bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_lower_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f');
}
bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

std::optional<std::string> take_mode(std::string_view& text) {
    if (take(text, "test_")) return "test";
    if (take(text, "live_")) return "live";
    return std::nullopt;
}

}  // namespace

std::optional<ApiKey> parse_api_key(std::string_view text) {
    using Scope = ApiKey::Scope;
    auto rest = text;
    const bool ours = take(rest, "clb_");
    auto scope = Scope::tenant;
    if (take(rest, "org_")) {
        scope = Scope::organization;
    } else if (take(rest, ours ? "multi_" : "ct_")) {
        scope = Scope::cross_tenant;
    } else if (!take(rest, "tenant_") && !ours) {
        return std::nullopt;
    }
    auto mode = take_mode(rest);
    if (!mode) return std::nullopt;
    const bool well_formed =
        ours ? rest.size() == 32 && std::ranges::all_of(rest, is_lower_hex)
             : !rest.empty() && rest.size() <= 128 && std::ranges::all_of(rest, is_word);
    if (!well_formed) return std::nullopt;
    return ApiKey{std::move(*mode), scope};
}

std::string_view scope_name(ApiKey::Scope scope) {
    switch (scope) {
        case ApiKey::Scope::tenant:
            return "tenant";
        case ApiKey::Scope::cross_tenant:
            return "cross_tenant";
        case ApiKey::Scope::organization:
            return "organization";
    }
    return {};
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    for (auto& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

bool is_tenant_id(std::string_view text) {
    const auto id = lower_case(text);
    if (id.size() == 24) return std::ranges::all_of(id, is_lower_hex);
    return is_uuid(id) && id[14] >= '1' && id[14] <= '5';
}

bool is_organization_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, is_word);
}

}  // namespace vitrine::sandbox
