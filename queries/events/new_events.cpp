#include "queries/events/new_events.hpp"

#include "events/cloud_event.hpp"
#include "events/people.hpp"

namespace vitrine::queries {
namespace {

constexpr std::size_t kept_events = 2048;
constexpr std::size_t largest_kept = 16UL * 1024;  // bytes; larger ones are made anew each time
constexpr std::size_t page = 10'000;

}  // namespace

NewEvents::NewEvents(store::EventStore& store)
    : log_(store.subscribe(store.head(), {})), kept_(kept_events), thread_([this] {
          do {
              waiters_.reached(log_->position());
          } while (log_->advance(page));
      }) {}

NewEvents::~NewEvents() {
    close();
    log_->close();
    thread_.join();
}

boost::asio::awaitable<bool> NewEvents::wait_beyond(
    Position position, std::chrono::steady_clock::time_point deadline
) {
    return waiters_.wait_until(position + 1, deadline);
}

std::shared_ptr<const std::string> NewEvents::cloud_event(const events::RecordedEvent& event) {
    // What is shown of people changes when they are erased.
    if (events::names_people(event.type))
        return std::make_shared<const std::string>(events::to_cloud_event(event));
    auto& place = kept_[event.position % kept_events];
    {
        const std::scoped_lock lock(mutex_);
        if (place.position == event.position) return place.text;
    }
    auto text = std::make_shared<const std::string>(events::to_cloud_event(event));
    if (text->size() <= largest_kept) {
        const std::scoped_lock lock(mutex_);
        place = {event.position, text};
    }
    return text;
}

void NewEvents::close() {
    closed_ = true;
    waiters_.close();
}

}  // namespace vitrine::queries
