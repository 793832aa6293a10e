#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "core/time.hpp"

namespace vitrine::store::sqlite {

/// The times by which the writer records, and those that readers ask about: whoever asks what was
/// recorded until a time waits for the commit that may still add to it, and no later one does.
///
/// Concurrency: any thread; begin, end and lose by the writer's.
class RecordingClock {
public:
    using Settled = std::move_only_function<void(bool)>;

    /// `last`: recorded_at of the log's last event.
    RecordingClock(Clock clock, Timestamp last) : clock_(std::move(clock)), last_(last) {}

    ~RecordingClock();
    RecordingClock(const RecordingClock&) = delete;
    RecordingClock& operator=(const RecordingClock&) = delete;

    /// A commit begins: the time of its events, after every time that was settled.
    Timestamp begin();

    /// Readers see what became of it; `last` as above.
    void end(Timestamp last);

    /// What became of it is not known, and will not be soon: nobody waits for it. Until end.
    void lose();

    /// Calls `done` when nothing more will be recorded until `time`, or of a time that has not come
    /// yet until now: at once, or on the writer's thread after one commit. False: that cannot be
    /// told, since a commit is lost.
    void when_settled(Timestamp time, Settled done);
    /// The same, waiting.
    bool settle(Timestamp time);

private:
    void answer(bool settled);

    std::mutex mutex_;
    std::vector<Settled> waiting_;  // for the commit that is under way
    Clock clock_;
    Timestamp last_;
    Timestamp settled_ = Timestamp::min();
    Timestamp begun_{};  // of the last commit, which may be under way
    bool under_way_ = false;
    bool lost_ = false;
};

}  // namespace vitrine::store::sqlite
