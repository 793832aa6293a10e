#include "projections/sales/projector.hpp"

#include <algorithm>
#include <optional>

#include "events/checkouts.hpp"
#include "events/codec.hpp"
#include "events/orders.hpp"
#include "projections/every_projection.hpp"
#include "projections/payload.hpp"
#include "projections/row_cache.hpp"
#include "projections/sales/checkout_order.hpp"
#include "projections/sales/insert_into.hpp"
#include "projections/sales/known_here.hpp"
#include "projections/sales/order.hpp"
#include "projections/sales/sums.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* create_orders =
    "CREATE TABLE orders("
    " tenant TEXT NOT NULL, order_id TEXT NOT NULL,"  // the platform's
    " id TEXT NOT NULL,"                              // ours
    " status TEXT NOT NULL,"
    " customer TEXT NOT NULL,"       // ours, else "clubify:" and the platform's; empty: not told
    " placed_at INTEGER NOT NULL,"   // microseconds
    " day TEXT NOT NULL,"            // 2011-04-01, on which it counts; empty: it does not count
    " counted_at INTEGER NOT NULL,"  // microseconds; 0: it does not count
    " currency TEXT NOT NULL,"       // empty: not told
    " source TEXT NOT NULL,"         // empty: not told
    " is_return INTEGER NOT NULL,"   // it gives back only, and is no order
    " gave_back INTEGER NOT NULL,"
    " unexplained_cents INTEGER NOT NULL,"  // what its lines leave of the total
    " told_by TEXT NOT NULL,"               // who told of it first
    " movements TEXT NOT NULL,"             // what it comes of: SoldOrder
    " position INTEGER NOT NULL)";

const std::vector<std::string_view> columns = {
    "tenant",
    "order_id",
    "id",
    "status",
    "customer",
    "placed_at",
    "day",
    "counted_at",
    "currency",
    "source",
    "is_return",
    "gave_back",
    "unexplained_cents",
    "told_by",
    "movements",
    "position"
};

/// How much of an order is of which offer; empty: not told.
constexpr const char* create_order_offers =
    "CREATE TABLE order_offers("
    " tenant TEXT NOT NULL, order_id TEXT NOT NULL, offer TEXT NOT NULL,"
    " placed_at INTEGER NOT NULL,"
    " revenue_cents INTEGER NOT NULL, refunded_cents INTEGER NOT NULL)";

const std::vector<std::string_view> order_offer_columns = {
    "tenant", "order_id", "offer", "placed_at", "revenue_cents", "refunded_cents"
};

/// An order, and how it stands in the tables.
struct Order : SoldOrder {
    std::optional<CountedOrder> summed;
    bool written = false;  // it has rows
};

std::string day_of(std::int64_t microseconds) {
    if (microseconds == 0) return {};
    const auto day = sales_zone().day_of(Timestamp(std::chrono::microseconds(microseconds)));
    return format_time(std::chrono::sys_days(day)).substr(0, std::size("2011-04-01") - 1);
}

/// nullopt: it does not count.
std::optional<CountedOrder> counted(const OrderSum& sum) {
    if (!sum.counts()) return std::nullopt;
    return CountedOrder{
        day_of(sum.counted_at), sum.currency, sum.source, sum.is_return, sum.gave_back, sum.parts
    };
}

class Sales : public Projector {
public:
    Sales(SQLite::Database& database, Tables tables)
        : insert_(database, insert_into("orders", columns, tables, {"tenant", "order_id"})),
          insert_offer_(database, insert_sql("order_offers", order_offer_columns, {})),
          remove_offers_(database, "DELETE FROM order_offers WHERE tenant=? AND order_id=?"),
          known_(database, tables),
          sums_(database) {
        if (tables == Tables::filled) {
            select_.emplace(
                database.getHandle(),
                "SELECT movements,told_by,position FROM orders WHERE tenant=? AND order_id=?"
            );
        }
    }

    void apply(const RecordedEvent& event) override {
        const auto category = events::category_of(event.stream);
        read_event(event, [&] {
            if (category == "sale") return note_checkout(event);
            if (category != "order" && category != "payment")
                return known_.note(event, category, payload_);
            if (event.type == "OrderRecorded") {
                auto whole = read_whole_order(payload_, event.data);
                const auto id = whole.order_id;
                return note(event, id, [&](Order& order) { fold(order, std::move(whole)); });
            }
            auto told = read_order_told(payload_, event);
            const auto id = told.order_id;
            if (id.empty()) return;  // a payment that names no order
            note(event, id, [&](Order& order) { fold(order, event.type, std::move(told)); });
        });
    }

    void write() override {
        orders_.write_changed([this](auto& entry) { write(entry.tenant, entry.id, entry.row); });
        known_.write();
        sums_.write();
    }

    void forget() override {
        orders_.clear();
        known_.forget();
        sums_.forget();
    }
    std::size_t bytes() const override { return orders_.bytes() + known_.bytes(); }

private:
    template <class Fold>
    void note(const RecordedEvent& event, const std::string& id, Fold fold_into) {
        auto& entry = orders_.find(event.tenant, id, [&](Order& order) {
            if (select_) load(event.tenant, id, order);
        });
        if (event.position <= entry.row.position) return;
        fold_into(entry.row);
        entry.row.position = event.position;
        orders_.mark(entry);
    }

    void note_checkout(const RecordedEvent& event) {
        const auto told = events::decode<events::CheckoutEvent>(event);
        if (!told) return;
        if (const auto* completed = std::get_if<events::CheckoutCompleted>(&*told)) {
            const auto whole = events::encode(order_of(*completed, event.occurred_at)).data;
            note(event, completed->clubify_order_id.str(), [&](Order& order) {
                fold(order, read_whole_order(payload_, whole));
            });
        }
        const auto back = given_back(*told);
        if (!back) return;
        note(event, back->clubify_order_id.str(), [&](Order& order) {
            fold(order, *back, payload_);
        });
    }

    void write(const TenantId& tenant, const std::string& id, Order& order) {
        const auto sum = order.sum();
        auto in_sums = counted(sum);
        sums_.replace(tenant, order.summed, in_sums);
        order.summed = std::move(in_sums);
        insert_->execute(
            tenant,
            id,
            events::order_id_of(tenant, id),
            sum.status,
            sum.customer_id.empty() && !sum.clubify_customer_id.empty()
                ? clubify_customer(sum.clubify_customer_id)
                : sum.customer_id,
            sum.placed_at,
            sum.counts() ? day_of(sum.counted_at) : std::string(),
            sum.counts() ? sum.counted_at : 0,
            sum.currency,
            sum.source,
            sum.is_return,
            sum.gave_back,
            sum.unexplained_cents.value_or(0),
            order.told_by,
            order.movements(),
            order.position
        );
        if (order.written) remove_offers_->execute(tenant, id);
        order.written = true;
        for (const auto& [offer, revenue, refunded] : sum.parts)
            insert_offer_->execute(tenant, id, offer, sum.placed_at, revenue, refunded);
    }

    void load(const TenantId& tenant, std::string_view id, Order& order) {
        auto found = select_->run(tenant, id);
        if (!found.next()) return;
        order.read_movements(found.text(0));
        order.told_by = found.text(1);
        order.position = found.unsigned_number(2);
        order.summed = counted(order.sum());
        order.written = true;
    }

    MadeStatement insert_, insert_offer_, remove_offers_;
    std::optional<Statement> select_;
    RowCache<Order> orders_;
    KnownHere known_;
    SalesSums sums_;
    Payload payload_;
};

}  // namespace

const Zone& sales_zone() {
    static const Zone zone = Zone::find("America/Sao_Paulo").value();
    return zone;
}

Projection sales_projection() {
    Projection projection;
    projection.name = "sales";
    projection.version = 6;
    projection.readable_since = 6;
    projection.poison = Poison::park_tenant;  // an order is told by streams of several kinds
    projection.event_types = {
        "ClubifyOrderCreated",
        "ClubifyOrderPaid",
        "ClubifyOrderCompleted",
        "ClubifyOrderCancelled",
        "ClubifyOrderRefunded",
        "ClubifyPaymentPaid",
        "ClubifyPaymentRefunded",
        "OrderRecorded",
        "CheckoutCompleted",
        "DisputeEnded",
        "RefundDone"
    };
    for (const auto type : KnownHere::event_types) projection.event_types.emplace_back(type);
    projection.tables.push_back(
        {"orders",
         create_orders,
         {"tenant", "order_id"},
         {"CREATE UNIQUE INDEX orders_key ON orders(tenant, order_id)",
          "CREATE UNIQUE INDEX orders_id ON orders(tenant, id)",
          "CREATE INDEX orders_by_time ON orders(tenant, placed_at, order_id)",
          "CREATE INDEX orders_by_status ON orders(tenant, status, placed_at, order_id)",
          "CREATE INDEX orders_by_customer ON orders(tenant, customer, placed_at, order_id)",
          "CREATE INDEX orders_unexplained ON orders(tenant, order_id) WHERE "
          "unexplained_cents<>0"}}
    );
    projection.tables.push_back(
        {"order_offers",
         create_order_offers,
         {"tenant", "order_id", "offer"},
         {"CREATE UNIQUE INDEX order_offers_key ON order_offers(tenant, order_id, offer)",
          "CREATE INDEX order_offers_by_offer ON order_offers(tenant, offer, placed_at, order_id)"}}
    );
    std::ranges::copy(KnownHere::tables(), std::back_inserter(projection.tables));
    std::ranges::copy(sales_sum_tables(), std::back_inserter(projection.tables));
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Sales>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
