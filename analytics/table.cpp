#include "analytics/table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "core/csv.hpp"
#include "core/nearest.hpp"
#include "core/text.hpp"

namespace vitrine::analytics {
namespace {

constexpr double largest_number = 1e30;

std::string at_line(std::size_t line, std::string_view what) {
    return "line " + std::to_string(line) + ": " + std::string(what);
}

std::optional<std::string> fault_of_names(const std::vector<std::string>& names) {
    std::set<std::string> seen;
    for (const auto& name : names) {
        if (name.empty()) return "the header has a column without a name";
        if (!seen.insert(name).second) return "the header has two columns named " + name;
    }
    return std::nullopt;
}

/// Of the first bytes that are not UTF-8 or are NUL.
std::optional<std::size_t> line_of_bad_text(std::string_view csv) {
    if (is_utf8(csv) && csv.find('\0') == std::string_view::npos) return std::nullopt;
    std::size_t line = 1;
    while (true) {
        const auto end = std::min(csv.find('\n'), csv.size());
        const auto text = csv.substr(0, end);
        const bool is_last = end == csv.size();
        if (!is_utf8(text) || text.find('\0') != std::string_view::npos || is_last) return line;
        csv.remove_prefix(end + 1);
        ++line;
    }
}

std::expected<Table, std::string> read(std::string_view csv, bool has_header) {
    if (const auto line = line_of_bad_text(csv)) {
        return std::unexpected(at_line(*line, "is not text in UTF-8"));
    }
    CsvReader reader(csv);
    Table table;
    std::vector<std::string_view> fields;
    while (true) {
        const auto more = reader.next(fields);
        if (!more) return std::unexpected(at_line(reader.line_number(), more.error()));
        if (!*more) return table;
        if (has_header && table.names.empty()) {
            table.names.assign(fields.begin(), fields.end());
            const auto fault = fault_of_names(table.names);
            if (fault) return std::unexpected(at_line(reader.line_number(), *fault));
            continue;
        }
        if (has_header && fields.size() != table.names.size()) {
            return std::unexpected(at_line(
                reader.line_number(),
                "has " + std::to_string(fields.size()) + " fields under a header of " +
                    std::to_string(table.names.size())
            ));
        }
        table.rows.emplace_back(fields.begin(), fields.end());
        table.lines.push_back(reader.line_number());
    }
}

}  // namespace

std::optional<std::size_t> Table::find(std::string_view name) const {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

std::expected<std::size_t, std::string> Table::column(std::string_view name) const {
    if (const auto found = find(name)) return *found;
    std::string known;
    for (const auto& other : names) known += (known.empty() ? "" : ", ") + other;
    return std::unexpected(
        "line 1: there is no column " + std::string(name) + meant(name, names) +
        " (columns: " + known + ")"
    );
}

std::string Table::fault(std::size_t row, std::string_view what) const {
    return at_line(lines[row], what);
}

std::expected<Table, std::string> read_table(std::string_view csv) {
    auto table = read(csv, true);
    if (table && table->names.empty()) return std::unexpected("the file is empty");
    return table;
}

std::expected<Table, std::string> read_records(std::string_view csv) {
    return read(csv, false);
}

std::string write_table(const Table& table) {
    std::string csv;
    const auto write = [&csv](const std::vector<std::string>& fields) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (i > 0) csv += ',';
            csv += csv_field(fields[i]);
        }
        csv += '\n';
    };
    write(table.names);
    for (const auto& row : table.rows) write(row);
    return csv;
}

std::optional<double> parse_number(std::string_view text) {
    double value = 0;
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) return std::nullopt;
    }
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end || !(std::abs(value) <= largest_number))
        return std::nullopt;
    return value;
}

std::string number_text(double value) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.begin(), text.end(), value).ptr;
    return {text.begin(), end};
}

std::string number_text(double value, int digits) {
    std::array<char, 60> text{};
    const auto end =
        std::to_chars(text.begin(), text.end(), value, std::chars_format::general, digits).ptr;
    return {text.begin(), end};
}

}  // namespace vitrine::analytics
