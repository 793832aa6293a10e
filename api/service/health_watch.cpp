#include "api/service/health_watch.hpp"

#include <cmath>

#include "store/open_store.hpp"

namespace vitrine::api {
namespace {

std::string reason_of(const projections::Status& status) {
    if (status.stop) return status.stop->reason;
    if (status.state == projections::State::upgrading) return "its present version is being built";
    return "events come faster than it applies them";
}

}  // namespace

HealthWatch::HealthWatch(
    store::EventStore& store,
    projections::Projections& projections,
    Receivers receivers,
    std::chrono::milliseconds behind,
    std::chrono::milliseconds between
)
    : store_(store),
      projections_(projections),
      receivers_(std::move(receivers)),
      behind_(behind),
      thread_([this, between] { run(between); }) {}

HealthWatch::~HealthWatch() {
    {
        const std::scoped_lock lock(mutex_);
        ends_ = true;
    }
    ending_.notify_all();
    thread_.join();
}

void HealthWatch::run(std::chrono::milliseconds between) {
    std::unique_lock lock(mutex_);
    do {
        try {
            look();
        } catch (const std::exception& error) {
            note(
                "watch",
                true,
                "the state of the service cannot be read",
                {},
                {{"reason", error.what()}}
            );
        }
    } while (!ending_.wait_for(lock, between, [this] { return ends_; }));
}

void HealthWatch::look() {
    look_at_log();
    for (const auto& status : projections_.status()) look_at(status);
    for (const auto& receiver : receivers_()) look_at(receiver);
    note("watch", false, {}, "the state of the service can be read again", {});
}

void HealthWatch::look_at_log() {
    const auto log = store_.figures();
    note(
        "disk",
        log.disk_low,
        "the disk is nearly full: commands are refused",
        "the disk has room again: commands are taken",
        {{"free_bytes", log.disk_free}, {"reserve_bytes", log.disk_reserve}}
    );
    note(
        "log",
        !log.log_open,
        "the log cannot be opened after an error: commands are refused",
        "the log is open again",
        {{"reason", log.log_fault}}
    );
    note(
        "lock",
        log.log_locked,
        "another process is writing to the log: commands are refused",
        "no other process is writing to the log any more",
        {}
    );
}

/// It has caught up when half of the bound is left, so that one which stays at it is told once.
void HealthWatch::look_at(const projections::Status& status) {
    const auto what = "behind " + status.name;
    const auto bound = known_[what] ? behind_ / 2 : behind_;
    const bool serves = status.state != projections::State::building;
    note(
        what,
        serves && status.lag_seconds > bound.count(),
        "a read model falls behind",
        "a read model has caught up",
        {{"projection", status.name},
         {"position", status.position},
         {"lag_events", status.lag},
         {"lag_seconds", std::round(status.lag_seconds * 10) / 10},
         {"state", projections::state_name(status.state)},
         {"reason", status.lag == 0 ? std::string() : reason_of(status)}}
    );
}

void HealthWatch::look_at(const deliveries::ReceiverStatus& receiver) {
    auto& known = dead_letters_[receiver.name];
    if (receiver.dead > known) {
        log::warn(
            "events were not delivered: they are among the dead letters",
            {{"tenant", receiver.name.tenant.str()},
             {"receiver", receiver.name.kind + '/' + receiver.name.id},
             {"dead", receiver.dead}}
        );
    }
    known = receiver.dead;
}

void HealthWatch::note(
    const std::string& what,
    bool now,
    std::string_view worse,
    std::string_view better,
    const log::Fields& fields
) {
    if (std::exchange(known_[what], now) == now) return;
    log::write(now ? log::Level::warn : log::Level::info, now ? worse : better, fields);
}

}  // namespace vitrine::api
