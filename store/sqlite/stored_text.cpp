#include "store/sqlite/stored_text.hpp"

#include <algorithm>

#include "core/uuid.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr std::size_t uuid_size = 36;

std::uint8_t value_of(char digit) {
    return static_cast<std::uint8_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

bool is_before_dash(std::size_t byte) {
    return byte == 3 || byte == 5 || byte == 7 || byte == 9;
}

UuidBytes parse(std::string_view uuid) {
    UuidBytes bytes;
    const char* from = uuid.data();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(value_of(from[0]) * 16 + value_of(from[1]));
        from += is_before_dash(i) ? 3 : 2;
    }
    return bytes;
}

using UuidText = std::array<char, uuid_size>;

/// False: not the bytes of a UUID.
bool read_uuid(const Statement::Run& row, int column, UuidText& uuid) {
    constexpr char digits[] = "0123456789abcdef";
    const auto bytes = row.is_blob(column) ? row.blob(column) : Bytes();
    if (bytes.size() != std::tuple_size_v<UuidBytes>) return false;
    char* to = uuid.data();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
        if (is_before_dash(i)) *to++ = '-';
    }
    return true;
}

}  // namespace

StoredText::StoredText(std::string_view text, std::string_view uuid) : text_(text) {
    if (is_uuid(uuid)) uuid_ = parse(uuid);
}

StoredText stored(const EventId& id) {
    return {id.view(), id.view()};
}

StoredText stored(const StreamName& stream, std::string_view category) {
    const auto name = stream.view();
    const bool has_id = name.size() == category.size() + 1 + uuid_size;
    return {name, has_id ? name.substr(category.size() + 1) : std::string_view()};
}

void read_into(EventId& id, const Statement::Run& row, int column) {
    UuidText uuid;
    const bool is_uuid = read_uuid(row, column, uuid);
    id.assign(is_uuid ? std::string_view(uuid.data(), uuid.size()) : row.text(column));
}

void read_into(StreamName& name, const Statement::Run& row, int column, std::string_view category) {
    UuidText uuid;
    if (!read_uuid(row, column, uuid)) return name.assign(row.text(column));
    constexpr std::size_t usual = 24;  // characters of a category
    std::array<char, usual + 1 + uuid_size> short_name;
    if (category.size() > usual) {
        name.assign(std::string(category) + '-' + std::string(uuid.data(), uuid.size()));
        return;
    }
    auto* end = std::ranges::copy(category, short_name.data()).out;
    *end++ = '-';
    end = std::ranges::copy(uuid, end).out;
    name.assign({short_name.data(), end});
}

}  // namespace vitrine::store::sqlite
