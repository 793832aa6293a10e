#include <algorithm>

#include "store/event_store.hpp"

namespace vitrine::store {

bool Filter::matches(const RecordedEvent& event) const {
    if (tenant && event.tenant != *tenant) return false;
    if (stream && event.stream != *stream) return false;
    if (!category.empty() && events::category_of(event.stream) != category) return false;
    if (!types.empty() && std::ranges::find(types, event.type) == types.end()) return false;
    if (since && event.recorded_at < *since) return false;
    return !until || event.recorded_at <= *until;
}

}  // namespace vitrine::store
