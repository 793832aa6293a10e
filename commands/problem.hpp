#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "commands/json_fwd.hpp"
#include "core/fault.hpp"
#include "core/ids.hpp"
#include "core/phrase.hpp"

namespace vitrine::commands {

/// A kind of problem that the service answers with. Its page is /problems/<name>.
struct ProblemType {
    std::string_view name;        // "illegal-transition"
    std::array<int, 3> statuses;  // those it comes with, the usual one first; 0: no further one.
                                  // Pages and /openapi.json tell them; a Problem has no other
    Term title;                   // "The offer's status does not allow this"
    Term help;                    // what the caller can do about it

    constexpr int status() const { return statuses.front(); }
    bool comes_with(int status) const;
};

/// Every problem type there is: those of problem.cpp, and what areas say of keys that are taken.
std::span<const ProblemType> problem_types();

/// The type of that name; a program error if there is none.
const ProblemType& problem_type(std::string_view name);

/// The name of the type of a problem document, as Problem::to_json writes it; empty: it is none.
std::string_view problem_name_in(std::string_view document);

/// A problem document (RFC 9457).
struct Problem {
    std::string_view type;  // a name of problem_types()
    Phrase detail;          // empty: the help of the type
    std::vector<Fault> faults;
    std::string instance;  // URI path of the occurrence; may be empty
    std::optional<Version> current_version;
    std::optional<std::chrono::seconds> retry_after;
    std::optional<int> status;  // one of the type's, instead of the usual one

    /// A program error if the type does not come with it.
    int http_status() const;
    std::string to_json(Language language) const;
    /// As it is kept: in English, with what say_in() needs to say it in another language.
    Json to_stored() const;
};

/// A stored problem as it is told in `language`. What was stored before there were languages stays
/// in English, but for its title.
void say_in(Language language, Json& stored);

/// The body of an answer as it was stored, with the problem that it is, or has in `activation`, in
/// `language`.
std::string body_in(Language language, std::string stored);

/// The same for the state of a command, or a list of them, where the body stands in `answer`.
std::string states_in(Language language, std::string json);

}  // namespace vitrine::commands
