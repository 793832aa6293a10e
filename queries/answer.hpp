#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/fault.hpp"
#include "core/ids.hpp"
#include "core/phrase.hpp"

namespace vitrine::queries {

/// What a query answers: a JSON body and what belongs into the head of the response.
struct Answer {
    std::string body;
    std::optional<Version> version;  // ETag; of one offer or product
    Position facts = 0;  // ETag too: where what others than that stream told last changed; 0: none
    std::optional<Position>
        position;  // it has at least the events up to here; of the past: of then
    std::optional<Language> language = {};  // of its words for people; absent: it has none
    std::string next_cursor;                // for Link rel="next"; empty: the last page
};

/// Why there is no answer.
struct QueryError {
    enum class Kind {
        not_found,    // not there, or another tenant's
        invalid,      // 422: see faults; a pointer names the parameter ("/limit")
        given_up,     // 410: an operator has dismissed the event that made it
        not_ready,    // 503: the read model is not there yet; see retry_after
        refused,      // 422: the platform refused, in its own words
        credentials,  // 502: the platform does not accept the tenant's credentials
        unavailable,  // 502/503: the platform did not answer; see retry_after
        timed_out,    // 504: not within the deadline
    };
    Kind kind{};
    Phrase detail;
    std::vector<Fault> faults;
    std::optional<std::chrono::seconds> retry_after;
};

using Result = std::expected<Answer, QueryError>;

QueryError not_found(Phrase what);
QueryError not_ready();
/// The same until an operator has decided something: to ask again at once is of no use.
QueryError not_ready_until_decided(Phrase detail);
QueryError invalid(std::vector<Fault> faults);

}  // namespace vitrine::queries
