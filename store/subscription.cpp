#include "store/event_store.hpp"

namespace vitrine::store {

std::vector<RecordedEvent> Subscription::next(std::size_t limit) {
    std::vector<RecordedEvent> copies;
    while (copies.empty()) {
        const auto events = advance(limit);
        if (!events) break;
        for (const auto& event : *events) copies.push_back(*event);
    }
    return copies;
}

}  // namespace vitrine::store
