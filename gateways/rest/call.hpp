#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>

#include "core/json_text.hpp"
#include "core/phrase.hpp"

namespace vitrine::rest {

/// One request to a peer. `path` is below its base URL: "/offers/x/publish".
struct Call {
    std::string method;
    std::string path;
    JsonText body;                // empty: no body
    std::string idempotency_key;  // as the peer takes it, if it takes one
    std::string correlation_id;   // the same for the request's id
    std::string traceparent;      // passed on when not empty
    bool fresh = false;           // of a GET: shares no answer, which may be of before it
    bool operator==(const Call&) const = default;
};

/// A 2xx answer. `body` is well-formed JSON, "null" when the answer had none.
struct Answer {
    int status = 200;
    JsonText body;
};

/// Why there is no 2xx answer, by what it says about the effect.
struct CallError {
    enum class Kind {
        refused,      // 4xx: no effect, and none by trying again
        credentials,  // 401 or 403, also after signing in anew: no effect
        unavailable,  // 408, 429, 5xx: the effect is not known
        not_sent,     // the request provably never left: no effect
        unknown,      // sent, but no readable answer: the effect is not known
    };
    Kind kind{};
    int status = 0;  // of the answer, 0 without one
    Phrase message;  // the peer's own words, as they are, or what went wrong
    std::optional<std::chrono::seconds> retry_after;
};

template <class T>
using Result = std::expected<T, CallError>;

}  // namespace vitrine::rest
