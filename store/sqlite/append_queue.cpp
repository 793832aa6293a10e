#include "store/sqlite/append_queue.hpp"

#include <chrono>
#include <thread>

#include "core/overloaded.hpp"
#include "store/sqlite/append_error.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr std::chrono::microseconds patience(20);

std::size_t bytes_of(const Conclude& conclude) {
    return conclude.head.body.text.size() + conclude.answer.body.text.size();
}

std::size_t bytes_of(const Append& append) {
    std::size_t bytes = 0;
    for (const auto& part : append.streams) {
        for (const auto& event : part.events) bytes += event.data.size() + event.metadata.size();
    }
    if (append.journal) {
        bytes += std::visit(
            overloaded{
                [](const Accept& accept) {
                    return accept.head.body.text.size() + accept.plan.text.size();
                },
                [](const Progress& progress) { return progress.plan.text.size(); },
                [](const Conclude& conclude) { return bytes_of(conclude); },
                [](const ConcludeAll& all) {
                    std::size_t sum = 0;
                    for (const auto& conclude : all.commands) sum += bytes_of(conclude);
                    return sum;
                },
                [](const Prune& prune) { return prune.ids.size() * sizeof(CommandId); },
                [](const Hold& hold) { return hold.keys.size() * sizeof(HeldClaim); },
                [](const TakeOver&) { return sizeof(TakeOver); },
                [](const Renew& renew) { return renew.rows.size() * sizeof(CommandName); },
            },
            *append.journal
        );
    }
    return bytes;
}

}  // namespace

std::optional<AppendError> AppendQueue::push(Pending& pending) {
    pending.bytes = bytes_of(pending.append);
    pending.since = std::chrono::steady_clock::now();
    bool wake = false;
    {
        const std::scoped_lock lock(mutex_);
        if (closed_) {
            return append_error(AppendError::Kind::shutting_down, "the log is being closed");
        }
        const bool fits = size_ == 0 || bytes_ + pending.bytes <= byte_limit_;
        if (size_ >= limit_ || !fits) {
            return append_error(AppendError::Kind::queue_full, "too many appends are waiting");
        }
        bytes_ += pending.bytes;
        ++size_;
        pending_.push_back(std::move(pending));
        wake = std::exchange(waiting_, false);
    }
    if (wake) changed_.notify_all();
    return std::nullopt;
}

std::span<Pending> AppendQueue::take(std::size_t appends, std::size_t bytes) {
    if (next_ == taken_over_.size() && !take_over()) return {};
    const auto first = next_;
    std::size_t taken_bytes = 0;
    while (next_ < taken_over_.size() && next_ - first < appends) {
        const auto size = taken_over_[next_].bytes;
        if (next_ > first && taken_bytes + size > bytes) break;
        taken_bytes += size;
        ++next_;
    }
    bytes_ -= taken_bytes;
    size_ -= next_ - first;
    return std::span(taken_over_).subspan(first, next_ - first);
}

/// To be woken takes longer than many a caller needs for its next append.
void AppendQueue::linger() const {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (size() == 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
}

/// Waits for appends and makes them the writer's. False: closed, and none is left.
bool AppendQueue::take_over() {
    taken_over_.clear();
    next_ = 0;
    linger();
    std::unique_lock lock(mutex_);
    while (pending_.empty() && !closed_) {
        waiting_ = true;
        changed_.wait(lock);
    }
    taken_over_.swap(pending_);
    return !taken_over_.empty();
}

bool AppendQueue::wait_filled(std::chrono::milliseconds at_most) {
    if (next_ < taken_over_.size()) return true;
    linger();
    std::unique_lock lock(mutex_);
    waiting_ = true;
    const bool filled =
        changed_.wait_for(lock, at_most, [this] { return !pending_.empty() || closed_; });
    waiting_ = false;
    return filled;
}

void AppendQueue::close() {
    {
        const std::scoped_lock lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

bool AppendQueue::is_closed() {
    const std::scoped_lock lock(mutex_);
    return closed_;
}

void AppendQueue::wait_closed(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [this] { return closed_; });
}

}  // namespace vitrine::store::sqlite
