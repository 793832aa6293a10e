#include "store/sqlite/recording_clock.hpp"

#include <algorithm>
#include <future>
#include <utility>

namespace vitrine::store::sqlite {

RecordingClock::~RecordingClock() {
    answer(false);
}

Timestamp RecordingClock::begin() {
    Timestamp begun;
    std::vector<Settled> before;  // who waited for an attempt before this one
    {
        const std::scoped_lock lock(mutex_);
        // The clock may stand still for as long as a question and a commit take, or be put back.
        begun_ = std::max({clock_(), settled_ + std::chrono::microseconds(1), begun_});
        under_way_ = true;
        begun = begun_;
        before.swap(waiting_);  // from here on they wait for this one
    }
    for (auto& done : before) done(true);  // it records after their times
    return begun;
}

void RecordingClock::end(Timestamp last) {
    {
        const std::scoped_lock lock(mutex_);
        last_ = last;
        under_way_ = false;
        lost_ = false;
    }
    answer(true);
}

void RecordingClock::lose() {
    {
        const std::scoped_lock lock(mutex_);
        lost_ = true;
    }
    answer(false);
}

void RecordingClock::when_settled(Timestamp time, Settled done) {
    std::unique_lock lock(mutex_);
    bool settled = true;
    if (time >= last_) {  // recorded_at never decreases
        settled_ = std::max(settled_, std::min(time, clock_()));
        if (under_way_ && begun_ <= time) {
            if (!lost_) {
                waiting_.push_back(std::move(done));
                return;
            }
            settled = false;
        }
    }
    lock.unlock();
    done(settled);
}

bool RecordingClock::settle(Timestamp time) {
    std::promise<bool> told;
    auto settled = told.get_future();
    when_settled(time, [&told](bool is) { told.set_value(is); });
    return settled.get();
}

/// To whom waits; outside of the lock.
void RecordingClock::answer(bool settled) {
    std::vector<Settled> waiting;
    {
        const std::scoped_lock lock(mutex_);
        waiting.swap(waiting_);
    }
    for (auto& done : waiting) done(settled);
}

}  // namespace vitrine::store::sqlite
