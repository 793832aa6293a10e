#include "store/sqlite/stored_text.hpp"

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

void append_uuid(std::string& text, Bytes bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::array<char, uuid_size> uuid{};
    char* to = uuid.data();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
        if (is_before_dash(i)) *to++ = '-';
    }
    text.append(uuid.data(), uuid.size());
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

EventId read_event_id(const Statement::Run& row, int column) {
    const auto uuid = row.is_blob(column) ? row.blob(column) : Bytes();
    if (uuid.size() != std::tuple_size_v<UuidBytes>) return EventId(row.text(column));
    std::string text;
    append_uuid(text, uuid);
    return EventId(std::move(text));
}

StreamName read_stream_name(const Statement::Run& row, int column, std::string_view category) {
    const auto uuid = row.is_blob(column) ? row.blob(column) : Bytes();
    if (uuid.size() != std::tuple_size_v<UuidBytes>) return StreamName(row.text(column));
    std::string text;
    text.reserve(category.size() + 1 + uuid_size);
    text.append(category).append(1, '-');
    append_uuid(text, uuid);
    return StreamName(std::move(text));
}

}  // namespace vitrine::store::sqlite
