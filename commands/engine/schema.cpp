#include "commands/engine/schema.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>

#include "commands/form_words.hpp"
#include "commands/json.hpp"
#include "core/nearest.hpp"

namespace vitrine::commands {
namespace {

/// What validation heeds, and what only describes.
constexpr std::array<std::string_view, 28> keywords{"type",          "const",
                                                    "enum",          "minLength",
                                                    "maxLength",     "pattern",
                                                    "minimum",       "maximum",
                                                    "items",         "minItems",
                                                    "maxItems",      "properties",
                                                    "required",      "additionalProperties",
                                                    "minProperties", "anyOf",
                                                    "not",           "if",
                                                    "then",          "else",
                                                    "$id",           "title",
                                                    "description",   "default",
                                                    "examples",      "deprecated",
                                                    "$comment",      "format"};

/// Code points; the text is UTF-8.
std::wstring wide(std::string_view utf8) {
    std::wstring text;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        wchar_t point = more == 0 ? lead : lead & (0x3f >> more);
        ++i;
        for (int k = 0; k < more && i < utf8.size(); ++k, ++i)
            point = (point << 6) | (static_cast<unsigned char>(utf8[i]) & 0x3f);
        text += point;
    }
    return text;
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

/// Holds what 64 bits and a double hold.
long double number_in(const Json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (value.is_number_integer()) return value.get<std::int64_t>();
    return value.get<double>();
}

struct TypeName {
    std::string_view type;
    Term words;
    bool (*fits)(const Json&);
};

bool is_whole(const Json& value) {
    if (!value.is_number_float()) return value.is_number_integer();
    return std::trunc(value.get<double>()) == value.get<double>();
}

constexpr TypeName types[] = {
    {"string", {"a string", "um texto"}, [](const Json& value) { return value.is_string(); }},
    {"integer", {"an integer", "um número inteiro"}, is_whole},
    {"number", {"a number", "um número"}, [](const Json& value) { return value.is_number(); }},
    {"boolean",
     {"true or false", "true ou false"},
     [](const Json& value) { return value.is_boolean(); }},
    {"object", {"an object", "um objeto"}, [](const Json& value) { return value.is_object(); }},
    {"array", {"an array", "uma lista"}, [](const Json& value) { return value.is_array(); }},
    {"null", {"null", "null"}, [](const Json& value) { return value.is_null(); }},
};

const TypeName& type_named(const Json& name) {
    const auto& text = name.get_ref<const std::string&>();
    const auto* found = std::ranges::find(types, text, &TypeName::type);
    if (found == std::end(types)) throw std::runtime_error("a schema has an unknown type");
    return *found;
}

/// Calls with each type that a schema allows: "string", or ["integer", "null"].
template <class Use>
void each_type(const Json& names, Use use) {
    if (names.is_string()) return use(type_named(names));
    for (const auto& name : names) use(type_named(name));
}

constexpr Term or_else{" or ", " ou "};

/// "an integer or null", of the types that a schema allows.
Phrase words_of(const Json& names) {
    Phrase words;
    each_type(names, [&words](const TypeName& one) {
        if (!words.empty()) words += or_else;
        words += one.words;
    });
    return words;
}

/// "BRL, USD or EUR"
Phrase one_of(const Json& allowed) {
    Phrase list;
    for (std::size_t i = 0; i < allowed.size(); ++i) {
        if (i != 0) list += i + 1 == allowed.size() ? Phrase(or_else) : Phrase::as_is(", ");
        list += Phrase::as_is(
            allowed[i].is_string() ? allowed[i].get<std::string>() : allowed[i].dump()
        );
    }
    return list;
}

/// A limit of a schema, and what its fault is called and says.
struct Limit {
    const char* keyword;
    std::string_view code;
    Term before, one, many;
};

constexpr Term at_least{"must have at least", "deve ter no mínimo"};
constexpr Term at_most{"must have at most", "deve ter no máximo"};
constexpr Term a_character{"character", "caractere"}, many_characters{"characters", "caracteres"};
constexpr Term an_item{"item", "item"}, many_items{"items", "itens"};
constexpr Term a_member{"member", "membro"}, many_members{"members", "membros"};

constexpr Limit longest{"maxLength", "max_length", at_most, a_character, many_characters};
constexpr Limit shortest{"minLength", "min_length", at_least, a_character, many_characters};
constexpr Limit largest{"maximum", "maximum", {"must be at most", "deve ser no máximo"}, {}, {}};
constexpr Limit smallest{"minimum", "minimum", {"must be at least", "deve ser no mínimo"}, {}, {}};
constexpr Limit most_items{"maxItems", "max_items", at_most, an_item, many_items};
constexpr Limit fewest_items{"minItems", "min_items", at_least, an_item, many_items};
constexpr Limit fewest_members{"minProperties", "min_properties", at_least, a_member, many_members};

Phrase explain(const Limit& limit, const Json& value) {
    auto words = phrase("{} {}", "{} {}", limit.before, value.dump());
    const auto& unit = value == 1 ? limit.one : limit.many;
    return unit.english.empty() ? words : phrase("{} {}", "{} {}", words, unit);
}

/// The one member that `{"required": [name]}` asks for, perhaps of an object; empty: the schema
/// says something else.
std::string only_required(const Json& schema) {
    const std::size_t size = schema.value("type", "") == "object" ? 2 : 1;
    if (schema.size() != size || !schema.contains("required")) return {};
    const auto& names = schema.at("required");
    return names.size() == 1 ? names.front().get<std::string>() : std::string();
}

/// The members that the alternatives ask for, one each; empty: they say something else.
std::vector<std::string> alternatives_required(const Json& alternatives) {
    std::vector<std::string> names;
    for (const auto& one : alternatives) {
        names.push_back(only_required(one));
        if (names.back().empty()) return {};
    }
    return names;
}

std::vector<std::string> names_in(const Json& object) {
    std::vector<std::string> names;
    for (const auto& member : object.items()) names.push_back(member.key());
    return names;
}

}  // namespace

struct Schema::Impl {
    Json json;
    std::map<std::string, std::wregex> patterns;

    /// Makes ready what the schema and those within it need.
    void prepare(const Json& schema);

    void check(
        const Json& schema, const Json& value, const std::string& at, std::vector<Fault>& faults
    ) const;

private:
    bool accepts(const Json& schema, const Json& value) const {
        std::vector<Fault> faults;
        check(schema, value, "", faults);
        return faults.empty();
    }
    void check_text(const Json&, const Json&, const std::string&, std::vector<Fault>&) const;
    void check_number(const Json&, const Json&, const std::string&, std::vector<Fault>&) const;
    void check_array(const Json&, const Json&, const std::string&, std::vector<Fault>&) const;
    void check_object(const Json&, const Json&, const std::string&, std::vector<Fault>&) const;
    void check_whole(const Json&, const Json&, const std::string&, std::vector<Fault>&) const;
};

void Schema::Impl::prepare(const Json& schema) {
    for (const auto& [keyword, value] : schema.items()) {
        if (std::ranges::find(keywords, keyword) == keywords.end())
            throw std::runtime_error("a schema has the unknown keyword " + keyword);
        if (keyword == "type") each_type(value, [](const TypeName&) {});
        // Only says what deciders read as a time; another would promise what nobody heeds.
        if (keyword == "format" && value != "date-time")
            throw std::runtime_error("a schema has the unknown format " + value.dump());
        if (keyword == "pattern") {
            const auto text = value.get<std::string>();
            patterns.emplace(text, std::wregex(wide(text)));
        }
        if (keyword == "properties" || keyword == "anyOf") {
            for (const auto& within : value) prepare(within);
        }
        if (keyword == "items" || keyword == "not" || keyword == "if" || keyword == "then" ||
            keyword == "else") {
            prepare(value);
        }
        if (keyword == "additionalProperties" && value != false)
            throw std::runtime_error("additionalProperties is false or absent");
    }
}

void Schema::Impl::check(
    const Json& schema, const Json& value, const std::string& at, std::vector<Fault>& faults
) const {
    if (const auto type = schema.find("type"); type != schema.end()) {
        bool fits = false;
        each_type(*type, [&](const TypeName& one) { fits |= one.fits(value); });
        if (!fits) {
            faults.push_back({at, "type", phrase("must be {}", "deve ser {}", words_of(*type))});
            return;
        }
    }
    if (const auto allowed = schema.find("enum");
        allowed != schema.end() && std::ranges::find(*allowed, value) == allowed->end()) {
        faults.push_back({at, "enum", phrase("must be {}", "deve ser {}", one_of(*allowed))});
    }
    if (const auto only = schema.find("const"); only != schema.end() && *only != value) {
        faults.push_back({at, "const", phrase("must be {}", "deve ser {}", only->dump())});
    }
    if (value.is_string()) check_text(schema, value, at, faults);
    if (value.is_number()) check_number(schema, value, at, faults);
    if (value.is_array()) check_array(schema, value, at, faults);
    if (value.is_object()) check_object(schema, value, at, faults);
    check_whole(schema, value, at, faults);
}

void Schema::Impl::check_text(
    const Json& schema, const Json& value, const std::string& at, std::vector<Fault>& faults
) const {
    const auto& text = value.get_ref<const std::string&>();
    const auto size = characters(text);
    const auto before = faults.size();
    const auto find = [&](const Limit& limit) { return schema.find(limit.keyword); };
    if (const auto most = find(longest); most != schema.end() && size > most->get<std::size_t>())
        faults.push_back({at, std::string(longest.code), explain(longest, *most)});
    if (const auto least = find(shortest);
        least != schema.end() && size < least->get<std::size_t>())
        faults.push_back({at, std::string(shortest.code), explain(shortest, *least)});
    // A text of the wrong length is not looked into: matching takes stack by its length.
    const auto pattern = schema.find("pattern");
    if (pattern == schema.end() || faults.size() != before) return;
    if (std::regex_search(wide(text), patterns.at(pattern->get<std::string>()))) return;
    faults.push_back(
        {at,
         "pattern",
         phrase("must be: {}", "deve ser: {}", form_words(schema.value("description", "")))}
    );
}

void Schema::Impl::check_number(
    const Json& schema, const Json& value, const std::string& at, std::vector<Fault>& faults
) const {
    const auto number = number_in(value);
    if (const auto most = schema.find(largest.keyword);
        most != schema.end() && number > number_in(*most)) {
        faults.push_back({at, std::string(largest.code), explain(largest, *most)});
    }
    if (const auto least = schema.find(smallest.keyword);
        least != schema.end() && number < number_in(*least)) {
        faults.push_back({at, std::string(smallest.code), explain(smallest, *least)});
    }
}

void Schema::Impl::check_array(
    const Json& schema, const Json& value, const std::string& at, std::vector<Fault>& faults
) const {
    if (const auto most = schema.find(most_items.keyword);
        most != schema.end() && value.size() > most->get<std::size_t>()) {
        faults.push_back({at, std::string(most_items.code), explain(most_items, *most)});
    }
    if (const auto least = schema.find(fewest_items.keyword);
        least != schema.end() && value.size() < least->get<std::size_t>()) {
        faults.push_back({at, std::string(fewest_items.code), explain(fewest_items, *least)});
    }
    const auto items = schema.find("items");
    if (items == schema.end()) return;
    for (std::size_t i = 0; i < value.size(); ++i)
        check(*items, value[i], at + '/' + std::to_string(i), faults);
}

void Schema::Impl::check_object(
    const Json& schema, const Json& value, const std::string& at, std::vector<Fault>& faults
) const {
    const auto pointer = [&at](std::string_view name) { return at + '/' + escape_pointer(name); };
    const auto known = schema.find("properties");
    if (const auto names = schema.find("required"); names != schema.end()) {
        for (const auto& name : *names) {
            if (!value.contains(name))
                faults.push_back(
                    {pointer(name.get<std::string>()), "required", {"is required", "é obrigatório"}}
                );
        }
    }
    if (const auto least = schema.find(fewest_members.keyword);
        least != schema.end() && value.size() < least->get<std::size_t>()) {
        faults.push_back({at, std::string(fewest_members.code), explain(fewest_members, *least)});
    }
    if (known == schema.end()) return;
    const bool closed = schema.contains("additionalProperties");
    for (const auto& [name, member] : value.items()) {
        if (const auto found = known->find(name); found != known->end()) {
            check(*found, member, pointer(name), faults);
        } else if (closed) {
            faults.push_back(
                {pointer(name),
                 "unknown_member",
                 Phrase("is not a member of this command", "não é um membro deste comando") +
                     meant_phrase(name, names_in(*known))}
            );
        }
    }
}

/// What is said of a value as a whole.
void Schema::Impl::check_whole(
    const Json& schema, const Json& value, const std::string& at, std::vector<Fault>& faults
) const {
    if (const auto any = schema.find("anyOf"); any != schema.end()) {
        const bool fits =
            std::ranges::any_of(*any, [&](const Json& one) { return accepts(one, value); });
        if (const auto names = alternatives_required(*any); !fits && !names.empty()) {
            faults.push_back(
                {at + '/' + escape_pointer(names.front()),
                 "required",
                 phrase("{} is required", "{} é obrigatório", one_of(names))}
            );
        } else if (!fits) {
            check(any->front(), value, at, faults);
        }
    }
    if (const auto none = schema.find("not"); none != schema.end() && accepts(*none, value)) {
        const auto name = only_required(*none);
        if (name.empty()) {
            faults.push_back({at, "forbidden", {"is not taken", "não é aceito"}});
        } else {
            faults.push_back(
                {at + '/' + escape_pointer(name),
                 "reserved",
                 {"this member is Vitrine's own", "este membro é da própria Vitrine"}}
            );
        }
    }
    if (const auto condition = schema.find("if"); condition != schema.end()) {
        const auto branch = schema.find(accepts(*condition, value) ? "then" : "else");
        if (branch != schema.end()) check(*branch, value, at, faults);
    }
}

Schema::Schema(std::string_view json) : impl_(std::make_unique<Impl>()) {
    impl_->json = Json::parse(json);
    impl_->prepare(impl_->json);
}

Schema::Schema(Schema&&) noexcept = default;
Schema::~Schema() = default;

std::vector<Fault> Schema::validate(const Json& body) const {
    std::vector<Fault> faults;
    impl_->check(impl_->json, body, "", faults);
    // A condition may repeat what is said without it.
    std::set<std::pair<std::string, std::string>> known;
    std::erase_if(faults, [&known](const Fault& fault) {
        return !known.emplace(fault.pointer, fault.code).second;
    });
    return faults;
}

}  // namespace vitrine::commands
