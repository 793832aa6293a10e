#include "processes/log_reader.hpp"

#include <boost/asio/post.hpp>

namespace vitrine::processes {
namespace {

constexpr std::size_t page_size = 256;

}  // namespace

LogReader::LogReader(
    boost::asio::any_io_executor loop,
    store::EventStore& store,
    Position after,
    store::Filter filter,
    Take take
)
    : log_(store.subscribe(after, std::move(filter))),
      thread_([this, loop = std::move(loop), take = std::move(take)] { read(loop, take); }) {}

LogReader::~LogReader() {
    {
        const std::scoped_lock lock(gate_->mutex);
        gate_->closed = true;
    }
    gate_->changed.notify_all();
    log_->close();
    thread_.join();
}

void LogReader::go_on() {
    {
        const std::scoped_lock lock(gate_->mutex);
        gate_->is_open = true;
    }
    gate_->changed.notify_all();
}

void LogReader::read(const boost::asio::any_io_executor& loop, const Take& take) {
    while (auto page = log_->advance(page_size)) {
        {
            std::unique_lock lock(gate_->mutex);
            gate_->changed.wait(lock, [this] { return gate_->is_open || gate_->closed; });
            if (gate_->closed) return;
            gate_->is_open = false;
        }
        boost::asio::post(loop, [take, page = *std::move(page), upto = log_->position()]() mutable {
            take(std::move(page), upto);
        });
    }
}

}  // namespace vitrine::processes
