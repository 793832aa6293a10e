#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"

namespace vitrine::store::sqlite {

/// Where a stream stands, as the writing connection sees it.
struct StreamHead {
    std::int64_t stream_id = 0;  // 0: no such stream yet
    Version version = 0;
};

/// The heads of the streams written last, so that an append to one of them needs no look-up: a
/// table of fixed size in which a stream takes the place of the one that was there before. Constant
/// memory, and none taken or given once it is warm.
/// Concurrency: the writer's thread.
class StreamHeads {
public:
    explicit StreamHeads(std::size_t capacity) : places_(capacity) {}

    /// Null: not known here, which says nothing of the log.
    const StreamHead* find(const TenantId& tenant, const StreamName& stream) const {
        const auto& place = places_[index_of(tenant, stream)];
        const bool is_it = place.stream == stream.view() && place.tenant == tenant.view();
        return is_it ? &place.head : nullptr;
    }

    void set(const TenantId& tenant, const StreamName& stream, StreamHead head) {
        auto& place = places_[index_of(tenant, stream)];
        place.tenant.assign(tenant.view());
        place.stream.assign(stream.view());
        place.head = head;
    }

private:
    struct Place {
        std::string tenant;
        std::string stream;  // empty: nothing here yet
        StreamHead head;
    };

    std::size_t index_of(const TenantId& tenant, const StreamName& stream) const {
        constexpr std::hash<std::string_view> hash;
        return (hash(tenant.view()) * 31 + hash(stream.view())) % places_.size();
    }

    std::vector<Place> places_;
};

}  // namespace vitrine::store::sqlite
