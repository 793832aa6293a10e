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
        product_in_offer,    // 409
        product_in_use,      // 409
    };
    Kind kind{};
    Phrase detail;
    std::vector<Fault> faults;

    bool operator==(const Rejection&) const = default;
};

/// The faults of a decision that is refused for them.
template <class Decision>
std::vector<Fault> faults_in(const Decision& decision) {
    return decision ? std::vector<Fault>() : decision.error().faults;
}

inline Rejection invalid(std::vector<Fault> faults) {
    return {Rejection::Kind::invalid, {}, std::move(faults)};
}

}  // namespace vitrine::commands
