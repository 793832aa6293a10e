#include "projections/row_writer.hpp"

namespace vitrine::projections {
namespace {

constexpr std::size_t most_pieces = 16;

}  // namespace

RowWriter::RowWriter() : thread_([this] { run(); }) {}

RowWriter::~RowWriter() {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void RowWriter::post(Work work) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return error_ || pieces_.size() < most_pieces; });
        if (error_) std::rethrow_exception(error_);
        pieces_.push_back(std::move(work));
    }
    changed_.notify_all();
}

void RowWriter::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return error_ || (pieces_.empty() && !working_); });
    if (error_) std::rethrow_exception(error_);
}

void RowWriter::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopped_ || !pieces_.empty(); });
        if (stopped_) return;
        auto work = std::move(pieces_.front());
        pieces_.pop_front();
        working_ = true;
        lock.unlock();
        changed_.notify_all();
        std::exception_ptr error;
        try {
            work();
        } catch (...) {
            error = std::current_exception();
        }
        work = nullptr;
        lock.lock();
        working_ = false;
        if (error) {
            error_ = error;
            pieces_.clear();
        }
        changed_.notify_all();
    }
}

}  // namespace vitrine::projections
