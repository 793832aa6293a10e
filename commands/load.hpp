#pragma once

#include "store/event_store.hpp"

namespace vitrine::commands {

/// Every event of a stream in order, page by page.
template <class Function>
void for_each_event(
    store::EventStore& store, const TenantId& tenant, const StreamName& stream, Function function
) {
    constexpr std::size_t page = 500;
    Version from = 1;
    while (true) {
        const auto events =
            store.read_stream(tenant, stream, from, page, store::Direction::forwards);
        for (const auto& event : events) function(event);
        if (events.size() < page) return;
        from = events.back().version + 1;
    }
}

}  // namespace vitrine::commands
