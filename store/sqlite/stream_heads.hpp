#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/ids.hpp"

namespace vitrine::store::sqlite {

/// Where a stream stands, as the writing connection sees it.
struct StreamHead {
    std::int64_t stream_id = 0;  // 0: no such stream yet
    Version version = 0;
};

/// The heads of the streams written last, so that an append to one of them needs no look-up.
///
/// Two generations of up to `capacity` each: when the young one is full it becomes the old one, and
/// what was old and not used since is forgotten. Constant memory, no list to keep.
/// Concurrency: the writer's thread.
class StreamHeads {
public:
    explicit StreamHeads(std::size_t capacity) : capacity_(capacity) {}

    /// Null: not known here, which says nothing of the log.
    const StreamHead* find(const TenantId& tenant, const StreamName& stream) {
        const auto key = key_of(tenant, stream);
        if (const auto found = young_.find(key); found != young_.end()) return &found->second;
        const auto found = old_.find(key);
        return found == old_.end() ? nullptr : &put(key, found->second);
    }

    void set(const TenantId& tenant, const StreamName& stream, StreamHead head) {
        put(key_of(tenant, stream), head);
    }

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Heads = std::unordered_map<std::string, StreamHead, TextHash, std::equal_to<>>;

    std::string_view key_of(const TenantId& tenant, const StreamName& stream) {
        key_.assign(tenant.view()).append(1, '\0').append(stream.view());
        return key_;
    }

    const StreamHead& put(std::string_view key, StreamHead head) {
        if (const auto found = young_.find(key); found != young_.end()) {
            return found->second = head;
        }
        if (young_.size() >= capacity_) {
            old_ = std::move(young_);
            young_ = Heads();
        }
        return young_.emplace(key, head).first->second;
    }

    std::size_t capacity_;
    std::string key_;
    Heads young_;
    Heads old_;
};

}  // namespace vitrine::store::sqlite
