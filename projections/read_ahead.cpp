#include "projections/read_ahead.hpp"

namespace vitrine::projections {
namespace {

constexpr std::size_t batch_events = 4096;
constexpr std::size_t batches_ahead = 4;

}  // namespace

ReadAhead::ReadAhead(store::EventStore& store, store::Filter filter)
    : store_(store), filter_(std::move(filter)), thread_([this] { read(); }) {}

ReadAhead::~ReadAhead() {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void ReadAhead::read() {
    std::exception_ptr error;
    try {
        Position from = 1;
        for (;;) {
            const auto head = store_.head();
            Batch batch;
            batch.events = store_.read_all(from, filter_, batch_events, store::Direction::forwards);
            const bool last = batch.events.size() < batch_events;
            const auto seen = batch.events.empty() ? 0 : batch.events.back().position;
            batch.upto = last ? std::max(head, seen) : seen;
            from = batch.upto + 1;
            if (!put(std::move(batch)) || last) break;
        }
    } catch (...) {
        error = std::current_exception();
    }
    {
        const std::scoped_lock lock(mutex_);
        ended_ = true;
        error_ = error;
    }
    changed_.notify_all();
}

bool ReadAhead::put(Batch batch) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopped_ || batches_.size() < batches_ahead; });
        if (stopped_) return false;
        batches_.push_back(std::move(batch));
    }
    changed_.notify_all();
    return true;
}

bool ReadAhead::next(Batch& batch) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return ended_ || !batches_.empty(); });
        if (batches_.empty()) {
            if (error_) std::rethrow_exception(error_);
            return false;
        }
        batch = std::move(batches_.front());
        batches_.pop_front();
    }
    changed_.notify_all();
    return true;
}

}  // namespace vitrine::projections
