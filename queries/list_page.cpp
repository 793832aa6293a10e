#include "queries/list_page.hpp"

#include "core/json_append.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {

std::optional<std::uint64_t> read_position_cursor(
    const std::optional<std::string>& cursor, std::vector<Fault>& faults
) {
    if (!cursor) return std::nullopt;
    const auto position = decode_position_cursor(*cursor);
    if (!position)
        faults.push_back(
            {"/cursor",
             "invalid",
             {"cursor is not the next_cursor of a page", "cursor não é o next_cursor de uma página"}
            }
        );
    return position;
}

void ListBody::add(std::string_view item) {
    if (text_.back() != '[') text_ += ',';
    text_ += item;
}

std::string ListBody::end(std::string_view next_cursor) && {
    text_ += "],\"next_cursor\":";
    if (next_cursor.empty()) {
        text_ += "null";
    } else {
        append_quoted(text_, next_cursor);
    }
    text_ += '}';
    return std::move(text_);
}

}  // namespace vitrine::queries
