#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "store/sqlite/append_queue.hpp"
#include "store/sqlite/checkpointer.hpp"
#include "store/sqlite/disk_space.hpp"
#include "store/sqlite/live_feed.hpp"
#include "store/sqlite/recording_clock.hpp"
#include "store/sqlite/sqlite_event_store.hpp"
#include "store/sqlite/write_session.hpp"

namespace vitrine::store::sqlite {

/// The one thread that writes the log.
///
/// Operation: takes all appends that wait (bounded), gives each its verdict and its rows in one
/// transaction, commits once, publishes, and only then answers each. Nothing waits artificially:
/// what comes while one commit syncs makes up the next. While another process writes, appends wait
/// their time and are refused then. At rest the WAL is made short.
/// Errors: after a failed commit the connection is opened anew and the log itself is asked what
/// became of each append, before anyone is answered.
class Writer {
public:
    Writer(const std::filesystem::path& directory, const StoreOptions& options);

    /// Commits and answers what is queued, then ends the thread.
    ~Writer();

    void append(Append append, AppendDone done);

    const std::shared_ptr<LiveFeed>& feed() const { return feed_; }

    /// RecordingClock::settle; what was recorded until then is in the feed's head.
    bool settle(Timestamp time) { return recording_clock_.settle(time); }
    void when_settled(Timestamp time, RecordingClock::Settled done) {
        recording_clock_.when_settled(time, std::move(done));
    }

    StoreFigures figures() const;

private:
    void run();
    void serve(std::span<Pending> batch);

    /// One transaction of the first `applied` appends of the batch, as many as its time allows. An
    /// error: nothing is known of any.
    std::optional<AppendError> commit(
        std::span<Pending> batch, std::span<AppendResult> results, std::size_t& applied
    );
    std::optional<AppendError> begin(std::chrono::steady_clock::time_point until);

    /// After an error: looks up what is in the log, tries once more what may still succeed.
    void settle(std::span<Pending> batch, std::span<AppendResult> results, AppendError error);
    bool reopen();
    void note_fault(std::string reason);
    std::string fault() const;
    bool reopen_after(AppendError& error);
    void answer(std::span<Pending> batch, std::span<AppendResult> results);
    void checkpoint_if_due(bool under_load);
    void checkpoint(bool due, std::uint64_t longest);

    // While nothing is to be written:
    bool is_unsettled() const;
    void settle_down();
    void look_for_lock();
    std::chrono::milliseconds until_next_look();

    std::filesystem::path directory_;
    StoreOptions options_;
    DiskSpace disk_;
    AppendQueue queue_;
    std::unique_ptr<WriteSession> session_;
    RecordingClock recording_clock_;
    Checkpointer checkpointer_;
    int wal_frames_ = 0;    // after the commit before
    int written_back_ = 0;  // frames that were in it at the last checkpoint
    std::chrono::steady_clock::time_point next_checkpoint_{};  // of a WAL that is too long
    std::shared_ptr<LiveFeed> feed_;
    std::vector<AppendResult> results_;  // of the batch
    bool alone_helps_ = false;           // of the last error: each append by itself may yet succeed

    std::atomic<std::uint64_t> appends_ = 0, events_ = 0, commits_ = 0, conflicts_ = 0;
    std::atomic<std::uint64_t> wal_bytes_ = 0;
    std::atomic<bool> open_ = true, locked_ = false;
    mutable std::mutex fault_mutex_;
    std::string fault_;  // why the log cannot be opened
    std::thread thread_;
};

}  // namespace vitrine::store::sqlite
