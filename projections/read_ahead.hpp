#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include "store/event_store.hpp"

namespace vitrine::projections {

/// Reads the log on a thread of its own, a few batches ahead of whoever takes them.
class ReadAhead {
public:
    struct Batch {
        std::vector<store::RecordedEvent> events;
        Position upto = 0;  // events up to here are in this batch or an earlier one
    };

    /// Up to the end that the log has then; `upto` ends it earlier.
    ReadAhead(
        store::EventStore& store,
        store::Filter filter,
        store::Detail detail,
        Position from,
        Position upto = std::numeric_limits<std::int64_t>::max()
    );
    ~ReadAhead();

    /// False: the end of the log was reached. Throws what reading threw. The memory of what is in
    /// `batch` already is read into again.
    bool next(Batch& batch);

private:
    void read();
    Batch spent_batch();
    bool put(Batch batch);

    store::EventStore& store_;
    store::Filter filter_;
    store::Detail detail_;
    Position from_, upto_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Batch> batches_;
    std::vector<Batch> spent_;
    bool ended_ = false;    // by the reader
    bool stopped_ = false;  // by the taker
    std::exception_ptr error_;
    std::thread thread_;
};

}  // namespace vitrine::projections
