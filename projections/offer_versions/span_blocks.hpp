#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "core/ids.hpp"

namespace vitrine::projections {

/// As many positions in a row, from a multiple on, are a block of `offer_span_blocks`. A list by
/// change looks at each block, and in one that is not passed over looks up each version.
constexpr Position span_block_positions = 128;

constexpr Position span_block_of(Position position) {
    return position / span_block_positions;
}

/// A span is as long as a version was valid. What is to be added to the blocks in which spans
/// begin. One thread uses it.
class SpanBlocks {
public:
    struct Added {
        std::int64_t open = 0;  // fewer than zero: more ended than began
        Position last_end = 0;
    };

    void begin(const TenantId& tenant, Position at) { ++blocks_of(tenant)[span_block_of(at)].open; }
    void end(const TenantId& tenant, Position begun_at, Position at) {
        auto& block = blocks_of(tenant)[span_block_of(begun_at)];
        --block.open;
        block.last_end = std::max(block.last_end, at);
    }

    /// Hands all to `write(tenant, block, added)`, in order of tenant and block, and forgets them.
    template <class Write>
    void write(Write write) {
        for (const auto& [tenant, blocks] : blocks_) {
            std::vector<std::pair<Position, Added>> sorted(blocks.begin(), blocks.end());
            std::ranges::sort(sorted, {}, &std::pair<Position, Added>::first);
            for (const auto& [block, added] : sorted) write(tenant, block, added);
        }
        clear();
    }

    void clear() {
        latest_ = nullptr;
        blocks_.clear();
    }

    std::size_t bytes() const {
        std::size_t bytes = 0;
        for (const auto& [tenant, blocks] : blocks_) bytes += blocks.bucket_count() * 32;
        return bytes;
    }

private:
    using Blocks = boost::unordered_flat_map<Position, Added>;

    Blocks& blocks_of(const TenantId& tenant) {
        if (latest_ == nullptr || latest_->first != tenant) {
            latest_ = &*blocks_.try_emplace(tenant).first;
        }
        return latest_->second;
    }

    std::map<TenantId, Blocks> blocks_;
    std::pair<const TenantId, Blocks>* latest_ = nullptr;  // most events in a row are of one tenant
};

}  // namespace vitrine::projections
