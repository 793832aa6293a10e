#include "store/sqlite/event_id.hpp"

#include "core/uuid.hpp"

namespace vitrine::store::sqlite {
namespace {

std::uint8_t value_of(char digit) {
    return static_cast<std::uint8_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

}  // namespace

StoredEventId::StoredEventId(std::string_view text) : text_(text), is_uuid_(is_uuid(text)) {
    if (!is_uuid_) return;
    std::size_t at = 0;
    for (auto& byte : bytes_) {
        if (text[at] == '-') ++at;
        byte = static_cast<std::uint8_t>(value_of(text[at]) * 16 + value_of(text[at + 1]));
        at += 2;
    }
}

std::string read_event_id(const Statement::Run& row, int column) {
    if (!row.is_blob(column)) return row.string(column);
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (const auto byte : row.blob(column)) {
        const auto size = text.size();
        if (size == 8 || size == 13 || size == 18 || size == 23) text += '-';
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace vitrine::store::sqlite
