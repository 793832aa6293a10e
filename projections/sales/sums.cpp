#include "projections/sales/sums.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vitrine::projections {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view day_keys[] = {"tenant", "day", "currency", "offer", "source"};
constexpr std::string_view offer_day_keys[] = {"tenant", "offer", "day", "currency", "source"};
constexpr std::string_view offer_keys[] = {"tenant", "offer", "currency"};

Table sum_table(std::string_view name, Names keys, std::vector<std::string> indexes) {
    std::string columns;
    for (const auto key : keys) columns += fmt::format("{} TEXT NOT NULL,", key);
    return {
        std::string(name),
        fmt::format(
            "CREATE TABLE {}({} orders INTEGER NOT NULL, revenue_cents INTEGER NOT NULL,"
            " refunds INTEGER NOT NULL, refunded_cents INTEGER NOT NULL,"
            " PRIMARY KEY({})) WITHOUT ROWID",
            name,
            columns,
            fmt::join(keys, ",")
        ),
        std::vector<std::string>(keys.begin(), keys.end()),
        std::move(indexes)
    };
}

// The parameters are numbered alike in both statements: the keys first.
std::string add_sql(std::string_view table, Names keys) {
    std::string places;
    for (std::size_t i = 1; i <= keys.size(); ++i) places += fmt::format("?{},", i);
    return fmt::format(
        "INSERT INTO {0}({1},orders,revenue_cents,refunds,refunded_cents) VALUES({2}?6,?7,?8,?9)"
        " ON CONFLICT({1}) DO UPDATE SET orders=orders+excluded.orders,"
        "revenue_cents=revenue_cents+excluded.revenue_cents,refunds=refunds+excluded.refunds,"
        "refunded_cents=refunded_cents+excluded.refunded_cents",
        table,
        fmt::join(keys, ","),
        places
    );
}

std::string remove_sql(std::string_view table, Names keys) {
    auto sql = fmt::format("DELETE FROM {} WHERE orders=0 AND refunds=0", table);
    for (std::size_t i = 0; i < keys.size(); ++i) sql += fmt::format(" AND {}=?{}", keys[i], i + 1);
    return sql;
}

}  // namespace

std::vector<Table> sales_sum_tables() {
    return {
        sum_table("day_sales", day_keys, {}),
        sum_table(
            "offer_day_sales",
            offer_day_keys,
            {"CREATE INDEX offer_day_sales_day ON offer_day_sales(tenant, day)"}
        ),
        sum_table("offer_sales", offer_keys, {}),
    };
}

SalesSums::SalesSums(SQLite::Database& database)
    : days_(database, "day_sales", day_keys),
      offer_days_(database, "offer_day_sales", offer_day_keys),
      offers_(database, "offer_sales", offer_keys) {}

void SalesSums::replace(
    const TenantId& tenant,
    const std::optional<CountedOrder>& before,
    const std::optional<CountedOrder>& after
) {
    if (before) add(tenant, *before, -1);
    if (after) add(tenant, *after, 1);
}

void SalesSums::add(const TenantId& tenant, const CountedOrder& order, int sign) {
    const auto sum_of = [&order](const OfferPart& part) {
        return Sum{
            order.is_return ? 0 : 1, part.revenue_cents, order.refunded ? 1 : 0, part.refunded_cents
        };
    };
    OfferPart whole;
    for (const auto& part : order.parts) {
        offer_days_.add(
            {tenant.view(), part.offer, order.day, order.currency, order.source}, sum_of(part), sign
        );
        offers_.add({tenant.view(), part.offer, order.currency, "", ""}, sum_of(part), sign);
        whole.revenue_cents += part.revenue_cents;
        whole.refunded_cents += part.refunded_cents;
    }
    const auto unknown = order.currency.empty() ? order.parts.front().offer : std::string();
    days_.add(
        {tenant.view(), order.day, order.currency, unknown, order.source}, sum_of(whole), sign
    );
}

void SalesSums::write() {
    for (auto* table : {&days_, &offer_days_, &offers_}) table->write();
}

void SalesSums::forget() {
    for (auto* table : {&days_, &offer_days_, &offers_}) table->forget();
}

SalesSums::SumTable::SumTable(
    SQLite::Database& database, std::string_view name, std::span<const std::string_view> keys
)
    : add_(database, add_sql(name, keys)),
      remove_(database, remove_sql(name, keys)),
      keys_(keys.size()) {}

void SalesSums::SumTable::add(const Key& key, const Sum& sum, int sign) {
    auto& gain = gains_[{
        std::string(key[0]),
        std::string(key[1]),
        std::string(key[2]),
        std::string(key[3]),
        std::string(key[4])
    }];
    gain.orders += sign * sum.orders;
    gain.revenue_cents += sign * sum.revenue_cents;
    gain.refunds += sign * sum.refunds;
    gain.refunded_cents += sign * sum.refunded_cents;
}

void SalesSums::SumTable::write() {
    for (const auto& [key, gain] : gains_) {
        if (gain == Sum()) continue;
        const auto& [orders, revenue, refunds, refunded] = gain;
        add_->execute(key[0], key[1], key[2], key[3], key[4], orders, revenue, refunds, refunded);
        if (orders >= 0 && refunds >= 0) continue;
        if (keys_ == 3) {
            remove_->execute(key[0], key[1], key[2]);
        } else {
            remove_->execute(key[0], key[1], key[2], key[3], key[4]);
        }
    }
    gains_.clear();
}

}  // namespace vitrine::projections
