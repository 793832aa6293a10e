#include "sandbox/orders.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "core/csv.hpp"
#include "core/text.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::size_t columns = 10;
using Fields = std::vector<std::string_view>;

constexpr std::int64_t largest_amount = 1'000'000'000'000'000;

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end) return std::nullopt;
    if (value > largest_amount || value < -largest_amount) return std::nullopt;
    return value;
}

OrderLine::Status status_of(std::string_view text) {
    if (text == "completed") return OrderLine::Status::completed;
    if (text == "cancelled" || text == "canceled") return OrderLine::Status::cancelled;
    return OrderLine::Status::other;
}

bool is_header(const Fields& fields) {
    std::string joined;
    for (const auto field : fields) {
        if (!joined.empty()) joined += ',';
        joined += field;
    }
    return joined == OrderBook::header;
}

}  // namespace

struct OrderBook::Parsed {
    std::string_view order{}, slug{}, product{}, source{}, medium{}, campaign{};
    Timestamp time{};
    std::int64_t quantity{}, amount{};
    OrderLine::Status status{};

    static std::expected<Parsed, std::string> from(const Fields& fields) {
        Parsed line{
            .order = fields[0],
            .slug = fields[2],
            .product = fields[3],
            .source = fields[6],
            .medium = fields[7],
            .campaign = fields[8],
            .status = status_of(fields[9])
        };
        if (line.order.empty()) return std::unexpected("has no order_id");
        if (line.slug.empty()) return std::unexpected("has no offer_slug");
        if (fields[9].empty()) return std::unexpected("has no status");
        const auto time = parse_time(fields[1]);
        if (!time) {
            return std::unexpected(
                "has a time that is not RFC 3339 with Z or an offset, as 2011-01-31T12:00:00Z"
            );
        }
        const auto quantity = whole_number(fields[4]);
        if (!quantity) return std::unexpected("has a quantity that is not a whole number");
        const auto amount = whole_number(fields[5]);
        if (!amount) return std::unexpected("has amount_cents that are not a whole number");
        line.time = *time;
        line.quantity = *quantity;
        line.amount = *amount;
        return line;
    }
};

std::expected<std::size_t, std::string> OrderBook::add_csv(std::string_view csv, Header header_is) {
    CsvReader reader(csv);
    const auto wrong = [&](const std::string& what) {
        return std::unexpected("line " + std::to_string(reader.line_number()) + " " + what);
    };
    if (!is_utf8(csv)) return std::unexpected("the order lines are not UTF-8");
    std::vector<Parsed> lines;
    Fields fields;
    bool first = true;
    while (true) {
        const auto more = reader.next(fields);
        if (!more) return wrong(more.error());
        if (!*more) break;
        if (fields.size() != columns) {
            return wrong(
                "has " + std::to_string(fields.size()) + " columns instead of " +
                std::to_string(columns)
            );
        }
        const bool may_be_header = std::exchange(first, false);
        if (may_be_header && is_header(fields)) continue;
        if (may_be_header && header_is == Header::required) {
            return wrong("is not the header " + std::string(header));
        }
        auto line = Parsed::from(fields);
        if (!line) return wrong(line.error());
        lines.push_back(*line);
    }
    if (first && header_is == Header::required) {
        return std::unexpected("line 1 is not the header " + std::string(header));
    }
    for (const auto& line : lines) add(line);
    return lines.size();
}

std::uint32_t OrderBook::number_of_channel(const Parsed& line) {
    std::string key;
    key.reserve(line.source.size() + line.medium.size() + line.campaign.size() + 2);
    key.append(line.source).append(1, '\0').append(line.medium);
    key.append(1, '\0').append(line.campaign);
    const auto next = static_cast<std::uint32_t>(channels_.size());
    const auto [found, is_new] = channel_numbers_.try_emplace(std::move(key), next);
    if (is_new) {
        channels_.push_back(
            {std::string(line.source), std::string(line.medium), std::string(line.campaign)}
        );
    }
    return found->second;
}

void OrderBook::add(const Parsed& line) {
    auto order = orders_.find(line.order);
    if (order == orders_.end()) {
        const auto next = static_cast<std::uint32_t>(orders_.size());
        order = orders_.emplace(line.order, next).first;
    }
    OrderLine stored{.time = line.time, .amount = line.amount, .order = order->second};
    stored.channel = number_of_channel(line);
    const auto pair = (std::uint64_t{stored.order} << 32) | stored.channel;
    const auto next_visit = static_cast<std::uint32_t>(visits_.size());
    stored.visit = visits_.try_emplace(pair, next_visit).first->second;
    stored.status = line.status;

    auto shelf = by_slug_.find(line.slug);
    if (shelf == by_slug_.end()) shelf = by_slug_.try_emplace(std::string(line.slug)).first;
    auto& [lines, sorted] = shelf->second;
    if (!lines.empty() && lines.back().time > stored.time) sorted = false;
    lines.push_back(stored);
    ++line_count_;

    if (stored.status != OrderLine::Status::completed || line.product.empty()) return;
    auto sold = sales_.find(line.product);
    if (sold == sales_.end()) sold = sales_.try_emplace(std::string(line.product)).first;
    sold->second.quantity += line.quantity;
    sold->second.revenue += line.amount;
}

std::span<const OrderLine> OrderBook::lines(std::string_view slug, const Window& window) const {
    const auto found = by_slug_.find(slug);
    if (found == by_slug_.end()) return {};
    auto& [lines, sorted] = found->second;
    if (!sorted) {
        std::ranges::sort(lines, [](const auto& a, const auto& b) {
            return std::pair(a.time, a.visit) < std::pair(b.time, b.visit);
        });
        sorted = true;
    }
    const auto begin = std::ranges::lower_bound(lines, window.begin, {}, &OrderLine::time);
    const auto end = std::ranges::lower_bound(lines, window.end, {}, &OrderLine::time);
    if (begin >= end) return {};
    return {begin, end};
}

ProductSales OrderBook::sales(std::string_view product_id) const {
    const auto found = sales_.find(product_id);
    return found == sales_.end() ? ProductSales{} : found->second;
}

}  // namespace vitrine::sandbox
