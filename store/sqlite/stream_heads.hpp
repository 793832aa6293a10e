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
        const auto hash = hash_of(tenant, stream);
        const auto& place = places_[hash % places_.size()];
        const bool is_it =
            place.hash == hash && place.stream == stream.view() && place.tenant == tenant.view();
        return is_it ? &place.head : nullptr;
    }

    void set(const TenantId& tenant, const StreamName& stream, StreamHead head) {
        const auto hash = hash_of(tenant, stream);
        auto& place = places_[hash % places_.size()];
        place.hash = hash;
        place.head = head;
        place.tenant.assign(tenant.view());
        place.stream.assign(stream.view());
    }

private:
    struct Place {
        std::size_t hash = 0;  // looked at before the texts, which lie elsewhere
        StreamHead head;
        std::string tenant;  // empty: nothing here yet
        std::string stream;
    };

    static std::size_t hash_of(const TenantId& tenant, const StreamName& stream) {
        constexpr std::hash<std::string_view> hash;
        return hash(tenant.view()) * 31 + hash(stream.view());
    }

    std::vector<Place> places_;
};

}  // namespace vitrine::store::sqlite
