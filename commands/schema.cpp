#include "commands/schema.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "core/nearest.hpp"

namespace vitrine::commands {
namespace {

using Json = nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

/// How the library words a fault, and what we call it.
struct Wording {
    std::string_view prefix;
    std::string_view code;
    std::string_view detail;  // empty: the library's own words
};

constexpr Wording wordings[] = {
    {"Value type not permitted", "type", "has the wrong type"},
    {"String should be no more than", "max_length", ""},
    {"String should be no fewer than", "min_length", ""},
    {"Expected number less than", "maximum", ""},
    {"Expected number greater than", "minimum", ""},
    {"Array should contain no more", "max_items", ""},
    {"Array should contain no fewer", "min_items", ""},
    {"Object should have no more", "max_properties", ""},
    {"Object should have no fewer", "min_properties", ""},
    {"Failed to match against any enum", "enum", "is none of the allowed values"},
    {"Failed to match regex", "pattern", "does not have the required form"},
    {"Elements at indexes", "unique", ""},
    {"Target should not validate", "unknown_member", "is not a member of this command"},
};

/// Lines that only repeat, one level up, what another line says.
bool is_summary(std::string_view description) {
    return description.starts_with("Failed to validate");
}

std::string escape_pointer(std::string_view name) {
    std::string escaped;
    for (const char c : name) {
        if (c == '~') {
            escaped += "~0";
        } else if (c == '/') {
            escaped += "~1";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

/// {"<root>", "[products]", "[0]"} -> "/products/0"
std::string pointer_of(const std::vector<std::string>& context) {
    std::string pointer;
    for (const std::string_view part : context) {
        if (!part.starts_with('[')) continue;
        pointer += '/' + escape_pointer(part.substr(1, part.size() - 2));
    }
    return pointer;
}

/// The schema that applies at `context`; nullptr where the walk through properties and items ends.
const Json* schema_at(const Json& root, const std::vector<std::string>& context) {
    const Json* node = &root;
    for (const std::string_view part : context) {
        if (!part.starts_with('[')) continue;
        const std::string name(part.substr(1, part.size() - 2));
        if (node->contains("items")) {
            node = &node->at("items");
        } else if (node->contains("properties") && node->at("properties").contains(name)) {
            node = &node->at("properties").at(name);
        } else {
            return nullptr;
        }
    }
    return node;
}

/// What a limit of the schema says, in words: {"minimum", "must be at least ", ""}.
struct Limit {
    std::string_view code;
    const char* keyword;
    std::string_view before, unit;
};

constexpr Limit limits[] = {
    {"max_length", "maxLength", "must have at most ", " character"},
    {"min_length", "minLength", "must have at least ", " character"},
    {"maximum", "maximum", "must be at most ", ""},
    {"minimum", "minimum", "must be at least ", ""},
    {"max_items", "maxItems", "must have at most ", " item"},
    {"min_items", "minItems", "must have at least ", " item"},
    {"min_properties", "minProperties", "must have at least ", " member"},
};

std::string explain(const Limit& limit, const Json& value) {
    std::string words(limit.before);
    words.append(value.dump()).append(limit.unit);
    if (!limit.unit.empty() && value != 1) words += 's';
    return words;
}

/// "BRL, USD or EUR"
std::string one_of(const Json& allowed) {
    std::string list;
    for (std::size_t i = 0; i < allowed.size(); ++i) {
        if (i != 0) list += i + 1 == allowed.size() ? " or " : ", ";
        list += allowed[i].is_string() ? allowed[i].get<std::string>() : allowed[i].dump();
    }
    return list;
}

struct TypeName {
    std::string_view type, words;
};

constexpr TypeName type_names[] = {
    {"string", "a string"},
    {"integer", "an integer"},
    {"number", "a number"},
    {"boolean", "true or false"},
    {"object", "an object"},
    {"array", "an array"},
    {"null", "null"},
};

/// "string" -> "a string"; ["integer", "null"] -> "an integer or null"
std::string name_types(const Json& types) {
    if (types.is_string()) {
        const auto* known =
            std::ranges::find(type_names, types.get<std::string>(), &TypeName::type);
        return std::string(known->words);
    }
    std::string names;
    for (const auto& type : types) names += (names.empty() ? "" : " or ") + name_types(type);
    return names;
}

/// The member that was likely meant by the foreign one that `context` leads to.
std::string meant_member(const Json& root, std::vector<std::string> context) {
    const std::string name = context.back().substr(1, context.back().size() - 2);
    context.pop_back();
    const auto* parent = schema_at(root, context);
    if (parent == nullptr || !parent->contains("properties")) return {};
    std::vector<std::string> known;
    for (const auto& member : parent->at("properties").items()) known.push_back(member.key());
    return meant(name, known);
}

std::string explain(const Wording& wording, const std::string& description, const Json* schema) {
    const auto* limit = std::ranges::find(limits, wording.code, &Limit::code);
    if (limit != std::end(limits) && schema != nullptr && schema->contains(limit->keyword)) {
        return explain(*limit, schema->at(limit->keyword));
    }
    if (wording.code == "enum" && schema != nullptr && schema->contains("enum")) {
        return "must be " + one_of(schema->at("enum"));
    }
    if (wording.code == "type" && schema != nullptr && schema->contains("type")) {
        return "must be " + name_types(schema->at("type"));
    }
    if (wording.code == "pattern" && schema != nullptr && schema->contains("description")) {
        return "must be: " + schema->at("description").get<std::string>();
    }
    return wording.detail.empty() ? description : std::string(wording.detail);
}

Fault to_fault(const valijson::ValidationResults::Error& error, const Json& root) {
    const auto pointer = pointer_of(error.context);
    constexpr std::string_view missing = "Missing required property '";
    const std::string_view description = error.description;
    if (description.starts_with(missing)) {
        const auto name =
            description.substr(missing.size(), description.rfind('\'') - missing.size());
        return {pointer + '/' + escape_pointer(name), "required", "is required"};
    }
    const auto* known = std::ranges::find_if(wordings, [&](const Wording& wording) {
        return description.starts_with(wording.prefix);
    });
    if (known == std::end(wordings)) return {pointer, "invalid", error.description};
    auto detail = explain(*known, error.description, schema_at(root, error.context));
    if (known->code == "unknown_member") detail += meant_member(root, error.context);
    return {pointer, std::string(known->code), std::move(detail)};
}

/// "additionalProperties": false names only the first foreign member; {"not": {}} means the same
/// and names all.
void name_every_foreign_member(Json& node) {
    if (node.is_object() && node.value("additionalProperties", Json(true)) == Json(false)) {
        node["additionalProperties"] = Json{{"not", Json::object()}};
    }
    if (node.is_structured()) {
        for (auto& child : node) name_every_foreign_member(child);
    }
}

/// Integers beyond 64 bits come out of the parser rounded: kept as given, they cannot be.
void find_rounded_numbers(
    const Json& node, const std::string& pointer, std::vector<Fault>& faults
) {
    constexpr double beyond_64_bits = 18446744073709551616.0;
    if (node.is_number_float() && std::abs(node.get<double>()) >= beyond_64_bits) {
        const auto known = std::ranges::find(faults, pointer, &Fault::pointer);
        if (known == faults.end())
            faults.push_back(
                {pointer, "number_too_large", "cannot be kept exactly; send it as a text"}
            );
    }
    if (node.is_object()) {
        for (const auto& member : node.items())
            find_rounded_numbers(
                member.value(), pointer + '/' + escape_pointer(member.key()), faults
            );
    } else if (node.is_array()) {
        for (std::size_t i = 0; i < node.size(); ++i)
            find_rounded_numbers(node[i], pointer + '/' + std::to_string(i), faults);
    }
}

}  // namespace

struct Schema::Impl {
    Json json;
    valijson::Schema schema;
    valijson::Validator validator{valijson::Validator::kStrongTypes};
};

Schema::Schema(std::string_view json) : impl_(std::make_unique<Impl>()) {
    impl_->json = Json::parse(json);
    name_every_foreign_member(impl_->json);
    valijson::SchemaParser parser;
    parser.populateSchema(NlohmannJsonAdapter(impl_->json), impl_->schema);
}

Schema::Schema(Schema&&) noexcept = default;
Schema::~Schema() = default;

std::vector<Fault> Schema::validate(const JsonText& text) const {
    const auto json = Json::parse(text.text);
    const NlohmannJsonAdapter target(json);
    std::vector<Fault> faults;
    if (impl_->validator.validate(impl_->schema, target, nullptr)) {
        find_rounded_numbers(json, "", faults);
        return faults;
    }
    valijson::ValidationResults results;
    impl_->validator.validate(impl_->schema, target, &results);
    for (const auto& error : results) {
        if (is_summary(error.description) &&
            !error.description.starts_with("Failed to validate against any"))
            continue;
        auto fault = to_fault(error, impl_->json);
        if (std::ranges::find(faults, fault) == faults.end()) faults.push_back(std::move(fault));
    }
    if (faults.empty()) faults.push_back({"", "invalid", "breaks the command's schema"});
    find_rounded_numbers(json, "", faults);
    return faults;
}

}  // namespace vitrine::commands
