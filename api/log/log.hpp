#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// The program's log: one JSON object a line on the standard error. Never bodies, query strings or
// keys. Any thread.
namespace vitrine::api::log {

/// Of a member: JSON has texts, numbers and booleans.
class Value {
public:
    Value(std::string text) : value_(std::move(text)) {}
    Value(std::string_view text) : value_(std::string(text)) {}
    Value(const char* text) : value_(std::string(text)) {}
    Value(std::same_as<bool> auto flag) : value_(flag) {}
    Value(std::signed_integral auto number) : value_(static_cast<std::int64_t>(number)) {}
    Value(std::unsigned_integral auto number)
        requires(!std::same_as<decltype(number), bool>)
        : value_(static_cast<std::uint64_t>(number)) {}
    Value(std::floating_point auto number) : value_(static_cast<double>(number)) {}

    /// As JSON; empty for an empty text.
    std::string json() const;

private:
    std::variant<std::string, bool, std::int64_t, std::uint64_t, double> value_;
};

/// In this order. A member whose text is empty is left out.
using Fields = std::vector<std::pair<std::string_view, Value>>;

enum class Level { debug, info, warn, error };

/// debug, info, warn, error or off.
bool is_level(std::string_view name);

/// Info until told otherwise.
void set_level(std::string_view name);

/// Whether a line of that level would be written.
bool writes(Level level);

void write(Level level, std::string_view event, const Fields& fields);

inline void info(std::string_view event, const Fields& fields = {}) {
    write(Level::info, event, fields);
}
inline void warn(std::string_view event, const Fields& fields = {}) {
    write(Level::warn, event, fields);
}
inline void error(std::string_view event, const Fields& fields = {}) {
    write(Level::error, event, fields);
}

}  // namespace vitrine::api::log
