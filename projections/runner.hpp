#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "projections/applier.hpp"
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
    void stop();

    const std::string& name() const { return projection_.name; }
    const ReadModel& model() const { return model_; }
    Waiters& waiters() { return waiters_; }
    Status status() const;
    RebuildReport rebuild(const RebuildOptions& options);

private:
    using Job = std::function<void()>;

    // On the runner's thread, or before it starts:
    void open();
    bool open_live();
    void use(std::unique_ptr<Applier> applier, const LiveFile& live);
    void run();
    void build();
    void follow();
    void run_jobs();
    void advanced();
    void note_stop(Position position, const std::string& type, const std::string& reason);
    void back_off();
    void finish_rebuild(
        const LiveFile& rebuilt, const RebuildOptions& options, RebuildReport& report
    );
    void compare_with(Applier& rebuilt, const std::filesystem::path& file, RebuildReport& report);

    // On any thread:
    bool stopping() const;
    void wake();
    void run_on_thread(Job job);

    store::EventStore& store_;
    std::shared_ptr<ModelFiles> files_;
    const Projection projection_;
    const Options options_;
    ReadModel model_;
    Waiters waiters_;
    std::unique_ptr<Applier> applier_;

    mutable std::mutex mutex_;  // of what follows
    std::condition_variable changed_;
    bool stopping_ = false;
    bool rebuilding_ = false;
    std::deque<Job> jobs_;
    std::unique_ptr<store::Subscription> subscription_;
    std::optional<Stop> stop_;
    std::thread thread_;
};

}  // namespace vitrine::projections
