#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "projections/parked.hpp"
#include "projections/projector.hpp"
#include "projections/read_model.hpp"
#include "projections/rebuild.hpp"
#include "projections/release.hpp"
#include "projections/status.hpp"
#include "store/event_store.hpp"

namespace vitrine::projections {

namespace asio = boost::asio;

struct Options {
    std::size_t batch_events = 1000;                           // at most, in one transaction
    std::size_t cache_bytes = std::size_t{16} * 1024 * 1024;   // rows kept between batches
    std::size_t build_bytes = std::size_t{256} * 1024 * 1024;  // rows held while a file is built
    std::chrono::milliseconds retry_first{250};                // after a failed batch; doubled …
    std::chrono::milliseconds retry_most{30'000};              // … up to this
    Clock clock = system_clock();
    /// Told of stops, of builds, of another file that serves, and of events parked. On its thread.
    std::function<void(const Status&)> changed;
    /// Told how far a build or a rebuild is: when it begins, and then no more often than that.
    /// On its thread.
    std::function<void(const std::string& projection, const RebuildProgress&)> building;
    std::chrono::milliseconds build_news{10'000};
    /// Told why a rebuild ended without a file that could serve. On its thread.
    std::function<void(const std::string& projection, const std::string& reason)> rebuild_failed;
};

/// The read models of a data directory, kept up to date by one thread each. A slow or broken
/// projection never holds another.
///
/// Operation: made, it opens what read_models/current.json names; a projection without a usable
/// file is built anew from the log, in the background; the file of a former version serves
/// meanwhile, if the readers understand it. Rows and checkpoint commit in one transaction, so a
/// killed process goes on where the rows are.
/// Concurrency: any thread, except that it is made and stopped by one.
/// Errors: an event that cannot be applied is never skipped: by the projection's own rule it stops
/// it (Status::stop; it is tried again), or is parked with what depends on it (Status::parked).
class Projections {
public:
    /// The caller holds the DataLock; `store` outlives this.
    Projections(
        store::EventStore& store,
        std::filesystem::path data_directory,
        std::span<const Projection> projections,
        Options options
    );
    ~Projections();
    Projections(const Projections&) = delete;
    Projections& operator=(const Projections&) = delete;

    /// Ends the threads after the batch in hand, and every wait with false. Idempotent.
    void stop();

    /// In the order of every_projection. Reads the log, which may block.
    std::vector<Status> status() const;

    /// What is not visible yet though it is in the log ("projection offers at 12 of 14"); nullopt:
    /// nothing, but for read models that are stopped. Looks at no disk.
    std::optional<std::string> behind() const;

    /// Throws std::out_of_range for a name that is not one.
    const ReadModel& read_model(std::string_view name) const;

    /// True once events up to `position` are visible; false at the deadline or when stopped.
    /// Resumes on the caller's executor, whose loop is run by one thread.
    asio::awaitable<bool> wait_until(
        std::string name, Position position, std::chrono::steady_clock::time_point deadline
    );

    /// Builds a new file beside the live one, brings it up to it, compares if asked, and switches
    /// while readers go on. Blocks for as long as that takes: call it on a thread of its own. One
    /// rebuild of a projection at a time. Throws as rebuild_stopped, std::out_of_range for a name
    /// that is not one, std::runtime_error when one is running already.
    RebuildReport rebuild(const std::string& name, const RebuildOptions& options);

    /// Removes the files of former versions; how many. Throws std::out_of_range.
    std::size_t drop_old(const std::string& name);

    /// The events of that tenant (nullopt: of all) that are parked, blocking or dismissed, in the
    /// order of the log. Throws std::out_of_range.
    std::vector<ParkedEvent> parked(std::string_view name, const std::optional<TenantId>& tenant)
        const;

    /// Appends what an operator has decided and waits a little until the projection has done it.
    /// Throws std::out_of_range. Resumes as wait_until does.
    asio::awaitable<std::expected<ReleaseReport, ReleaseError>> release(
        std::string name, Release release
    );

private:
    class Runner;
    Runner& runner(std::string_view name) const;

    store::EventStore& store_;
    Clock clock_;
    UuidSource new_id_;
    std::vector<std::unique_ptr<Runner>> runners_;
};

}  // namespace vitrine::projections
