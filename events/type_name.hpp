#pragma once

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "events/describe.hpp"

namespace vitrine::events {

/// Which of the types that share a struct an event is of: one of `Types`. A literal that is none of
/// them does not compile.
template <const auto& Types>
class TypeName {
public:
    constexpr TypeName() = default;  // none yet: what is encoded must have one

    template <std::size_t Size>
    consteval TypeName(const char (&name)[Size]) : TypeName(named(name)) {}

    static constexpr bool is_one(std::string_view name) {
        return std::ranges::find(Types, name, &EventName::name) != std::end(Types);
    }

    /// Throws std::invalid_argument if it is none of them.
    static constexpr TypeName named(std::string_view name) {
        const auto* found = std::ranges::find(Types, name, &EventName::name);
        if (found == std::end(Types))
            throw std::invalid_argument("no such type of event: " + std::string(name));
        TypeName result;
        result.name_ = found->name;
        return result;
    }

    constexpr operator std::string_view() const { return name_; }
    constexpr std::string_view text() const { return name_; }
    friend constexpr bool operator==(TypeName, TypeName) = default;

private:
    std::string_view name_;  // of Types
};

}  // namespace vitrine::events
