#include "store/sqlite/recording_clock.hpp"

#include <algorithm>

namespace vitrine::store::sqlite {

Timestamp RecordingClock::begin() {
    const std::scoped_lock lock(mutex_);
    // The clock may stand still for as long as a question and a commit take, or be put back.
    begun_ = std::max({clock_(), settled_ + std::chrono::microseconds(1), begun_});
    under_way_ = true;
    ++commits_;
    return begun_;
}

void RecordingClock::end(Timestamp last) {
    {
        const std::scoped_lock lock(mutex_);
        last_ = last;
        under_way_ = false;
        lost_ = false;
    }
    changed_.notify_all();
}

void RecordingClock::lose() {
    {
        const std::scoped_lock lock(mutex_);
        lost_ = true;
    }
    changed_.notify_all();
}

bool RecordingClock::settle(Timestamp time) {
    std::unique_lock lock(mutex_);
    if (time < last_) return true;  // recorded_at never decreases
    settled_ = std::max(settled_, std::min(time, clock_()));
    if (!under_way_ || begun_ > time) return true;
    const auto commit = commits_;
    changed_.wait(lock, [&] { return lost_ || !under_way_ || commits_ != commit; });
    return !under_way_ || commits_ != commit;
}

}  // namespace vitrine::store::sqlite
