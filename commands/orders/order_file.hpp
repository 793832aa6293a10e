#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/period.hpp"
#include "events/orders.hpp"

// A file of orders, line by line (docs/orders.md). Pure.
namespace vitrine::commands {

/// What is wrong with a line, as it is said after its number: "line 7 has no order_id".
struct FileFault {
    std::size_t line = 0;
    std::string what;
    auto operator<=>(const FileFault&) const = default;
};

/// Who bought, as the file names them.
struct FileCustomer {
    std::string email;      // in its one spelling; empty: none
    std::string reference;  // what the file calls them
    std::string name, country;
};

/// The orders of a CSV, looked through once and given out one after the other: it keeps where lines
/// are, not what they say. The text outlives it.
class OrderFile {
public:
    using Progress = std::function<void(std::size_t bytes)>;

    /// `zone`: of times without an offset. If there are faults() there are no orders.
    OrderFile(std::string_view text, Zone zone, const Progress& progress = {});

    /// The first of them, in the order of the lines; and how many there are.
    const std::vector<FileFault>& faults() const { return faults_; }
    std::size_t fault_count() const { return fault_count_; }
    static constexpr std::size_t most_faults = 1000;

    std::size_t lines() const { return places_.size(); }
    std::size_t orders() const { return begins_.empty() ? 0 : begins_.size() - 1; }
    const std::vector<FileCustomer>& customers() const { return customers_; }
    /// Of customers(); nullopt: the order names nobody.
    std::optional<std::size_t> customer_of(std::size_t order) const;

    /// Of a slug that orders without a currency are of; nullopt: nobody knows it.
    using CurrencyOf = std::function<std::optional<std::string>(std::string_view slug)>;
    /// Whether an order tells no currency, so that it is asked for.
    bool lacks_currency() const { return lacks_currency_; }

    /// As it is to be recorded, without customer_id.
    events::OrderRecorded order(std::size_t order, const CurrencyOf& currency_of) const;
    std::size_t lines_of(std::size_t order) const { return begins_[order + 1] - begins_[order]; }

private:
    struct Place {
        std::uint64_t offset = 0;
        std::uint32_t order = 0, line = 0;
    };
    struct Line;
    class Reading;
    struct Buyer;

    void read(const Progress& progress);
    void group(std::size_t orders);
    void look_at_orders();
    /// `readable`: every line of the file is.
    void look_at_order(std::size_t order, bool readable, Buyer& buyer, FileCustomer& who);
    Line line_at(std::size_t place) const;
    void wrong(std::size_t line, std::string what);

    std::string_view text_;
    Zone zone_;
    std::vector<int> columns_;  // where each column stands; -1: nowhere
    std::vector<Place> places_;
    std::vector<std::uint32_t> begins_;  // in places_, of each order, and the end
    std::vector<std::uint32_t> buyers_;  // of each order, one more than in customers_; 0: nobody
    std::vector<FileCustomer> customers_;
    std::vector<FileFault> faults_;
    std::size_t fault_count_ = 0;
    bool lacks_currency_ = false;
};

}  // namespace vitrine::commands
