#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/json_text.hpp"

namespace vitrine::clubify {

/// One request to the platform. `path` is below the base URL: "/offers/x/publish".
struct Call {
    std::string method;
    std::string path;
    JsonText body;                // empty: no body
    std::string idempotency_key;  // sent as Idempotency-Key; the platform is not known to honour it
    std::string correlation_id;   // sent as X-Request-Id
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
    int status = 0;       // of the answer, 0 without one
    std::string message;  // the platform's own words, or what went wrong
    std::optional<std::chrono::seconds> retry_after;
};

}  // namespace vitrine::clubify
