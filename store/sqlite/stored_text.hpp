#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "store/sql/statement.hpp"

namespace vitrine::store::sqlite {

using UuidBytes = std::array<std::uint8_t, 16>;

/// A text as the log keeps it: the 16 bytes of a UUID in its usual spelling, other text as it is.
class StoredText {
public:
    /// Calls `use` with what to bind. The text must still live.
    template <class Use>
    decltype(auto) visit(Use use) const {
        return uuid_ ? use(Bytes(*uuid_)) : use(text_);
    }

    const std::optional<UuidBytes>& uuid() const { return uuid_; }

private:
    friend StoredText stored(const EventId& id);
    friend StoredText stored(const StreamName& stream, std::string_view category);
    StoredText(std::string_view text, std::string_view uuid);

    std::string_view text_;
    std::optional<UuidBytes> uuid_;
};

StoredText stored(const EventId& id);

/// Of "<category>-<UUID>" only the UUID; any other name in full.
StoredText stored(const StreamName& stream, std::string_view category);

void read_into(EventId& id, const Statement::Run& row, int column);
void read_into(StreamName& name, const Statement::Run& row, int column, std::string_view category);

}  // namespace vitrine::store::sqlite
