#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "events/offers.hpp"
#include "projections/projections.hpp"
#include "tests/projections/support.hpp"

namespace vitrine::tests {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using projections::OffersReader;
using projections::Projections;

inline constexpr auto patience = 20s;  // only a failing test waits so long

/// Told when projections stop and run again.
class Changes {
public:
    void note(const projections::Status& status) {
        {
            const std::scoped_lock lock(mutex_);
            seen_.push_back(status);
        }
        changed_.notify_all();
    }

    /// The first change for which `wanted` holds.
    template <class Wanted>
    projections::Status wait(Wanted wanted) {
        std::unique_lock lock(mutex_);
        std::optional<projections::Status> found;
        const bool there = changed_.wait_for(lock, patience, [&] {
            const auto at = std::ranges::find_if(seen_, wanted);
            if (at != seen_.end()) found = *at;
            return found.has_value();
        });
        if (!there) throw std::runtime_error("the change did not come");
        return *found;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<projections::Status> seen_;
};

/// A data directory with a log, its projections, and a loop for waits.
class House {
public:
    Log log;
    Changes changes;
    TemporaryFolder folder;
    /// Told of every step of a build.
    std::function<void(const std::string&, const projections::RebuildProgress&)> building;

    House() : work_(asio::make_work_guard(loop_)), thread_([this] { loop_.run(); }) {}
    ~House() {
        close();
        work_.reset();
        thread_.join();
    }

    void open() { open(projections::every_projection()); }
    void open(std::span<const projections::Projection> wanted) {
        projections::Options options;
        options.retry_first = 1ms;
        options.retry_most = 5ms;
        options.changed = [this](const auto& status) { changes.note(status); };
        options.building = building;
        options.build_news = 0ms;
        projections_.emplace(log, folder.path(), wanted, options);
    }
    void close() { projections_.reset(); }
    Projections& projections() { return *projections_; }

    bool wait(const std::string& name, Position position, std::chrono::milliseconds limit) {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        return start_waiting(name, position, deadline).get();
    }
    bool wait(const std::string& name, Position position) { return wait(name, position, patience); }
    std::future<bool> start_waiting(
        const std::string& name, Position position, std::chrono::steady_clock::time_point deadline
    ) {
        return asio::co_spawn(
            loop_, projections_->wait_until(name, position, deadline), asio::use_future
        );
    }

    /// Every projection has its file, and everything.
    void settle() {
        for (const auto& status : projections_->status()) {
            if (!wait(status.name, log.head())) throw std::runtime_error("not settled");
        }
    }

    std::optional<std::string> body(const std::string& id) {
        OffersReader reader(*projections_->read_model("offers").lease());
        const auto offer = reader.find(log.tenant(), OfferId(id));
        return offer ? std::optional(offer->body) : std::nullopt;
    }

    projections::ReleaseReport release(const std::string& name, projections::Release wanted) {
        wanted.tenant = log.tenant();
        auto done =
            asio::co_spawn(loop_, projections_->release(name, std::move(wanted)), asio::use_future);
        return done.get().value();
    }

    projections::Status status(const std::string& name) {
        for (auto& status : projections_->status()) {
            if (status.name == name) return status;
        }
        throw std::out_of_range(name);
    }

private:
    asio::io_context loop_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::thread thread_;
    std::optional<Projections> projections_;
};

inline events::OfferEdited renamed(const std::string& id, const std::string& name) {
    events::OfferEdited event;
    event.offer_id = OfferId(id);
    event.name = name;
    return event;
}

/// One that cannot be read.
inline Position add_bad_edit(House& house, const std::string& offer) {
    return house.log.add_encoded(StreamName("offer-" + offer), {"OfferEdited", 1, R"({"name":7})"});
}

/// Of a house in which every projection has its file, and no other.
inline const std::size_t live_files = projections::every_projection().size();

inline std::size_t database_files(const std::filesystem::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "read_models")) {
        if (entry.path().extension() == ".db") ++count;
    }
    return count;
}

/// Every projection, with one projection changed.
template <class Change>
std::vector<projections::Projection> projections_with(const std::string& name, Change change) {
    const auto all = projections::every_projection();
    std::vector<projections::Projection> changed(all.begin(), all.end());
    for (auto& projection : changed) {
        if (projection.name == name) change(projection);
    }
    return changed;
}

}  // namespace vitrine::tests
