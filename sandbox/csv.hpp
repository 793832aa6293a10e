#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <expected>
#include <string>
#include <string_view>

namespace vitrine::sandbox {

/// Reads comma-separated lines (RFC 4180: quotes, doubled quotes, CRLF or LF) of a fixed number of
/// columns. What it gives out are views into the text, or into itself where quotes had to be taken
/// away.
template <std::size_t Columns>
class CsvReader {
public:
    explicit CsvReader(std::string_view text) : rest_(text) {
        if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    }

    /// False: no further line. Empty lines are passed over. An error says what is wrong with
    /// line_number().
    std::expected<bool, std::string> next(std::array<std::string_view, Columns>& fields) {
        while (skip_empty_line()) {
        }
        if (rest_.empty()) return false;
        ++line_;
        std::size_t count = 0;
        while (true) {
            auto field = take_field();
            if (!field) return std::unexpected(field.error());
            if (count < Columns) fields[count] = *field;
            ++count;
            if (rest_.empty() || rest_.front() != ',') break;
            rest_.remove_prefix(1);
        }
        take_line_end();
        if (count == Columns) return true;
        return std::unexpected(
            "has " + std::to_string(count) + " columns instead of " + std::to_string(Columns)
        );
    }

    /// Of the line last read, from 1.
    std::size_t line_number() const { return line_; }

private:
    bool take_line_end() {
        if (rest_.starts_with("\r\n")) {
            rest_.remove_prefix(2);
            return true;
        }
        if (!rest_.starts_with('\n')) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool skip_empty_line() {
        if (!take_line_end()) return false;
        ++line_;
        return true;
    }

    std::expected<std::string_view, std::string> take_field() {
        if (rest_.starts_with('"')) return take_quoted();
        const auto end = std::min(rest_.find_first_of(",\n"), rest_.size());
        auto field = rest_.substr(0, end);
        const bool ends_line = end == rest_.size() || rest_[end] == '\n';
        if (ends_line && field.ends_with('\r')) field.remove_suffix(1);
        rest_.remove_prefix(field.size());
        if (rest_ == "\r") rest_ = {};
        return field;
    }

    std::expected<std::string_view, std::string> take_quoted() {
        rest_.remove_prefix(1);
        std::string value;
        while (true) {
            const auto end = rest_.find('"');
            if (end == std::string_view::npos) return std::unexpected("has an open quote");
            value += rest_.substr(0, end);
            rest_.remove_prefix(end + 1);
            if (!rest_.starts_with('"')) break;
            value += '"';
            rest_.remove_prefix(1);
        }
        if (rest_ == "\r") rest_ = {};
        if (!rest_.empty() && rest_.front() != ',' && rest_.front() != '\n' &&
            !rest_.starts_with("\r\n")) {
            return std::unexpected("has text after a closing quote");
        }
        return unquoted_.emplace_back(std::move(value));
    }

    std::string_view rest_;
    std::size_t line_ = 0;
    std::deque<std::string> unquoted_;
};

}  // namespace vitrine::sandbox
