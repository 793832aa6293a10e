#include "projections/sales/reader.hpp"

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

// Columns 0 to 4 of every sum.
#define VITRINE_SUM                                        \
    "SELECT CASE WHEN s.currency<>'' THEN s.currency ELSE" \
    " coalesce(f.currency,'') END AS in_currency,"         \
    "sum(s.orders),sum(s.revenue_cents),sum(s.refunds),sum(s.refunded_cents)"
#define VITRINE_OFFER ",coalesce(nullif(f.clubify_offer_id,''),s.offer) AS on_clubify"
// What tells no currency has that of its offer, as soon as that is known.
#define VITRINE_OF_OFFER \
    " s LEFT JOIN offers f ON f.tenant=s.tenant AND f.told=s.offer WHERE s.tenant=?1"
#define VITRINE_DAYS " AND s.day BETWEEN ?2 AND ?3"
// All that orders call one offer.
#define VITRINE_THIS_OFFER(offer)                                                   \
    "offer IN (SELECT told FROM offers WHERE tenant=?1 AND clubify_offer_id=" offer \
    " UNION SELECT " offer ")"

constexpr const char* tenant_by_day =
    VITRINE_SUM ",s.day,s.source FROM day_sales" VITRINE_OF_OFFER VITRINE_DAYS
                " GROUP BY s.day,in_currency,s.source ORDER BY s.day,in_currency,s.source";
constexpr const char* offer_by_day =
    VITRINE_SUM ",s.day,s.source FROM offer_day_sales" VITRINE_OF_OFFER VITRINE_DAYS
                " AND s." VITRINE_THIS_OFFER("?4"
                ) " GROUP BY s.day,in_currency,s.source ORDER BY s.day,in_currency,s.source";
constexpr const char* all_by_offer = VITRINE_SUM VITRINE_OFFER " FROM offer_sales" VITRINE_OF_OFFER
                                                               " GROUP BY on_clubify,in_currency";
constexpr const char* days_by_offer = VITRINE_SUM VITRINE_OFFER
    " FROM offer_day_sales" VITRINE_OF_OFFER VITRINE_DAYS " GROUP BY on_clubify,in_currency";
constexpr const char* all_by_source =
    VITRINE_SUM ",s.source FROM day_sales" VITRINE_OF_OFFER " GROUP BY s.source,in_currency";
constexpr const char* days_by_source = VITRINE_SUM
    ",s.source FROM day_sales" VITRINE_OF_OFFER VITRINE_DAYS " GROUP BY s.source,in_currency";
constexpr const char* tenant_days =
    "SELECT (SELECT min(day) FROM day_sales WHERE tenant=?1),"
    "(SELECT max(day) FROM day_sales WHERE tenant=?1)";
constexpr const char* offer_days =
    "SELECT min(day),max(day) FROM offer_day_sales WHERE tenant=?1 AND " VITRINE_THIS_OFFER("?2");
constexpr int first_own_column = 5;

void read_sum(const Statement::Run& row, SalesSum& sum) {
    sum.currency = row.text(0);
    sum.orders = row.number(1);
    sum.revenue_cents = row.number(2);
    sum.refunds = row.number(3);
    sum.refunded_cents = row.number(4);
}

/// `put(sales, row)` reads what is not the sum.
template <class Sales>
std::vector<Sales> read_all(
    Lease& lease,
    const TenantId& tenant,
    const std::optional<Days>& days,
    const char* of_all,
    const char* of_days,
    void (*put)(Sales&, const Statement::Run&)
) {
    std::vector<Sales> sales;
    const auto first = days ? format_day(days->first) : "";
    const auto last = days ? format_day(days->last) : "";
    auto rows = days ? lease.statement(of_days).run(tenant, first, last)
                     : lease.statement(of_all).run(tenant);
    while (rows.next()) {
        auto& each = sales.emplace_back();
        read_sum(rows, each);
        put(each, rows);
    }
    return sales;
}

}  // namespace

std::vector<DaySales> SalesReader::by_day(
    const TenantId& tenant, const std::optional<ClubifyId>& offer, const Days& days
) {
    std::vector<DaySales> sales;
    const auto first = format_day(days.first);
    const auto last = format_day(days.last);
    auto rows = offer ? lease_.statement(offer_by_day).run(tenant, first, last, *offer)
                      : lease_.statement(tenant_by_day).run(tenant, first, last);
    while (rows.next()) {
        auto& each = sales.emplace_back();
        read_sum(rows, each);
        each.day = rows.text(first_own_column);
        each.source = rows.text(first_own_column + 1);
    }
    return sales;
}

SoldDays SalesReader::sold_days(const TenantId& tenant, const std::optional<ClubifyId>& offer) {
    auto row = offer ? lease_.statement(offer_days).run(tenant, *offer)
                     : lease_.statement(tenant_days).run(tenant);
    if (!row.next()) return {};
    return {row.string(0), row.string(1)};
}

std::vector<OfferSales> SalesReader::by_offer(
    const TenantId& tenant, const std::optional<Days>& days
) {
    return read_all<OfferSales>(
        lease_,
        tenant,
        days,
        all_by_offer,
        days_by_offer,
        [](OfferSales& sales, const Statement::Run& row) {
            sales.clubify_offer_id = ClubifyId(row.text(first_own_column));
        }
    );
}

std::vector<SourceSales> SalesReader::by_source(
    const TenantId& tenant, const std::optional<Days>& days
) {
    return read_all<SourceSales>(
        lease_,
        tenant,
        days,
        all_by_source,
        days_by_source,
        [](SourceSales& sales, const Statement::Run& row) {
            sales.source = row.text(first_own_column);
        }
    );
}

bool SalesReader::knows_currency_of(const TenantId& tenant, const ClubifyId& offer) {
    auto& select =
        lease_.statement("SELECT 1 FROM offers WHERE tenant=? AND told=? AND currency<>''");
    return select.run(tenant, offer).next();
}

}  // namespace vitrine::projections
