#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "sandbox/lists.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/products.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::size_t best_sellers_shown = 20;

Result stock(Call& call) {
    const auto row = find_row(call, Kind::products, "Product");
    if (!row) return std::unexpected(row.error());
    const auto text = call.query("quantity").value_or("1");
    std::int64_t wanted = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, wanted);
    if (error != std::errc() || rest != end || wanted < 0) {
        return std::unexpected(bad_request("quantity is not a valid number", "validation_failed"));
    }
    const auto in_stock = load(**row).at("stockQuantity").get<std::int64_t>();
    return Reply{
        200,
        std::string(R"({"available":)") + (in_stock >= wanted ? "true" : "false") +
            R"(,"quantity":)" + std::to_string(in_stock) + '}'
    };
}

Result price_history(Call& call) {
    const auto row = find_row(call, Kind::products, "Product");
    if (!row) return std::unexpected(row.error());
    const auto& histories = call.world.state.table(Kind::price_history);
    const auto* history = histories.find(call.space, (*row)->id);
    return Reply{200, history ? history->text : "[]"};
}

Result variations(Call& call) {
    const auto row = find_row(call, Kind::products, "Product");
    if (!row) return std::unexpected(row.error());
    const auto product = load(**row);
    const auto* variants = member(product, "variants");
    return Reply{200, variants && variants->is_array() ? variants->dump() : "[]"};
}

/// Products of the same type.
Result related(Call& call) {
    const auto row = find_row(call, Kind::products, "Product");
    if (!row) return std::unexpected(row.error());
    return list_rows(call, Kind::products, [self = *row](const Row& other) {
        return &other != self && other.facets.type == self->facets.type;
    });
}

Result sales_stats(Call& call) {
    const auto row = find_row(call, Kind::products, "Product");
    if (!row) return std::unexpected(row.error());
    const auto sold = call.world.orders.sales((*row)->id);
    const auto quantity = std::to_string(sold.quantity);
    const auto revenue = std::to_string(sold.revenue);
    std::string body = R"({"product_id":)" + json_string((*row)->id);
    body += R"(,"total_sold":)" + quantity + R"(,"quantity_sold":)" + quantity;
    body += R"(,"revenue":)" + revenue + R"(,"total_revenue":)" + revenue;
    body += R"(,"currency":)" + json_string((*row)->facets.currency) + '}';
    return Reply{200, std::move(body)};
}

Result best_sellers(Call& call) {
    auto rows = call.world.state.table(Kind::products).rows(call.space);
    const auto quantity = [&](const Row* row) { return call.world.orders.sales(row->id).quantity; };
    std::erase_if(rows, [&](const Row* row) { return quantity(row) <= 0; });
    std::ranges::sort(rows, {}, [&](const Row* row) {
        return std::pair(-quantity(row), row->ordinal);
    });
    std::string items = "[";
    for (std::size_t i = 0; i < std::min(rows.size(), best_sellers_shown); ++i) {
        if (i != 0) items += ',';
        items += rows[i]->text;
    }
    return Reply{200, envelope(items + ']', rows.size(), 1, best_sellers_shown)};
}

constexpr std::array routes{
    Route{"GET", "/products/best-sellers", best_sellers},
    Route{"GET", "/products/{id}/stock", stock},
    Route{"GET", "/products/{id}/price-history", price_history},
    Route{"GET", "/products/{id}/variations", variations},
    Route{"GET", "/products/{id}/related", related},
    Route{"GET", "/products/{id}/sales-stats", sales_stats},
};

}  // namespace

std::span<const Route> product_figures_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
