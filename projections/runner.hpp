#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "projections/applier.hpp"
#include "projections/builder.hpp"
#include "projections/model_files.hpp"
#include "projections/projections.hpp"
#include "projections/waiters.hpp"

namespace vitrine::projections {

/// One projection and its thread.
class Projections::Runner {
public:
    Runner(
        store::EventStore& store,
        std::shared_ptr<ModelFiles> files,
        const Projection& projection,
        const Options& options
    );
    ~Runner();

    void start();
    /// Returns at once; stop waits for the end of the thread.
    void begin_to_stop();
    void stop();

    const std::string& name() const { return projection_.name; }
    const ReadModel& model() const { return model_; }
    Waiters& waiters() { return waiters_; }
    Status status() const;
    bool is_stopped() const;
    RebuildReport rebuild(const RebuildOptions& options);
    std::size_t drop_old() { return files_->drop_kept(projection_.name); }
    std::vector<ParkedEvent> parked(const std::optional<TenantId>& tenant) const;
    const Projection& projection() const { return projection_; }

    /// Tries again at once what it stopped at.
    void retry_now();

private:
    using Job = std::function<void()>;

    // On the runner's thread, or before it starts:
    void open();
    bool open_live();
    bool open_file(const LiveFile& file);
    void serve_former();
    void begin_empty();
    void use(std::unique_ptr<Applier> applier, const LiveFile& live);
    void run();
    void build();
    bool fill(LiveFile& live);
    void refuse_to_lose(const std::filesystem::path& file);
    void follow();
    void run_jobs();
    void tell_readers();
    void advanced();
    void report_change();
    void note_stop(Position position, const std::string& type, const std::string& reason);
    void back_off();
    RebuildReport rebuild_beside(const RebuildOptions& options);
    void finish_rebuild(
        const LiveFile& rebuilt, const RebuildOptions& options, RebuildReport& report
    );
    void compare_with(
        Applier& rebuilt,
        const std::filesystem::path& file,
        const RebuildOptions& options,
        RebuildReport& report
    );

    /// Marks the projection as being built while it lives, and tells how far: one build at a time.
    class Building {
    public:
        /// Throws std::runtime_error if there is another.
        explicit Building(Runner& runner);
        ~Building();
        Building(const Building&) = delete;
        Building& operator=(const Building&) = delete;

        void reached(const RebuildProgress& progress);

    private:
        void tell(const RebuildProgress& progress);

        Runner& runner_;
        std::chrono::steady_clock::time_point told_;
    };

    // On any thread:
    bool stopping() const;
    std::chrono::duration<double> seen_for(Position position) const;
    void wake();
    void run_on_thread(Job job);

    store::EventStore& store_;
    std::shared_ptr<ModelFiles> files_;
    const Projection projection_;
    const Options options_;
    ReadModel model_;
    Waiters waiters_;
    std::unique_ptr<Applier> applier_;
    std::atomic<std::size_t> parked_ = 0;
    std::atomic<bool> upgrading_ = false;

    mutable std::mutex mutex_;  // of what follows
    std::condition_variable changed_;
    bool stopping_ = false;
    std::optional<RebuildProgress> build_;
    bool retry_now_ = false;
    std::deque<Job> jobs_;
    std::unique_ptr<store::Subscription> subscription_;
    std::optional<Stop> stop_;
    /// The first event that status() found not applied, and since when.
    struct Seen {
        Position position = 0;
        std::chrono::steady_clock::time_point since;
    };
    mutable Seen seen_;
    std::thread thread_;
};

}  // namespace vitrine::projections
