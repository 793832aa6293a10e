#pragma once

#include <chrono>

#include "api/http/route.hpp"
#include "net/http.hpp"

namespace vitrine::api {

/// The log's line about an answered request: commands and whatever else was sent always, what was
/// only asked when it was refused, or at the level debug. An answer of 500 and more is an error.
void log_answer(
    const Call& call, const net::Response& response, std::chrono::steady_clock::duration took
);

}  // namespace vitrine::api
