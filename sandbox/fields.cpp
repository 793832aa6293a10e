#include "sandbox/fields.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.hpp"

#include "sandbox/lookup.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::int64_t most_cents = 1'000'000'000'000'000;

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

const Alias* find_alias(const Vocabulary& vocabulary, std::string_view name) {
    const auto found = std::ranges::find(vocabulary.aliases, name, &Alias::other);
    return found == vocabulary.aliases.end() ? nullptr : &*found;
}

/// Of -2^63 … 2^63 - 1; nullptr-like false for anything else.
bool is_whole(const Json& value, std::int64_t& whole) {
    if (value.is_number_unsigned()) {
        if (value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) return false;
    } else if (!value.is_number_integer()) {
        return false;
    }
    whole = value.get<std::int64_t>();
    return true;
}

}  // namespace

void use_attested_names(
    Json& object,
    const Vocabulary& vocabulary,
    bool strict,
    std::string_view prefix,
    FieldErrors& errors
) {
    bool renames = false;
    for (auto it = object.begin(); it != object.end(); ++it) {
        const bool attested = contains(vocabulary.attested, it.key());
        if (attested) continue;
        if (strict) {
            const auto field = std::string(prefix) + it.key();
            errors.push_back({field, "property " + field + " should not exist", "unknown_property"}
            );
        } else {
            renames = renames || find_alias(vocabulary, it.key());
        }
    }
    if (!renames) return;
    auto renamed = Json::object();
    for (auto it = object.begin(); it != object.end(); ++it) {
        const auto* alias = find_alias(vocabulary, it.key());
        if (!alias) {
            renamed[it.key()] = std::move(it.value());
        } else if (!object.contains(alias->attested)) {
            renamed[std::string(alias->attested)] = std::move(it.value());
        }
    }
    object = std::move(renamed);
}

Json* Checker::find(std::string_view name) {
    if (!object_.is_object()) return nullptr;
    for (auto it = object_.begin(); it != object_.end(); ++it) {
        if (it.key() == name) return it.value().is_null() ? nullptr : &it.value();
    }
    return nullptr;
}

void Checker::add(std::string_view name, std::string what, std::string code) {
    auto field = prefix_ + std::string(name);
    auto message = field + ' ' + std::move(what);
    errors_.push_back({std::move(field), std::move(message), std::move(code)});
}

void Checker::require(std::string_view name) {
    if (!find(name)) add(name, "is required", "required");
}

void Checker::text(std::string_view name, std::size_t shortest, std::size_t longest) {
    const auto* value = find(name);
    if (!value) return;
    if (!value->is_string()) return add(name, "must be a string", "type");
    const auto length = characters(value->get_ref<const std::string&>());
    if (length >= shortest && length <= longest) return;
    add(name,
        "must have " + std::to_string(shortest) + " to " + std::to_string(longest) + " characters",
        "length");
}

void Checker::slug(std::string_view name) {
    const auto* value = find(name);
    if (!value) return;
    if (value->is_string() && is_slug(value->get_ref<const std::string&>())) return;
    add(name, "must be 2 to 100 of a-z, 0-9 and -, without - at the ends", "format");
}

void Checker::one_of(std::string_view name, std::span<const std::string_view> values) {
    const auto* value = find(name);
    if (!value) return;
    if (value->is_string() && contains(values, value->get_ref<const std::string&>())) {
        return;
    }
    std::string list;
    for (const auto allowed : values) list.append(list.empty() ? "" : ", ").append(allowed);
    add(name, "must be one of: " + list, "enum");
}

void Checker::boolean(std::string_view name) {
    const auto* value = find(name);
    if (value && !value->is_boolean()) add(name, "must be true or false", "type");
}

void Checker::integer(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* value = find(name);
    if (!value) return;
    std::int64_t whole = 0;
    if (!is_whole(*value, whole)) return add(name, "must be an integer number", "type");
    if (whole < least || whole > most) add(name, "is out of range", "range");
}

void Checker::cents(std::string_view name) {
    const auto* value = find(name);
    if (!value) return;
    std::int64_t whole = 0;
    if (!is_whole(*value, whole)) return add(name, "must be an integer number of cents", "type");
    if (whole < 0 || whole > most_cents) add(name, "must not be less than 0 cents", "range");
}

void Checker::number(std::string_view name, double least, double most) {
    const auto* value = find(name);
    if (!value) return;
    if (!value->is_number()) return add(name, "must be a number", "type");
    const auto amount = value->get<double>();
    if (amount < least || amount > most) add(name, "is out of range", "range");
}

void Checker::object(std::string_view name) {
    auto* value = find(name);
    if (!value) return;
    if (is_empty_list(*value)) *value = Json::object();
    if (!value->is_object()) add(name, "must be an object", "type");
}

void Checker::list(std::string_view name) {
    const auto* value = find(name);
    if (value && !value->is_array()) add(name, "must be an array", "type");
}

}  // namespace vitrine::sandbox
