#pragma once

#include <utility>
#include <vector>

#include "core/fault.hpp"

namespace vitrine::commands {

/// Why our rules refuse a command. A value, never an exception.
struct Rejection {
    enum class Kind {
        invalid,             // 422, with faults
        not_found,           // 404
        illegal_transition,  // 409
        slug_taken,          // 409
        product_in_offer,    // 409
    };
    Kind kind{};
    Phrase detail;
    std::vector<Fault> faults;

    bool operator==(const Rejection&) const = default;
};

inline Rejection invalid(std::vector<Fault> faults) {
    return {Rejection::Kind::invalid, {}, std::move(faults)};
}

}  // namespace vitrine::commands
