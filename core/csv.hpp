#pragma once

#include <cstddef>
#include <deque>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

/// Reads comma-separated records by RFC 4180: quotes, doubled quotes, line ends within quotes, CRLF
/// or LF. Strict: a quote within a field that does not begin with one, text after a closing quote
/// and a carriage return alone are faults. A byte order mark and empty lines are passed over. What
/// it gives out are views into the text, or into itself where quotes had to be taken away.
class CsvReader {
public:
    explicit CsvReader(std::string_view text);

    /// False: no further record. An error says what is wrong with line_number().
    std::expected<bool, std::string> next(std::vector<std::string_view>& fields);

    /// Of the line on which the last record begins, from 1.
    std::size_t line_number() const { return line_; }
    /// Where it begins in the text: a reader from there on reads it first.
    std::size_t offset() const { return begin_; }

private:
    bool take_line_end();
    std::expected<std::string_view, std::string> take_field();
    std::expected<std::string_view, std::string> take_quoted();

    std::string_view rest_;
    std::size_t size_;
    std::size_t begin_ = 0;
    std::size_t line_ = 0;
    std::size_t next_line_ = 1;
    std::deque<std::string> unquoted_;
};

/// A field as it stands in a record: in quotes where it must be.
std::string csv_field(std::string_view value);

}  // namespace vitrine
