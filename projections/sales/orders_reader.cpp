#include "projections/sales/orders_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "projections/list_sql.hpp"
#include "projections/sales/known_here.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

#define VITRINE_ORDER "o.order_id,o.placed_at,o.status,o.movements,o.told_by,o.position"

constexpr const char* order_found =
    "SELECT " VITRINE_ORDER
    " FROM orders o WHERE tenant=?1 AND id=?2"
    " UNION ALL SELECT " VITRINE_ORDER " FROM orders o WHERE tenant=?1 AND order_id=?2 LIMIT 1";
constexpr const char* orders_unexplained =
    "SELECT " VITRINE_ORDER
    " FROM orders o INDEXED BY orders_unexplained"
    " WHERE tenant=?1 AND unexplained_cents<>0 ORDER BY order_id";
constexpr const char* offer_told_as =
    "SELECT told FROM offers INDEXED BY offers_id WHERE tenant=?1 AND offer_id=?2";
constexpr const char* offer_of = "SELECT offer_id,currency FROM offers WHERE tenant=?1 AND told=?2";
constexpr const char* customers_of =
    "SELECT customer_id FROM customers INDEXED BY customers_key WHERE tenant=?1 AND customer_id=?2"
    " UNION SELECT 'clubify:'||clubify_customer_id FROM customers"
    " WHERE tenant=?1 AND customer_id=?2 AND clubify_customer_id<>''";
constexpr const char* customers_merged_into =
    "SELECT customer_id FROM customers INDEXED BY customers_merged"
    " WHERE tenant=?1 AND merged_into=?2";
constexpr const char* customer_on_clubify =
    "SELECT customer_id FROM customers INDEXED BY customers_on_clubify"
    " WHERE tenant=?1 AND clubify_customer_id=?2 LIMIT 1";
constexpr const char* merged_into =
    "SELECT merged_into FROM customers WHERE tenant=?1 AND customer_id=?2 AND merged_into<>''";
constexpr const char* product_told_as =
    "SELECT product_id,sku,name FROM products WHERE tenant=?1 AND product_id=?2"
    " UNION ALL SELECT product_id,sku,name FROM products INDEXED BY products_on_clubify"
    " WHERE tenant=?1 AND clubify_product_id=?2"
    " UNION ALL SELECT product_id,sku,name FROM products INDEXED BY products_sku"
    " WHERE tenant=?1 AND sku=?2 LIMIT 1";

/// Merges that lead from one to the other; nobody is merged twice, so that this ends.
constexpr int most_merges = 100;

OrderRow read_row(const Statement::Run& row) {
    OrderRow read;
    SoldOrder order;
    order.read_movements(row.text(3));
    order.told_by = row.text(4);
    read.order_id = row.text(0);
    read.sum = order.sum();
    read.refunds = std::move(order.refunds);
    read.currency = read.sum.currency;
    read.position = row.unsigned_number(5);
    return read;
}

ListKey place_of(const OrderRow& row) {
    return {{}, row.sum.placed_at, row.order_id};
}

/// Rows in the order of `place`, "o" or "x": the table that is read in order.
std::string page_sql(std::string_view from, std::string_view place, const OrdersPage& page) {
    const auto* direction = page.descending ? " DESC" : "";
    std::string after;
    if (page.after)
        after = fmt::format(
            " AND ({0}.placed_at,{0}.order_id){1}(?5,?6)", place, page.descending ? '<' : '>'
        );
    return fmt::format(
        "SELECT " VITRINE_ORDER
        " FROM {0} AND {1}.placed_at>=?3 AND {1}.placed_at<?4{2}"
        " ORDER BY {1}.placed_at{3},{1}.order_id{3} LIMIT {4}",
        from,
        place,
        after,
        direction,
        most_looked_at + 1
    );
}

/// Pages of the same list, each of some of its rows, as one page of all.
ListItems<OrderRow> merged(std::vector<ListItems<OrderRow>> pages, const OrdersPage& asked) {
    if (pages.size() == 1) return std::move(pages.front());
    const auto is_before = [&asked](const ListKey& a, const ListKey& b) {
        const bool less = std::tie(a.number, a.id) < std::tie(b.number, b.id);
        return asked.descending ? std::tie(b.number, b.id) < std::tie(a.number, a.id) : less;
    };
    ListItems<OrderRow> all;
    for (auto& page : pages) {
        std::ranges::move(page.items, std::back_inserter(all.items));
        // Beyond where one of them ends nobody has looked.
        if (page.next && (!all.next || is_before(*page.next, *all.next))) all.next = page.next;
    }
    std::ranges::sort(all.items, is_before, place_of);
    const auto repeated = std::ranges::unique(all.items, {}, &OrderRow::order_id);
    all.items.erase(repeated.begin(), repeated.end());
    if (all.next) {
        const auto end = std::ranges::upper_bound(all.items, *all.next, is_before, place_of);
        all.items.erase(end, all.items.end());
    }
    if (all.items.size() > asked.limit) {
        all.items.resize(asked.limit);
        all.next = place_of(all.items.back());
    }
    return all;
}

}  // namespace

std::vector<std::string> OrdersReader::texts(
    const char* sql, const TenantId& tenant, std::string_view value
) {
    std::vector<std::string> found;
    for (auto rows = lease_.statement(sql).run(tenant, value); rows.next();)
        found.push_back(rows.string(0));
    return found;
}

std::string OrdersReader::customer_id(const TenantId& tenant, const OrderSum& sum) {
    auto id = sum.customer_id;
    if (id.empty() && !sum.clubify_customer_id.empty()) {
        const auto known = texts(customer_on_clubify, tenant, sum.clubify_customer_id);
        if (!known.empty()) id = known.front();
    }
    for (int i = 0; i < most_merges && !id.empty(); ++i) {
        const auto into = texts(merged_into, tenant, id);
        if (into.empty()) break;
        id = into.front();
    }
    return id;
}

std::string OrdersReader::offer_id(const TenantId& tenant, std::string_view told) {
    auto row = lease_.statement(offer_of).run(tenant, told);
    return row.next() ? row.string(0) : std::string();
}

void OrdersReader::name_what_is_known(const TenantId& tenant, OrderRow& row) {
    row.customer_id = customer_id(tenant, row.sum);
    for (const auto& part : row.sum.parts) {
        auto offer = lease_.statement(offer_of).run(tenant, part.offer);
        const bool known = offer.next();
        if (row.currency.empty() && known) row.currency = offer.text(1);
        if (known && row.sum.parts.size() == 1) row.offer_id = offer.text(0);
    }
}

std::optional<OrderRow> OrdersReader::find(const TenantId& tenant, std::string_view id) {
    std::optional<OrderRow> found;
    {
        auto row = lease_.statement(order_found).run(tenant, id);
        if (row.next()) found = read_row(row);
    }
    if (found) name_what_is_known(tenant, *found);
    return found;
}

ListItems<OrderRow> OrdersReader::page_of(
    std::string_view from,
    std::string_view place,
    const TenantId& tenant,
    std::string_view value,
    const OrdersPage& page
) {
    auto& select = lease_.statement(page_sql(from, place, page));
    const auto first = page.from.value_or(std::numeric_limits<std::int64_t>::min());
    const auto end = page.before.value_or(std::numeric_limits<std::int64_t>::max());
    const auto look = [&](const Statement::Run& row, ListKey& key) -> std::optional<OrderRow> {
        key = {{}, row.number(1), row.string(0)};
        if (!page.status.empty() && row.text(2) != page.status) return std::nullopt;
        return read_row(row);
    };
    auto rows = page.after
                    ? select.run(tenant, value, first, end, page.after->number, page.after->id)
                    : select.run(tenant, value, first, end);
    return look_through<OrderRow, ListKey>(
        std::move(rows), page.limit, AtMost(most_looked_at), look
    );
}

ListItems<OrderRow> OrdersReader::list(const TenantId& tenant, const OrdersPage& page) {
    std::vector<ListItems<OrderRow>> pages;
    const auto look_for = [&](const std::vector<std::string>& values, auto from, auto place) {
        for (const auto& value : values) pages.push_back(page_of(from, place, tenant, value, page));
    };
    auto customers = std::vector<std::string>();
    if (!page.customer_id.empty()) {
        customers = {page.customer_id};
        for (std::size_t i = 0; i < customers.size() && i < most_merges; ++i)
            std::ranges::copy(
                texts(customers_merged_into, tenant, customers[i]), std::back_inserter(customers)
            );
        const auto ours = customers;
        for (const auto& id : ours)
            std::ranges::copy_if(
                texts(customers_of, tenant, id),
                std::back_inserter(customers),
                [&](const auto& known) { return known != id; }
            );
    }
    const auto offers = page.offer_id.empty() ? std::vector<std::string>()
                                              : texts(offer_told_as, tenant, page.offer_id);
    if (!page.customer_id.empty() && page.offer_id.empty()) {
        look_for(
            customers,
            "orders o INDEXED BY orders_by_customer WHERE o.tenant=?1 AND o.customer=?2",
            "o"
        );
    } else if (!page.offer_id.empty()) {
        look_for(
            offers,
            "order_offers x INDEXED BY order_offers_by_offer CROSS JOIN orders o ON"
            " o.tenant=x.tenant AND o.order_id=x.order_id WHERE x.tenant=?1 AND x.offer=?2",
            "x"
        );
    } else if (!page.status.empty()) {
        look_for(
            {page.status},
            "orders o INDEXED BY orders_by_status WHERE o.tenant=?1 AND o.status=?2",
            "o"
        );
    } else {
        look_for({""}, "orders o INDEXED BY orders_by_time WHERE o.tenant=?1 AND ?2=''", "o");
    }
    if (pages.empty()) return {};
    auto all = merged(std::move(pages), page);
    for (auto& row : all.items) name_what_is_known(tenant, row);
    if (!page.customer_id.empty() && !page.offer_id.empty())
        std::erase_if(all.items, [&](const OrderRow& row) {
            return row.customer_id != page.customer_id;
        });
    return all;
}

std::optional<LineProduct> OrdersReader::product(const TenantId& tenant, std::string_view told) {
    if (told.empty()) return std::nullopt;
    auto row = lease_.statement(product_told_as).run(tenant, told);
    if (!row.next()) return std::nullopt;
    return LineProduct{row.string(0), row.string(1), row.string(2)};
}

std::vector<OrderRow> OrdersReader::unexplained(const TenantId& tenant) {
    std::vector<OrderRow> found;
    for (auto rows = lease_.statement(orders_unexplained).run(tenant); rows.next();)
        found.push_back(read_row(rows));
    return found;
}

std::size_t OrdersReader::count(const TenantId& tenant) {
    auto row = lease_.statement("SELECT count(*) FROM orders WHERE tenant=?").run(tenant);
    return row.next() ? static_cast<std::size_t>(row.number(0)) : 0;
}

}  // namespace vitrine::projections
