#include "projections/read_ahead.hpp"

#include <utility>

namespace vitrine::projections {
namespace {

constexpr std::size_t batch_events = 4096;
constexpr std::size_t batches_ahead = 4;

}  // namespace

ReadAhead::ReadAhead(
    store::EventStore& store,
    store::Filter filter,
    store::Detail detail,
    Position from,
    Position upto
)
    : store_(store),
      filter_(std::move(filter)),
      detail_(detail),
      from_(from),
      upto_(upto),
      thread_([this] { read(); }) {}

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
        for (auto from = from_;;) {
            const auto head = store_.head();
            auto batch = spent_batch();
            auto& events = batch.events;
            store_.read_all_into(
                events, from, filter_, batch_events, store::Direction::forwards, detail_
            );
            bool last = events.size() < batch_events;
            const auto seen = events.empty() ? from - 1 : events.back().position;
            batch.upto = last ? std::max(head, seen) : seen;
            if (batch.upto >= upto_) {
                while (!events.empty() && events.back().position > upto_) events.pop_back();
                batch.upto = upto_;
                last = true;
            }
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

ReadAhead::Batch ReadAhead::spent_batch() {
    const std::scoped_lock lock(mutex_);
    if (spent_.empty()) return {};
    auto batch = std::move(spent_.back());
    spent_.pop_back();
    return batch;
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
        spent_.push_back(std::exchange(batch, std::move(batches_.front())));
        batches_.pop_front();
    }
    changed_.notify_all();
    return true;
}

}  // namespace vitrine::projections
