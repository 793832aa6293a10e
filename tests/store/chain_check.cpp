#include "tests/store/chain_check.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <openssl/sha.h>

#include <cstdint>
#include <map>

namespace vitrine::store::testing {
namespace {

std::string sha256(const std::string& bytes) {
    std::string hash(SHA256_DIGEST_LENGTH, '\0');
    SHA256(
        reinterpret_cast<const unsigned char*>(bytes.data()),
        bytes.size(),
        reinterpret_cast<unsigned char*>(hash.data())
    );
    return hash;
}

std::string hex(const std::string& bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += "0123456789abcdef"[byte / 16];
        text += "0123456789abcdef"[byte % 16];
    }
    return text;
}

std::string big_endian(std::int64_t number) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) {
        bytes += static_cast<char>((static_cast<std::uint64_t>(number) >> shift) & 255);
    }
    return bytes;
}

std::string field(const std::string& bytes) {
    return big_endian(static_cast<std::int64_t>(bytes.size())) + bytes;
}

}  // namespace

std::string find_fault_in_chains(const std::filesystem::path& directory) {
    SQLite::Database database((directory / "events.db").string(), SQLite::OPEN_READONLY);
    SQLite::Statement select(
        database,
        "SELECT position, event_id, tenant, stream, version, type, schema, occurred_at, "
        "recorded_at, data, metadata, hash FROM event_log ORDER BY position"
    );
    std::map<std::string, std::string> heads;
    std::int64_t expected_position = 1;
    while (select.executeStep()) {
        const auto position = select.getColumn(0).getInt64();
        if (position != expected_position++) return "a gap before " + std::to_string(position);
        const auto text = [&](int column) { return field(select.getColumn(column).getString()); };
        const auto number = [&](int column) {
            return field(big_endian(select.getColumn(column).getInt64()));
        };
        const auto tenant = select.getColumn(2).getString();
        auto& head = heads.try_emplace(tenant, sha256(tenant)).first->second;
        head = sha256(
            field(head) + text(1) + text(2) + text(3) + number(4) + text(5) + number(6) +
            number(7) + number(8) + text(9) + text(10)
        );
        if (hex(head) != select.getColumn(11).getString()) {
            return "the chain breaks at " + std::to_string(position);
        }
    }
    return {};
}

}  // namespace vitrine::store::testing
