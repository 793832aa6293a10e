#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/fault.hpp"
#include "core/ids.hpp"

namespace vitrine::commands {

/// A kind of problem that the service answers with. Its page is /problems/<name>.
struct ProblemType {
    std::string_view name;   // "illegal-transition"
    std::string_view title;  // "The offer's status does not allow this"
    int status;
    std::string_view help;  // what the caller can do about it
};

/// Every problem type there is.
std::span<const ProblemType> problem_types();

/// The type of that name; a program error if there is none.
const ProblemType& problem_type(std::string_view name);

/// A problem document (RFC 9457).
struct Problem {
    std::string_view type;  // a name of problem_types()
    std::string detail;
    std::vector<Fault> faults;
    std::string instance;  // URI path of the occurrence; may be empty
    std::optional<Version> current_version;
    std::optional<std::chrono::seconds> retry_after;
    std::optional<int> status;  // instead of the type's own

    int http_status() const;
    std::string to_json() const;
};

}  // namespace vitrine::commands
