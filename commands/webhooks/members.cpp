#include "commands/webhooks/members.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/money.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

constexpr std::size_t longest_id = 200;
constexpr std::int64_t most_cents = 1'000'000'000'000;
constexpr double exact_integers = 9007199254740992.0;  // a double tells all up to here apart

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<std::int64_t> as_integer(const Json& value) {
    if (value.is_number_unsigned() && value > std::uint64_t{INT64_MAX}) return std::nullopt;
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (!value.is_number_float()) return std::nullopt;
    const auto number = value.get<double>();
    if (std::trunc(number) != number || std::abs(number) > exact_integers) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

std::optional<std::int64_t> digits_in(const Json& value) {
    if (!value.is_string()) return std::nullopt;
    const auto text = trimmed(value.get_ref<const std::string&>());
    std::int64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

const Json* any_member(const Json& json, Names names) {
    if (!json.is_object()) return nullptr;
    for (const char* name : names) {
        if (const auto found = json.find(name); found != json.end() && !found->is_null())
            return &*found;
    }
    return nullptr;
}

const Json& part(const Json& json, const char* name) {
    static const Json nothing = Json::object();
    const auto* found = any_member(json, {name});
    return found == nullptr ? nothing : *found;
}

std::optional<std::string> any_text(const Json& json, Names names) {
    for (const char* name : names) {
        const auto* found = any_member(json, {name});
        if (found == nullptr || !found->is_string()) continue;
        if (const auto text = trimmed(found->get_ref<const std::string&>()); !text.empty())
            return std::string(text);
    }
    return std::nullopt;
}

std::optional<std::string> as_text(const Json& value) {
    if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
    if (const auto number = as_integer(value)) return std::to_string(*number);
    if (!value.is_string()) return std::nullopt;
    const auto text = trimmed(value.get_ref<const std::string&>());
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

bool is_plain_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_id &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

std::optional<std::string> id_in(const Json& json, Names names) {
    for (const char* name : names) {
        const auto* found = any_member(json, {name});
        if (found == nullptr) continue;
        if (auto id = as_text(*found); id && is_plain_id(*id)) return id;
    }
    return std::nullopt;
}

std::optional<std::int64_t> as_cents(const Json& value) {
    auto cents = as_integer(value);
    if (!cents) cents = digits_in(value);
    if (!cents || *cents < 0 || *cents > most_cents) return std::nullopt;
    return cents;
}

std::optional<std::string> as_currency(const Json& value) {
    if (!value.is_string()) return std::nullopt;
    std::string code(trimmed(value.get_ref<const std::string&>()));
    for (char& c : code) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c < 'A' || c > 'Z') return std::nullopt;
    }
    if (!Currency::find(code)) return std::nullopt;
    return code;
}

std::string digest_of(std::string_view text) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    return to_hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

}  // namespace vitrine::commands
