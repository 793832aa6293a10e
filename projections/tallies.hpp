#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/ids.hpp"
#include "events/envelope.hpp"

namespace SQLite {
class Database;
}

namespace vitrine::projections {

/// How many events, and which: a digest that does not depend on the order in which they are added,
/// so that tallies of parts add up to that of the whole. It finds mistakes, not forgery: the hash
/// chain of the log does that.
struct Tally {
    std::uint64_t events = 0;
    std::uint64_t low = 0, high = 0;  // sums of the events' 128-bit marks

    Tally& operator+=(const Tally& other);
    Tally& operator-=(const Tally& other);
    bool operator==(const Tally&) const = default;

    std::string digest() const;  // 32 hexadecimal digits
};

/// The tally of one event: SipHash-2-4 of its position and id.
Tally tally_of(Position position, std::string_view event_id);

/// Tallies by tenant and event type.
class Tallies {
public:
    using Key = std::pair<std::string, std::string>;  // tenant, type
    struct Less {
        using is_transparent = void;
        bool operator()(const auto& a, const auto& b) const {
            const int order = std::string_view(a.first).compare(b.first);
            return order != 0 ? order < 0 : a.second < b.second;
        }
    };
    using Entries = std::map<Key, Tally, Less>;

    void add(const events::RecordedEvent& event);
    void add(std::string_view tenant, std::string_view type, const Tally& tally);
    void add(const Tallies& other);
    void remove_tenant(const TenantId& tenant);
    void clear() { entries_.clear(); }

    /// Zero for what was never added.
    Tally of(const Key& key) const;
    const Entries& entries() const { return entries_; }
    bool operator==(const Tallies&) const = default;

private:
    Entries entries_;
};

/// The table `tallies` of a read-model file: of the events that are in its rows.
void create_tallies(SQLite::Database& database);
Tallies read_tallies(SQLite::Database& database);

/// Adds `more` to the table, in which `present` is.
void write_tallies(SQLite::Database& database, const Tallies& present, const Tallies& more);

}  // namespace vitrine::projections
