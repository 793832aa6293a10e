#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/sqlite/statement.hpp"

namespace vitrine::store::sqlite {

/// An event id as it is stored: the 16 bytes of a UUID in its usual spelling, other text as it is.
class StoredEventId {
public:
    explicit StoredEventId(std::string_view text);

    /// Calls `use` with what to bind. `text` must still live.
    template <class Use>
    decltype(auto) visit(Use use) const {
        return is_uuid_ ? use(Bytes(bytes_)) : use(text_);
    }

private:
    std::string_view text_;
    std::array<std::uint8_t, 16> bytes_{};
    bool is_uuid_ = false;
};

/// The text form of column `column`.
std::string read_event_id(const Statement::Run& row, int column);

}  // namespace vitrine::store::sqlite
