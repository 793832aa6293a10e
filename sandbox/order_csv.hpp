#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv.hpp"
#include "core/time.hpp"

namespace vitrine::sandbox {

/// One line of an order as the CSV has it; views into the text and into the reader.
struct CsvLine {
    std::string_view order{}, slug{}, product{}, source{}, medium{}, campaign{}, status{};
    Timestamp time{};
    std::int64_t quantity{}, amount{};  // cents, of the whole line
    // Of the whole order; what its first line has counts. Empty: not told.
    std::string_view customer{}, name{}, email{}, country{}, payment_method{}, currency{};
    std::int64_t discount{}, shipping{};  // cents
};

/// The lines of a CSV of orders: ten columns that each has, and optional ones that its header
/// names.
class CsvLines {
public:
    static constexpr std::string_view header =
        "order_id,time,offer_slug,product_id,quantity,amount_cents,source,medium,campaign,status";

    enum class Header { required, optional };

    /// An error names the line. The text must outlive what is read.
    static std::expected<CsvLines, std::string> read(std::string_view csv, Header header_is);

    const std::vector<CsvLine>& lines() const { return lines_; }

private:
    explicit CsvLines(std::string_view csv) : reader_(csv) {}

    std::expected<void, std::string> read_all(Header header_is);

    CsvReader reader_;
    std::vector<CsvLine> lines_;
};

}  // namespace vitrine::sandbox
