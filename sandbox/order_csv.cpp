#include "sandbox/order_csv.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "core/text.hpp"
#include "sandbox/lookup.hpp"

namespace vitrine::sandbox {
namespace {

using Fields = std::vector<std::string_view>;
using Error = std::expected<void, std::string>;

constexpr std::int64_t largest_amount = 1'000'000'000'000'000;

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end) return std::nullopt;
    if (value > largest_amount || value < -largest_amount) return std::nullopt;
    return value;
}

Error put_order(CsvLine& line, std::string_view text) {
    line.order = text;
    return text.empty() ? Error(std::unexpected("has no order_id")) : Error();
}

Error put_slug(CsvLine& line, std::string_view text) {
    line.slug = text;
    return text.empty() ? Error(std::unexpected("has no offer_slug")) : Error();
}

Error put_status(CsvLine& line, std::string_view text) {
    line.status = text;
    return text.empty() ? Error(std::unexpected("has no status")) : Error();
}

Error put_time(CsvLine& line, std::string_view text) {
    const auto time = parse_time(text);
    if (!time) {
        return std::unexpected(
            "has a time that is not RFC 3339 with Z or an offset, as 2011-01-31T12:00:00Z"
        );
    }
    line.time = *time;
    return {};
}

Error put_quantity(CsvLine& line, std::string_view text) {
    const auto quantity = whole_number(text);
    if (!quantity) return std::unexpected("has a quantity that is not a whole number");
    line.quantity = *quantity;
    return {};
}

Error put_amount(CsvLine& line, std::string_view text) {
    const auto amount = whole_number(text);
    if (!amount) return std::unexpected("has amount_cents that are not a whole number");
    line.amount = *amount;
    return {};
}

template <std::string_view CsvLine::* Member>
Error put_text(CsvLine& line, std::string_view text) {
    line.*Member = text;
    return {};
}

template <std::int64_t CsvLine::* Member>
Error put_cents(CsvLine& line, std::string_view text) {
    if (text.empty()) return {};
    const auto cents = whole_number(text);
    if (!cents) return std::unexpected("has a discount or shipping that is not a whole number");
    line.*Member = *cents;
    return {};
}

struct Column {
    std::string_view name;
    Error (*put)(CsvLine&, std::string_view);
};

/// The ten that there must be, in the order of a text without a header; then the optional ones.
constexpr std::size_t required_columns = 10;
constexpr std::array<Column, 18> columns{{
    {"order_id", put_order},
    {"time", put_time},
    {"offer_slug", put_slug},
    {"product_id", put_text<&CsvLine::product>},
    {"quantity", put_quantity},
    {"amount_cents", put_amount},
    {"source", put_text<&CsvLine::source>},
    {"medium", put_text<&CsvLine::medium>},
    {"campaign", put_text<&CsvLine::campaign>},
    {"status", put_status},
    {"customer", put_text<&CsvLine::customer>},
    {"name", put_text<&CsvLine::name>},
    {"email", put_text<&CsvLine::email>},
    {"country", put_text<&CsvLine::country>},
    {"discount_cents", put_cents<&CsvLine::discount>},
    {"shipping_cents", put_cents<&CsvLine::shipping>},
    {"payment_method", put_text<&CsvLine::payment_method>},
    {"currency", put_text<&CsvLine::currency>},
}};

using Columns = std::vector<const Column*>;

Columns columns_without_header() {
    Columns used;
    for (std::size_t i = 0; i < required_columns; ++i) used.push_back(&columns[i]);
    return used;
}

/// Of a header: every required column, no other than those there are, none twice. Otherwise it is
/// none.
std::optional<Columns> columns_of(const Fields& header) {
    Columns used;
    for (const auto name : header) {
        const auto* column = std::ranges::find(columns, name, &Column::name);
        if (column == columns.end() || contains(used, column)) return std::nullopt;
        used.push_back(column);
    }
    for (std::size_t i = 0; i < required_columns; ++i) {
        if (!contains(used, &columns[i])) return std::nullopt;
    }
    return used;
}

}  // namespace

std::expected<CsvLines, std::string> CsvLines::read(std::string_view csv, Header header_is) {
    if (!is_utf8(csv)) return std::unexpected("the order lines are not UTF-8");
    CsvLines read(csv);
    const auto all = read.read_all(header_is);
    if (!all) return std::unexpected(all.error());
    return read;
}

std::expected<void, std::string> CsvLines::read_all(Header header_is) {
    const auto wrong = [&](const std::string& what) {
        return std::unexpected("line " + std::to_string(reader_.line_number()) + " " + what);
    };
    const auto no_header = [&] {
        return "is not the header " + std::string(header) + " (and optional columns)";
    };
    auto used = columns_without_header();
    Fields fields;
    bool first = true;
    while (true) {
        const auto more = reader_.next(fields);
        if (!more) return wrong(more.error());
        if (!*more) break;
        if (std::exchange(first, false)) {
            if (auto named = columns_of(fields)) {
                used = *std::move(named);
                continue;
            }
            if (header_is == Header::required) return wrong(no_header());
        }
        if (fields.size() != used.size()) {
            return wrong(
                "has " + std::to_string(fields.size()) + " columns instead of " +
                std::to_string(used.size())
            );
        }
        CsvLine line;
        for (std::size_t i = 0; i < used.size(); ++i) {
            if (const auto put = used[i]->put(line, fields[i]); !put) return wrong(put.error());
        }
        lines_.push_back(line);
    }
    if (first && header_is == Header::required) {
        return std::unexpected("line 1 " + no_header());
    }
    return {};
}

}  // namespace vitrine::sandbox
