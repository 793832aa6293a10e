#include "commands/webhooks/members.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/money.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

constexpr std::int64_t most_cents = 1'000'000'000'000;
constexpr double exact_integers = 9007199254740992.0;  // a double tells all up to here apart

std::optional<std::int64_t> as_integer(const Json& value) {
    if (value.is_number_unsigned() && value > std::uint64_t{INT64_MAX}) return std::nullopt;
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (!value.is_number_float()) return std::nullopt;
    const auto number = value.get<double>();
    if (std::trunc(number) != number || std::abs(number) > exact_integers) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

/// A text of digits; one beyond 64 bits is the largest of them.
std::optional<std::int64_t> digits_in(const Json& value) {
    if (!value.is_string()) return std::nullopt;
    const auto text = without_unseen_ends(value.get_ref<const std::string&>());
    const auto* end = text.data() + text.size();
    std::int64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (rest != end) return std::nullopt;
    if (error == std::errc::result_out_of_range)
        return text.starts_with('-') ? std::numeric_limits<std::int64_t>::min()
                                     : std::numeric_limits<std::int64_t>::max();
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

/// Whole numbers that are too large for as_integer, too.
bool is_whole_number(const Json& value) {
    if (value.is_number_integer()) return true;
    return value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>();
}

/// The library takes unsigned ones beyond 63 bits for negative.
bool is_below_zero(const Json& number) {
    return !number.is_number_unsigned() && number < 0;
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
        if (const auto text = without_unseen_ends(found->get_ref<const std::string&>());
            !text.empty())
            return std::string(text);
    }
    return std::nullopt;
}

std::optional<std::string> as_text(const Json& value) {
    if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
    if (const auto number = as_integer(value)) return std::to_string(*number);
    if (!value.is_string()) return std::nullopt;
    const auto text = without_unseen_ends(value.get_ref<const std::string&>());
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

std::optional<std::string> id_in(const Json& json, Names names) {
    for (const char* name : names) {
        const auto* found = any_member(json, {name});
        if (found == nullptr) continue;
        if (auto id = as_text(*found); id && is_plain_id(*id)) return id;
    }
    return std::nullopt;
}

std::expected<std::int64_t, Term> as_cents(const Json& value) {
    constexpr Term none{
        "the amount is not integer cents", "o valor não é um número inteiro de centavos"
    };
    constexpr Term negative{"the amount is below zero", "o valor é menor que zero"};
    constexpr Term too_large{"the amount is above 10^12 cents", "o valor passa de 10^12 centavos"};
    auto cents = as_integer(value);
    if (!cents) cents = digits_in(value);
    const bool is_beyond = !cents && is_whole_number(value);
    if (!cents && !is_beyond) return std::unexpected(none);
    if (cents ? *cents < 0 : is_below_zero(value)) return std::unexpected(negative);
    if (is_beyond || *cents > most_cents) return std::unexpected(too_large);
    return *cents;
}

std::optional<std::string> as_currency(const Json& value) {
    if (!value.is_string()) return std::nullopt;
    std::string code(without_unseen_ends(value.get_ref<const std::string&>()));
    for (char& c : code) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c < 'A' || c > 'Z') return std::nullopt;
    }
    if (!Currency::find(code)) return std::nullopt;
    return code;
}

}  // namespace vitrine::commands
