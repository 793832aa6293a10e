#pragma once

#include <chrono>

#include "net/timekeeper.hpp"
#include "store/people_keys.hpp"

namespace vitrine::api {

/// Ends, once a day by the service's time, the keys whose time is over: those of months, and those
/// that were kept after an erasure. On the keeper's loop.
class PeopleUpkeep {
public:
    PeopleUpkeep(
        store::PeopleKeys& keys, net::Timekeeper& time, std::chrono::milliseconds month_retention
    );

    /// Ends what is due, and looks again each day.
    void begin();

private:
    void look();

    store::PeopleKeys& keys_;
    net::Timekeeper& time_;
    std::chrono::milliseconds month_retention_;
    net::Appointment next_;
};

}  // namespace vitrine::api
