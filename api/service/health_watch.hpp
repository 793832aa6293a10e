#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "api/log/log.hpp"
#include "deliveries/delivery.hpp"
#include "projections/projections.hpp"
#include "store/event_store.hpp"

namespace vitrine::api {

/// Tells the log of what goes wrong without any request, once when it begins and once when it has
/// ended: room on the disk, the log's file and who locks it, read models that fall behind; and of
/// dead letters, whenever there are more.
///
/// Concurrency: a thread of its own looks every second, since it reads the log.
class HealthWatch {
public:
    using Receivers = std::function<std::vector<deliveries::ReceiverStatus>()>;

    /// `behind`: how old the first event may be that a read model has not applied. `receivers`: how
    /// they stand. All outlive it.
    HealthWatch(
        store::EventStore& store,
        projections::Projections& projections,
        Receivers receivers,
        std::chrono::milliseconds behind,
        std::chrono::milliseconds between = std::chrono::seconds(1)
    );
    ~HealthWatch();

private:
    void run(std::chrono::milliseconds between);
    void look();
    void look_at_log();
    void look_at(const projections::Status& status);
    void look_at(const deliveries::ReceiverStatus& receiver);

    /// `now`: it is so. Tells if that is news.
    void note(
        const std::string& what,
        bool now,
        std::string_view worse,
        std::string_view better,
        const log::Fields& fields
    );

    store::EventStore& store_;
    projections::Projections& projections_;
    Receivers receivers_;
    std::chrono::duration<double> behind_;
    std::map<std::string, bool> known_;  // of everything that is noted
    std::map<deliveries::ReceiverName, std::uint64_t> dead_letters_;
    std::mutex mutex_;
    std::condition_variable ending_;
    bool ends_ = false;
    std::thread thread_;
};

}  // namespace vitrine::api
