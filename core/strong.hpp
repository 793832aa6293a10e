#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace vitrine {

/// A text with a meaning: two of different Tag never mix, and none is made by accident.
template <class Tag>
class Strong {
public:
    Strong() = default;
    explicit Strong(std::string text) : text_(std::move(text)) {}
    explicit Strong(std::string_view text) : text_(text) {}
    explicit Strong(const char* text) : text_(text) {}

    const std::string& str() const { return text_; }
    std::string_view view() const { return text_; }
    bool empty() const { return text_.empty(); }

    /// Another text, in the memory of the former one if that is enough.
    void assign(std::string_view text) { text_.assign(text); }

    auto operator<=>(const Strong&) const = default;
    bool operator==(const Strong&) const = default;

private:
    std::string text_;
};

}  // namespace vitrine

template <class Tag>
struct std::hash<vitrine::Strong<Tag>> {
    std::size_t operator()(const vitrine::Strong<Tag>& value) const noexcept {
        return std::hash<std::string_view>{}(value.view());
    }
};
