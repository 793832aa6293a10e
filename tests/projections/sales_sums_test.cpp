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
            "(SELECT tenant,day,clubify_offer_id,currency,source,1 AS orders,"
            " amount_cents AS revenue_cents,refunded AS refunds,"
            " refunded_cents FROM orders WHERE counted_at<>0 AND cancelled=0)";
        const std::string days = "tenant||'/'||day||'/'||currency||'/'||source";
        const std::string offers = "tenant||'/'||clubify_offer_id||'/'||currency";
        RC_ASSERT(summed(model, days, "day_sales") == summed(model, days, orders));
        RC_ASSERT(
            summed(model, days + "||'/'||clubify_offer_id", "offer_day_sales") ==
            summed(model, days + "||'/'||clubify_offer_id", orders)
        );
        RC_ASSERT(summed(model, offers, "offer_sales") == summed(model, offers, orders));
    }));
}

}  // namespace vitrine::tests
