#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "core/phrase.hpp"

namespace vitrine::commands {

/// The versions that an If-Match or If-None-Match names.
struct NamedVersions {
    bool any = false;  // "*": whatever there is
    std::vector<Version> versions;

    /// Whether one of `from` to `to` is named.
    bool has(Version from, Version to) const {
        return to != 0 && (any || std::ranges::any_of(versions, [&](Version version) {
                               return from <= version && version <= to;
                           }));
    }
    bool operator==(const NamedVersions&) const = default;
};

/// What a request expects of the version that an entity has when it is decided (RFC 9110 §13.1).
struct Precondition {
    std::optional<NamedVersions> match;       // it is one of these
    std::optional<NamedVersions> none_match;  // it is none of these

    /// Why it does not hold of `version`, 0 for what does not exist, whose clients have seen the
    /// same since `unchanged_since`; nullopt: it does. In the order of RFC 9110 §13.2.2.
    std::optional<Term> failure(Version version, Version unchanged_since) const {
        if (match && !match->has(unchanged_since, version)) return match_failed;
        if (none_match && none_match->has(unchanged_since, version)) return none_match_failed;
        return std::nullopt;
    }
    std::optional<Term> failure(Version version) const { return failure(version, version); }
    bool operator==(const Precondition&) const = default;

    static constexpr Term match_failed{
        "If-Match names another version than the present one.",
        "If-Match indica outra versão que não a atual."
    };
    static constexpr Term none_match_failed{
        "If-None-Match names the present version: what was to be new is there already.",
        "If-None-Match indica a versão atual: o que deveria ser novo já existe."
    };
};

}  // namespace vitrine::commands
