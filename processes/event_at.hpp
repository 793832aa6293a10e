#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "store/event_store.hpp"
#include "store/read.hpp"

namespace vitrine::processes {

/// The event of the log at a position; nullptr: there is none.
inline boost::asio::awaitable<store::SharedEvent> event_at(
    store::EventStore& store, Position position
) {
    auto reading = store::read(store, [&]() -> store::SharedEvent {
        auto events = store.read_all(position, {}, 1, store::Direction::forwards);
        if (events.empty() || events.front().position != position) return nullptr;
        return std::make_shared<const events::RecordedEvent>(std::move(events.front()));
    });
    co_return co_await std::move(reading);
}

inline boost::asio::awaitable<Position> head_of(store::EventStore& store) {
    auto reading = store::read(store, [&] { return store.head(); });
    co_return co_await std::move(reading);
}

}  // namespace vitrine::processes
