#include "projections/sales/reader.hpp"

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

#define VITRINE_DAY_SALES                                                                \
    "SELECT day,source,currency,count(*),sum(amount_cents),sum(refunded),"               \
    " sum(min(amount_cents, max(order_refund_cents, payment_refund_cents))) FROM orders" \
    " WHERE tenant=? AND counted_at>=? AND counted_at<? AND cancelled=0"
#define VITRINE_BY_DAY " GROUP BY day,currency,source ORDER BY day,currency,source"

}  // namespace

std::vector<DaySales> SalesReader::by_day(
    const TenantId& tenant, const std::optional<ClubifyId>& offer, const Window& window
) {
    lease_.read_position();
    auto& select = lease_.statement(
        offer ? VITRINE_DAY_SALES " AND clubify_offer_id=?" VITRINE_BY_DAY
              : VITRINE_DAY_SALES VITRINE_BY_DAY
    );
    std::vector<DaySales> sales;
    auto rows = offer ? select.run(tenant, window.begin, window.end, *offer)
                      : select.run(tenant, window.begin, window.end);
    while (rows.next()) {
        auto& day = sales.emplace_back();
        day.day = rows.text(0);
        day.source = rows.text(1);
        day.currency = rows.text(2);
        day.orders = rows.number(3);
        day.revenue_cents = rows.number(4);
        day.refunds = rows.number(5);
        day.refunded_cents = rows.number(6);
    }
    return sales;
}

}  // namespace vitrine::projections
