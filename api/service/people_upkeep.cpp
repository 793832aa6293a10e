#include "api/service/people_upkeep.hpp"

#include "api/log/log.hpp"

namespace vitrine::api {

PeopleUpkeep::PeopleUpkeep(
    store::PeopleKeys& keys, net::Timekeeper& time, std::chrono::milliseconds month_retention
)
    : keys_(keys), time_(time), month_retention_(month_retention) {}

void PeopleUpkeep::begin() {
    look();
}

/// What fails is tried again the next day.
void PeopleUpkeep::look() {
    const auto now = time_.now();
    try {
        const auto count =
            keys_.end_due(now, std::chrono::duration_cast<std::chrono::seconds>(month_retention_));
        if (count != 0) log::info("keys of people are over", {{"count", count}});
    } catch (const std::exception& error) {
        log::warn("keys of people that are over cannot be ended", {{"reason", error.what()}});
    }
    next_ = time_.at(now + std::chrono::days(1), [this] { look(); });
}

}  // namespace vitrine::api
