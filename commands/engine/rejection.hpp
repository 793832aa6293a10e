#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "core/fault.hpp"

namespace vitrine::commands {

/// Why our rules refuse a command. A value, never an exception.
struct Rejection {
    std::string_view problem = "validation-failed";  // name of a problem type; that one has faults
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
    return {"validation-failed", {}, std::move(faults)};
}

}  // namespace vitrine::commands
