#pragma once

#include <string>
#include <utility>

namespace vitrine {

/// A JSON value as compact text. Headers carry it so that they need no JSON library; it is well
/// formed by construction: whoever makes one has parsed or written it. Empty text means "absent".
struct JsonText {
    std::string text;

    JsonText() = default;
    explicit JsonText(std::string json) : text(std::move(json)) {}
    bool empty() const { return text.empty(); }
    bool is_null() const { return text == "null"; }
    bool operator==(const JsonText&) const = default;
};

/// What a member is after an edit that says `edit` of it: absent, it stays; null, it goes.
inline JsonText after_edit(JsonText before, JsonText edit) {
    if (edit.empty()) return before;
    return edit.is_null() ? JsonText() : edit;
}

}  // namespace vitrine
