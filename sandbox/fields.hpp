#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "sandbox/json.hpp"
#include "sandbox/refusal.hpp"

namespace vitrine::sandbox {

/// Another spelling of an attested name.
struct Alias {
    std::string_view other;
    std::string_view attested;
};

struct Vocabulary {
    std::span<const std::string_view> attested;  // strict mode takes no others
    std::span<const Alias> aliases;
};

/// Puts the members of `object` under their attested names (the attested spelling wins over
/// another). Strict: other spellings and unknown names are errors; else unknown members are kept.
void use_attested_names(
    Json& object,
    const Vocabulary& vocabulary,
    bool strict,
    std::string_view prefix,
    FieldErrors& errors
);

/// Checks members of one object and writes down what is wrong. Absent and null members pass every
/// check but require(). `prefix` stands before the field's name in errors: "products.0.".
class Checker {
public:
    Checker(Json& object, std::string prefix, FieldErrors& errors)
        : object_(object), prefix_(std::move(prefix)), errors_(errors) {}

    void require(std::string_view name);
    /// Length in characters.
    void text(std::string_view name, std::size_t shortest, std::size_t longest);
    void slug(std::string_view name);
    void one_of(std::string_view name, std::span<const std::string_view> values);
    void boolean(std::string_view name);
    void integer(
        std::string_view name,
        std::int64_t least,
        std::int64_t most = std::numeric_limits<std::int64_t>::max()
    );
    /// A price: a whole number of cents, never a decimal.
    void cents(std::string_view name);
    void number(std::string_view name, double least, double most);
    /// An object; `[]` becomes one.
    void object(std::string_view name);
    void list(std::string_view name);

    void add(std::string_view name, std::string what, std::string code);
    Json* find(std::string_view name);  // nullptr: absent or null

private:
    Json& object_;
    std::string prefix_;
    FieldErrors& errors_;
};

}  // namespace vitrine::sandbox
