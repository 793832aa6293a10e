#include "projections/price_history/reader.hpp"

#include <algorithm>

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr Position any_position = 0x7fff'ffff'ffff'ffff;

}  // namespace

bool PriceHistoryReader::knows(const TenantId& tenant, const OfferId& id) {
    auto& select = lease_.statement("SELECT 1 FROM priced_offers WHERE tenant=? AND offer_id=?");
    return select.run(tenant, id).next();
}

std::vector<OfferId> PriceHistoryReader::offers_with(
    const TenantId& tenant, const ClubifyId& product
) {
    auto& select = lease_.statement(
        "SELECT offer_id FROM product_uses WHERE tenant=? AND clubify_product_id=?"
        " ORDER BY offer_id"
    );
    std::vector<OfferId> offers;
    for (auto row = select.run(tenant, product); row.next();) offers.emplace_back(row.text(0));
    return offers;
}

std::optional<Position> PriceHistoryReader::parked_from(const TenantId& tenant) {
    auto& select = lease_.statement(
        "SELECT position FROM parked WHERE tenant=? AND state='parked' ORDER BY position LIMIT 1"
    );
    auto row = select.run(tenant);
    return row.next() ? std::optional(row.unsigned_number(0)) : std::nullopt;
}

std::vector<PriceEntry> PriceHistoryReader::prices(
    const TenantId& tenant, const OfferId& id, std::optional<Position> upto, std::size_t limit
) {
    auto& select = lease_.statement(
        "SELECT clubify_product_id,product_id,price_cents,currency,since,position,effective_cents"
        " FROM price_history WHERE tenant=? AND offer_id=? AND position<=?"
        " ORDER BY position DESC,clubify_product_id DESC LIMIT ?"
    );
    std::vector<PriceEntry> prices;
    for (auto row = select.run(tenant, id, upto.value_or(any_position), limit); row.next();) {
        auto& entry = prices.emplace_back();
        entry.clubify_product_id = row.text(0);
        entry.product_id = row.text(1);
        if (!row.is_null(2)) entry.price_cents = row.number(2);
        entry.currency = row.text(3);
        entry.since = row.time(4);
        entry.position = row.unsigned_number(5);
        if (!row.is_null(6)) entry.effective_cents = row.number(6);
    }
    std::ranges::reverse(prices);
    return prices;
}

std::vector<SaleEntry> PriceHistoryReader::sale(const TenantId& tenant, const OfferId& id) {
    auto& select = lease_.statement(
        "SELECT on_sale,since FROM offer_sale WHERE tenant=? AND offer_id=? ORDER BY position"
    );
    std::vector<SaleEntry> sale;
    for (auto row = select.run(tenant, id); row.next();)
        sale.push_back({row.number(0) != 0, row.time(1)});
    return sale;
}

}  // namespace vitrine::projections
