#include "api/service/log_watch.hpp"

namespace vitrine::api {
namespace {

constexpr std::size_t events_at_once = 100;

}  // namespace

void LogWatch::begin(store::EventStore& store, const store::Filter& filter, Heard heard) {
    log_ = store.subscribe(store.head(), filter);
    thread_ = std::thread([this, heard = std::move(heard)] {
        while (const auto events = log_->advance(events_at_once)) {
            for (const auto& event : *events) heard(*event);
        }
    });
}

void LogWatch::end() {
    if (!thread_.joinable()) return;
    log_->close();
    thread_.join();
}

}  // namespace vitrine::api
