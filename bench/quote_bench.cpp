// The pure function of quotes by itself: 10 lines, 3 price lists, a coupon, 12 instalments, of
// which 9 with interest. Prints one JSON object.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "tests/rules/shop.hpp"

namespace {

using namespace vitrine;
using namespace vitrine::rules::prices;
using Time = std::chrono::steady_clock;

void fill(tests::Shop& shop) {
    for (int i = 0; i < 10; ++i) {
        const auto id = "01a21d78-a5ef-7e6e-8632-ea8e570c95f" + std::to_string(i);
        auto& line = shop.sell(id, 1990 + 1000 * i, i + 1);
        if (i % 2 == 0) line.discount = events::Discount{"percentage", JsonText("12.5")};
    }
    for (const auto* name : {"wholesale", "sale", "anonymous"}) {
        std::vector<PriceEntry> entries;
        for (const auto& product : shop.products) {
            entries.push_back({product.product_id, 1, *product.price_cents - 100});
            entries.push_back({product.product_id, 5, *product.price_cents - 300});
        }
        shop.list(name, std::move(entries));
    }
    shop.lists.back().segment = "anonymous";
    shop.coupon("fixed", "5000");
    shop.installments = {1, 12, 3, 29'900, 500};
    shop.question.shipping_cents = 1500;
    shop.question.installments = 10;
}

}  // namespace

int main(int argc, char** argv) {
    double seconds = 5;
    CLI::App app("Decides quotes on one thread, without HTTP or read models.");
    app.add_option("--seconds", seconds)->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    tests::Shop shop;
    fill(shop);
    if (!shop.decide()) return 1;
    std::vector<std::int64_t> took;  // ns
    std::int64_t total = 0;
    const auto begun = Time::now();
    auto now = begun;
    while (now - begun < std::chrono::duration<double>(seconds)) {
        const auto quote = shop.decide_again();
        if (!quote) return 1;
        total += quote->total_cents;
        const auto after = Time::now();
        took.push_back((after - now).count());
        now = after;
    }
    std::ranges::sort(took);
    const auto at = [&](double share) {
        return static_cast<double>(
                   took[static_cast<std::size_t>(share * static_cast<double>(took.size() - 1))]
               ) /
               1000;
    };
    const auto elapsed = std::chrono::duration<double>(now - begun).count();
    std::cout << "{\"quotes_per_second\":"
              << static_cast<std::int64_t>(static_cast<double>(took.size()) / elapsed)
              << ",\"p50_us\":" << at(0.5) << ",\"p99_us\":" << at(0.99)
              << ",\"total_cents\":" << total / static_cast<std::int64_t>(took.size()) << "}\n";
}
