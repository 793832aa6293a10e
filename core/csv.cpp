#include "core/csv.hpp"

#include <algorithm>

namespace vitrine {

CsvReader::CsvReader(std::string_view text) : rest_(text), size_(text.size()) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
}

std::expected<bool, std::string> CsvReader::next(std::vector<std::string_view>& fields) {
    while (take_line_end()) {
    }
    fields.clear();
    line_ = next_line_;
    begin_ = size_ - rest_.size();
    if (rest_.empty()) return false;
    while (true) {
        const auto field = take_field();
        if (!field) return std::unexpected(field.error());
        fields.push_back(*field);
        if (!rest_.starts_with(',')) break;
        rest_.remove_prefix(1);
    }
    take_line_end();
    return true;
}

bool CsvReader::take_line_end() {
    const std::size_t length = rest_.starts_with('\n')                      ? 1
                               : rest_.starts_with("\r\n")                  ? 2
                               : rest_.size() == 1 && rest_.front() == '\r' ? 1
                                                                            : 0;
    if (length == 0) return false;
    rest_.remove_prefix(length);
    ++next_line_;
    return true;
}

std::expected<std::string_view, std::string> CsvReader::take_field() {
    if (rest_.starts_with('"')) return take_quoted();
    const auto end = std::min(rest_.find_first_of(",\n\r\""), rest_.size());
    const auto field = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (rest_.starts_with('"')) {
        return std::unexpected("has a quote within a field that does not begin with one");
    }
    const bool ends_alone =
        rest_.starts_with('\r') && rest_.size() > 1 && !rest_.starts_with("\r\n");
    if (ends_alone) return std::unexpected("has a carriage return without a line feed");
    return field;
}

std::expected<std::string_view, std::string> CsvReader::take_quoted() {
    rest_.remove_prefix(1);
    std::string value;
    while (true) {
        const auto end = rest_.find('"');
        if (end == std::string_view::npos) return std::unexpected("has an open quote");
        const auto piece = rest_.substr(0, end);
        next_line_ += static_cast<std::size_t>(std::ranges::count(piece, '\n'));
        value += piece;
        rest_.remove_prefix(end + 1);
        if (!rest_.starts_with('"')) break;
        value += '"';
        rest_.remove_prefix(1);
    }
    const bool ends = rest_.empty() || rest_.front() == ',' || rest_.front() == '\n' ||
                      rest_ == "\r" || rest_.starts_with("\r\n");
    if (!ends) return std::unexpected("has text after a closing quote");
    return unquoted_.emplace_back(std::move(value));
}

std::string csv_field(std::string_view value) {
    if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
    std::string quoted = "\"";
    for (const char letter : value) {
        if (letter == '"') quoted += '"';
        quoted += letter;
    }
    return quoted + '"';
}

}  // namespace vitrine
