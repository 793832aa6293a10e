#pragma once

// For the projectors: rows by tenant and id, changed in memory and written out together.

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/ids.hpp"

namespace vitrine::projections {

/// Rows of one table that a projector has touched. Row needs `std::size_t bytes() const`.
template <class Row>
class RowCache {
public:
    struct Entry {
        TenantId tenant;
        std::string id;
        Row row;
        std::size_t bytes = 0;
        bool changed = false;
    };

    /// The row of that key; on the first touch `load(Row&)` fills it from the table.
    template <class Load>
    Entry& find(const TenantId& tenant, std::string_view id, Load load) {
        key_.assign(tenant.view());
        key_ += '/';
        key_ += id;
        const auto [found, fresh] = entries_.try_emplace(key_);
        auto& entry = found->second;
        if (fresh) {
            entry.tenant = tenant;
            entry.id = id;
            load(entry.row);
            measure(entry);
        }
        return entry;
    }

    void mark(Entry& entry) {
        if (!entry.changed) changed_.push_back(&entry);
        entry.changed = true;
        measure(entry);
    }

    /// Hands every changed row to `write` in the order of tenant and id; they then count as
    /// written.
    template <class Write>
    void write_changed(Write write) {
        std::ranges::sort(changed_, [](const Entry* a, const Entry* b) {
            return std::tie(a->tenant, a->id) < std::tie(b->tenant, b->id);
        });
        for (auto* entry : changed_) {
            write(*entry);
            entry->changed = false;
        }
        changed_.clear();
    }

    void clear() {
        changed_.clear();
        entries_.clear();
        bytes_ = 0;
    }

    std::size_t bytes() const { return bytes_; }

private:
    void measure(Entry& entry) {
        constexpr std::size_t overhead = 160;  // key, node, bucket
        bytes_ -= entry.bytes;
        entry.bytes = entry.row.bytes() + overhead;
        bytes_ += entry.bytes;
    }

    std::unordered_map<std::string, Entry> entries_;  // nodes keep their address
    std::vector<Entry*> changed_;
    std::string key_;
    std::size_t bytes_ = 0;
};

}  // namespace vitrine::projections
