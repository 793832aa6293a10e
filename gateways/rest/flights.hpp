#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "gateways/rest/call.hpp"
#include "net/gate.hpp"

namespace vitrine::rest {

/// One GET for all who ask the same at the same time. It runs on its own: nobody's haste fails it
/// for the others.
struct Flight {
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit Flight(TimePoint until) : end(until) {}

    void land(Result<Answer> outcome) {
        timed_out = !outcome && std::chrono::steady_clock::now() >= end;
        result = std::move(outcome);
        landing->send_away();
    }

    const TimePoint end;
    bool timed_out = false;
    bool out = false;  // a request is on its way
    // Nobody gets in: those who wait are sent away when the result is there.
    std::shared_ptr<net::Gate> landing = std::make_shared<net::Gate>(0);
    std::optional<Result<Answer>> result;
};

/// By path, with its query.
using Flights = std::map<std::string, std::shared_ptr<Flight>>;

}  // namespace vitrine::rest
