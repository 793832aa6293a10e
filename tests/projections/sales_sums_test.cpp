#include <rapidcheck.h>

#include <map>

#include "projections/sales/reader.hpp"
#include "projections/sql.hpp"
#include "tests/projections/history_generator.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using Sums = std::map<std::string, std::array<std::int64_t, 4>>;

/// The sums of a table by its keys, or those of the orders by the same.
Sums summed(const ModelFile& model, const std::string& keys, const std::string& from) {
    Sums sums;
    const auto database = projections::open_for_reading(model.file());
    const auto sql = "SELECT " + keys + ",sum(orders),sum(revenue_cents),sum(refunds)," +
                     "sum(refunded_cents) FROM " + from + " GROUP BY 1";
    projections::MadeStatement select(*database, sql);
    for (auto row = select->run(); row.next();)
        sums[row.string(0)] = {row.number(1), row.number(2), row.number(3), row.number(4)};
    return sums;
}

}  // namespace

TEST_CASE("the sums of sales are those of the orders that count") {
    CHECK(rc::check("sums = orders", [] {
        Log log;
        HistoryGenerator generator(log);
        const auto steps = *rc::gen::inRange(1, 150);
        ModelFile model("sales");
        for (int i = 0; i < steps; ++i) {
            generator.step();
            if (*rc::gen::inRange(0, 10) == 0) model.follow(log);
        }
        model.follow(log);
        const std::string orders =
            "(SELECT tenant,day,currency,source,1-is_return AS orders,gave_back AS refunds,"
            " (SELECT sum(revenue_cents) FROM order_offers x WHERE x.tenant=o.tenant"
            "  AND x.order_id=o.order_id) AS revenue_cents,"
            " (SELECT sum(refunded_cents) FROM order_offers x WHERE x.tenant=o.tenant"
            "  AND x.order_id=o.order_id) AS refunded_cents FROM orders o WHERE day<>'')";
        const std::string parts =
            "(SELECT o.tenant,day,offer,currency,source,1-is_return AS orders,gave_back AS refunds,"
            " revenue_cents,refunded_cents FROM orders o JOIN order_offers x"
            " ON x.tenant=o.tenant AND x.order_id=o.order_id WHERE day<>'')";
        const std::string days = "tenant||'/'||day||'/'||currency||'/'||source";
        const std::string offers = "tenant||'/'||offer||'/'||currency";
        RC_ASSERT(summed(model, days, "day_sales") == summed(model, days, orders));
        RC_ASSERT(
            summed(model, days + "||'/'||offer", "offer_day_sales") ==
            summed(model, days + "||'/'||offer", parts)
        );
        RC_ASSERT(summed(model, offers, "offer_sales") == summed(model, offers, parts));
    }));
}

}  // namespace vitrine::tests
