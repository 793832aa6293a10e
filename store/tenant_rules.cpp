#include "store/tenant_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/locale_name.hpp"
#include "core/printable.hpp"
#include "core/text.hpp"
#include "core/web_address.hpp"

namespace vitrine::store {
namespace {

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_tenant_id(std::string_view id) {
    return !id.empty() && id.size() <= 63 && is_lower_or_digit(id.front()) &&
           std::ranges::all_of(id, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

constexpr std::size_t longest_label = 100;
constexpr std::size_t longest_text = 255;
constexpr std::size_t longest_branding = 4096;

}  // namespace

std::vector<MemberFault> tenant_faults(const Tenant& tenant) {
    std::vector<MemberFault> faults;
    const auto require = [&faults](bool fits, std::string_view member, std::string detail) {
        if (!fits) faults.push_back({{member}, std::move(detail)});
    };
    require(
        is_tenant_id(tenant.id.view()),
        "tenant",
        "a tenant's name is 1 to 63 of a-z, 0-9 and -, and does not begin with -"
    );
    require(
        tenant.environment == "test" || tenant.environment == "live",
        "environment",
        "the environment is test or live"
    );
    require(
        is_line(tenant.name, longest_text) &&
            (tenant.name.empty() || !without_unseen_ends(tenant.name).empty()),
        "name",
        "a tenant's name for people is one line of UTF-8, at most 255 bytes, and not only blanks"
    );
    require(
        tenant.domain.empty() || is_host_name(tenant.domain),
        "domain",
        "the domain is a host name such as loja.example"
    );
    require(
        locale_name(tenant.locale).has_value(),
        "locale",
        "the locale is one that is known, such as pt_BR"
    );
    require(
        tenant.branding.text.size() <= longest_branding,
        "branding",
        "the branding is a JSON object of at most 4096 bytes"
    );
    return faults;
}

std::vector<MemberFault> faults_of_change(const Tenant& before, const Tenant& tenant) {
    const auto is_changed = [&](std::string_view member) {
        if (member == "environment") return tenant.environment != before.environment;
        if (member == "name") return tenant.name != before.name;
        if (member == "domain") return tenant.domain != before.domain;
        if (member == "locale") return tenant.locale != before.locale;
        return tenant.branding != before.branding;
    };
    auto faults = tenant_faults(tenant);
    std::erase_if(faults, [&](const MemberFault& fault) {
        return std::ranges::none_of(fault.members, is_changed);
    });
    return faults;
}

std::optional<std::string> sentence_of(const std::vector<MemberFault>& faults) {
    std::string sentence;
    for (const auto& fault : faults) sentence += (sentence.empty() ? "" : "; ") + fault.detail;
    return sentence.empty() ? std::nullopt : std::optional(sentence);
}

std::optional<std::string> fault_of(const KeyRequest& request, Timestamp now) {
    if (request.label.size() > longest_label || !is_utf8(request.label) ||
        printable_line(request.label) != request.label ||
        (!request.label.empty() && without_unseen_ends(request.label).empty())) {
        return "a key's label is one line of at most 100 bytes that can be printed and seen";
    }
    if (request.expires_at && *request.expires_at <= now) {
        return "the key would have expired already at " + format_time(*request.expires_at);
    }
    return std::nullopt;
}

}  // namespace vitrine::store
