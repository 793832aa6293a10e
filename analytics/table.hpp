#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::analytics {

/// Rows of text under named columns, each with the line of the file on which it begins.
struct Table {
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::size_t> lines;

    std::optional<std::size_t> find(std::string_view name) const;
    /// The number of the column, or a fault that names the columns there are.
    std::expected<std::size_t, std::string> column(std::string_view name) const;
    /// `line 7: what`, of the row with that number.
    std::string fault(std::size_t row, std::string_view what) const;
};

/// Reads a table with a header line, whose names are distinct and not empty, and with equally many
/// fields in every row. A fault begins with the number of its line.
std::expected<Table, std::string> read_table(std::string_view csv);

/// Records without a header and of any length: the names stay empty.
std::expected<Table, std::string> read_records(std::string_view csv);

std::string write_table(const Table& table);

/// A decimal number without anything around it, at most 1e30 in size: what is larger is an error
/// that would drown everything else.
std::optional<double> parse_number(std::string_view text);

/// The shortest text that reads as the same number.
std::string number_text(double value);
/// With that many significant digits.
std::string number_text(double value, int digits);

}  // namespace vitrine::analytics
