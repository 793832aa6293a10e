#include "projections/tallies.hpp"

#include <sodium.h>

#include <array>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

/// Public: the digest must be the same in every process.
constexpr std::array<unsigned char, crypto_shorthash_siphashx24_KEYBYTES> key = {
    'v', 'i', 't', 'r', 'i', 'n', 'e', ' ', 't', 'a', 'l', 'l', 'i', 'e', 's', '1'
};

constexpr std::size_t position_bytes = 8;
constexpr std::size_t usual_id_bytes = 56;

std::uint64_t load_number(const unsigned char* bytes) {
    std::uint64_t number = 0;
    for (int i = 7; i >= 0; --i) number = number << 8 | bytes[i];
    return number;
}

std::uint64_t parse_hex(std::string_view digits) {
    std::uint64_t number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    if (error != std::errc() || end != digits.data() + digits.size()) {
        throw std::runtime_error("a digest in the read model cannot be read");
    }
    return number;
}

Tally hash_of(const unsigned char* bytes, std::size_t size) {
    std::array<unsigned char, crypto_shorthash_siphashx24_BYTES> out{};
    crypto_shorthash_siphashx24(out.data(), bytes, size, key.data());
    return {1, load_number(out.data()), load_number(out.data() + 8)};
}

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
    events += other.events;
    low += other.low;
    high += other.high;
    return *this;
}

Tally& Tally::operator-=(const Tally& other) {
    events -= other.events;
    low -= other.low;
    high -= other.high;
    return *this;
}

std::string Tally::digest() const {
    std::array<char, 33> digits{};
    std::snprintf(digits.data(), digits.size(), "%016" PRIx64 "%016" PRIx64, high, low);
    return digits.data();
}

Tally tally_of(Position position, std::string_view event_id) {
    std::array<unsigned char, position_bytes + usual_id_bytes> bytes{};
    for (std::size_t i = 0; i < position_bytes; ++i) {
        bytes[i] = static_cast<unsigned char>(position >> (8 * i));
    }
    if (event_id.size() <= usual_id_bytes) {
        std::memcpy(bytes.data() + position_bytes, event_id.data(), event_id.size());
        return hash_of(bytes.data(), position_bytes + event_id.size());
    }
    std::string longer(reinterpret_cast<const char*>(bytes.data()), position_bytes);
    longer += event_id;
    return hash_of(reinterpret_cast<const unsigned char*>(longer.data()), longer.size());
}

void Tallies::add(const events::RecordedEvent& event) {
    add(event.tenant.view(), event.type, tally_of(event.position, event.id.view()));
}

void Tallies::add(std::string_view tenant, std::string_view type, const Tally& tally) {
    auto found = entries_.find(std::pair(tenant, type));
    if (found == entries_.end()) found = entries_.emplace(Key(tenant, type), Tally()).first;
    found->second += tally;
}

void Tallies::add(const Tallies& other) {
    for (const auto& [of, tally] : other.entries_) entries_[of] += tally;
}

void Tallies::remove_tenant(const TenantId& tenant) {
    std::erase_if(entries_, [&](const auto& entry) { return entry.first.first == tenant.view(); });
}

Tally Tallies::of(const Key& wanted) const {
    const auto found = entries_.find(wanted);
    return found == entries_.end() ? Tally() : found->second;
}

void create_tallies(SQLite::Database& database) {
    database.exec(
        "CREATE TABLE tallies("
        " tenant TEXT NOT NULL, type TEXT NOT NULL,"
        " events INTEGER NOT NULL, digest TEXT NOT NULL,"  // of the events in the rows
        " PRIMARY KEY(tenant, type)) WITHOUT ROWID"
    );
}

Tallies read_tallies(SQLite::Database& database) {
    Statement select(database.getHandle(), "SELECT tenant,type,events,digest FROM tallies");
    Tallies tallies;
    for (auto rows = select.run(); rows.next();) {
        const auto digest = rows.text(3);
        if (digest.size() != 32) throw std::runtime_error("a digest has not 32 digits");
        tallies.add(
            rows.text(0),
            rows.text(1),
            {rows.unsigned_number(2), parse_hex(digest.substr(16)), parse_hex(digest.substr(0, 16))}
        );
    }
    return tallies;
}

void write_tallies(SQLite::Database& database, const Tallies& present, const Tallies& more) {
    Statement write(
        database.getHandle(),
        "INSERT INTO tallies VALUES(?,?,?,?) ON CONFLICT(tenant, type) DO UPDATE"
        " SET events=excluded.events, digest=excluded.digest"
    );
    for (const auto& [of, added] : more.entries()) {
        auto tally = present.of(of);
        tally += added;
        const auto digest = tally.digest();
        write.execute(of.first, of.second, tally.events, digest);
    }
}

}  // namespace vitrine::projections
