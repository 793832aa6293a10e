#pragma once

// For the queries: what all lists, and all histories, answer alike.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/fault.hpp"
#include "queries/answer.hpp"

namespace vitrine::queries {

/// A cursor that is one number, as encode_position_cursor makes it.
std::optional<std::uint64_t> read_position_cursor(
    const std::optional<std::string>& cursor, std::vector<Fault>& faults
);

/// `{"items":[…],"next_cursor":…|null}` of items in JSON, added one by one.
class ListBody {
public:
    void add(std::string_view item);
    /// `next_cursor` empty: it was the last page.
    std::string end(std::string_view next_cursor) &&;

private:
    std::string text_ = "{\"items\":[";
};

/// `body_of(item)`: its JSON. `position` nullopt: the answer is of no read model.
template <class Items, class BodyOf>
Answer list_answer(
    const Items& items, std::optional<Position> position, std::string next_cursor, BodyOf body_of
) {
    ListBody body;
    for (const auto& item : items) body.add(body_of(item));
    Answer answer;
    answer.position = position;
    answer.body = std::move(body).end(next_cursor);
    answer.next_cursor = std::move(next_cursor);
    return answer;
}

}  // namespace vitrine::queries
