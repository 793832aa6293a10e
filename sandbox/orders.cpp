#include "sandbox/orders.hpp"

#include <algorithm>
#include <utility>

namespace vitrine::sandbox {
namespace {

OrderLine::Status status_of(std::string_view text) {
    if (text == "completed") return OrderLine::Status::completed;
    if (text == "cancelled" || text == "canceled") return OrderLine::Status::cancelled;
    return OrderLine::Status::other;
}

}  // namespace

std::expected<std::size_t, std::string> OrderBook::add_csv(std::string_view csv, Header header_is) {
    const auto read = CsvLines::read(csv, header_is);
    if (!read) return std::unexpected(read.error());
    for (const auto& line : read->lines()) add(line);
    return read->lines().size();
}

std::uint32_t OrderBook::number_of_channel(const CsvLine& line) {
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

void OrderBook::add(const CsvLine& line) {
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
    stored.status = status_of(line.status);

    auto shelf = by_slug_.find(line.slug);
    if (shelf == by_slug_.end()) shelf = by_slug_.try_emplace(std::string(line.slug)).first;
    auto& [lines, sorted] = shelf->second;
    if (!lines.empty() && lines.back().time > stored.time) sorted = false;
    lines.push_back(stored);
    ++line_count_;
    past_.add(line);

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
