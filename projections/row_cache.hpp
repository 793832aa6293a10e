#pragma once

// For the projectors: rows by tenant and id, changed in memory and written out together.

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "events/envelope.hpp"

namespace vitrine::projections {

/// Rows of one table that a projector has touched. Row needs `std::size_t bytes() const`. They are
/// looked up by tenant and id or, where each row is of one stream, by that stream's number, which
/// is quicker; never by the one and by the other.
template <class Row>
class RowCache {
public:
    struct Entry {
        std::unique_ptr<Entry> next;  // of the same hash
        std::size_t bytes = 0;
        unsigned marks = 0;
        bool changed = false;
        Position stream_number = 0;
        TenantId tenant;
        std::string id;
        Row row;

        bool is(const TenantId& other_tenant, std::string_view other_id) const {
            return id == other_id && tenant == other_tenant;
        }
    };

    /// The row of that key; on the first touch `load(Row&)` fills it from the table.
    template <class Load>
    Entry& find(const TenantId& tenant, std::string_view id, Load load) {
        auto* place = &entries_[hash_of(tenant, id)];
        while (*place && !(*place)->is(tenant, id)) place = &(*place)->next;
        if (!*place) {
            *place = std::make_unique<Entry>();
            auto& fresh = **place;
            fresh.tenant = tenant;
            fresh.id = id;
            load(fresh.row);
            measure(fresh);
        }
        return **place;
    }

    /// The row of the event's stream; nullptr: that is of another category. `load` as above.
    template <class Load>
    Entry* find(const events::RecordedEvent& event, std::string_view category, Load load) {
        const auto found = entries_.find(event.stream_number);
        if (found != entries_.end()) return found->second.get();
        if (events::category_of(event.stream) != category) return nullptr;
        auto fresh = std::make_unique<Entry>();
        fresh->stream_number = event.stream_number;
        fresh->tenant = event.tenant;
        fresh->id = events::id_of(event.stream);
        load(fresh->row);
        return (entries_[event.stream_number] = std::move(fresh)).get();
    }

    /// The row has been changed. It is measured now and then: that reads all of it.
    void mark(Entry& entry) {
        constexpr unsigned marks_between = 8;
        if (!entry.changed) changed_.push_back(&entry);
        entry.changed = true;
        if (entry.marks++ % marks_between == 0) measure(entry);
    }

    /// Hands every changed row to `write`, in the order of their streams' numbers, or of tenant and
    /// id; they then count as written.
    template <class Write>
    void write_changed(Write write) {
        std::ranges::sort(changed_, [](const Entry* a, const Entry* b) {
            return std::tie(a->stream_number, a->tenant, a->id) <
                   std::tie(b->stream_number, b->tenant, b->id);
        });
        for (auto* entry : changed_) {
            write(*entry);
            entry->changed = false;
            measure(*entry);
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
    static std::size_t hash_of(const TenantId& tenant, std::string_view id) {
        constexpr std::size_t odd = 0x9e3779b97f4a7c15;
        return std::hash<std::string_view>{}(id) + odd * std::hash<TenantId>{}(tenant);
    }

    void measure(Entry& entry) {
        constexpr std::size_t overhead = 160;  // key, node, bucket
        bytes_ -= entry.bytes;
        entry.bytes = entry.row.bytes() + overhead;
        bytes_ += entry.bytes;
    }

    // A rebuild of many interleaved streams waits for memory more than for anything else: this
    // takes half the misses of a std::unordered_map by text.
    boost::unordered_flat_map<std::size_t, std::unique_ptr<Entry>> entries_;
    std::vector<Entry*> changed_;
    std::size_t bytes_ = 0;
};

}  // namespace vitrine::projections
