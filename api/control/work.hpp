#pragma once

#include <nlohmann/json.hpp>

#include "api/control/operations.hpp"

// For the .cpp files of this folder that hold operations.
namespace vitrine::api {

using Outcome = std::expected<Json, std::string>;

/// An operation as it is asked for.
struct Work {
    const Administration& administration;
    const Json& arguments;
    const Hear& hear;
    const Cancelled& cancelled;
    const std::string& actor;  // "cli:<user>"

    std::string text(const char* name) const { return arguments.value(name, std::string()); }
    std::optional<std::string> given(const char* name) const {
        return arguments.contains(name) ? std::optional(text(name)) : std::nullopt;
    }
    Timestamp now() const { return administration.clock(); }
    store::Keys& keys() const { return administration.keys; }
};

inline Outcome fault(std::string what) {
    return std::unexpected(std::move(what));
}

inline Outcome no_tenant(const std::string& name) {
    return fault("there is no tenant " + name);
}

}  // namespace vitrine::api
