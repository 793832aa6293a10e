#include "projections/sales/projector.hpp"

#include <algorithm>
#include <optional>

#include "projections/every_projection.hpp"
#include "projections/payload.hpp"
#include "projections/row_cache.hpp"
#include "projections/sales/order.hpp"
#include "projections/sales/sums.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* create_orders =
    "CREATE TABLE orders("
    " tenant TEXT NOT NULL, order_id TEXT NOT NULL,"
    " clubify_offer_id TEXT NOT NULL,"  // empty: not told
    " day TEXT NOT NULL,"               // 2011-04-01, on which it counts; empty: it does not count
    " counted_at INTEGER NOT NULL,"     // microseconds; 0: it does not count
    " currency TEXT NOT NULL,"          // empty: not told
    " amount_cents INTEGER NOT NULL,"
    " refunded_cents INTEGER NOT NULL,"
    " refunded INTEGER NOT NULL, cancelled INTEGER NOT NULL,"
    " source TEXT NOT NULL, medium TEXT NOT NULL, campaign TEXT NOT NULL,"
    " movements TEXT NOT NULL,"  // what the figures come of: SoldOrder
    " position INTEGER NOT NULL)";

const std::vector<std::string_view> columns = {
    "tenant",
    "order_id",
    "clubify_offer_id",
    "day",
    "counted_at",
    "currency",
    "amount_cents",
    "refunded_cents",
    "refunded",
    "cancelled",
    "source",
    "medium",
    "campaign",
    "movements",
    "position"
};

/// For orders that tell no currency: that of their offer, whenever it becomes known.
constexpr const char* create_offers =
    "CREATE TABLE offers("
    " tenant TEXT NOT NULL, clubify_offer_id TEXT NOT NULL, currency TEXT NOT NULL,"
    " position INTEGER NOT NULL)";

const std::vector<std::string_view> offer_columns = {
    "tenant", "clubify_offer_id", "currency", "position"
};

/// An order, and how it stands in the sums.
struct Order : SoldOrder {
    std::optional<CountedOrder> summed;
};

struct Offer {
    std::string currency;
    Position position = 0;

    std::size_t bytes() const { return sizeof(Offer) + currency.size(); }
};

std::string day_of(std::int64_t microseconds) {
    if (microseconds == 0) return {};
    const auto day = sales_zone().day_of(Timestamp(std::chrono::microseconds(microseconds)));
    return format_time(std::chrono::sys_days(day)).substr(0, std::size("2011-04-01") - 1);
}

/// Of a table that is empty nothing is looked up, and no row is met twice.
std::string insert_into(
    std::string_view table,
    const std::vector<std::string_view>& names,
    Tables tables,
    const std::vector<std::string_view>& key
) {
    if (tables == Tables::empty) return insert_sql(table, names, {});
    return insert_sql(table, names, key);
}

/// nullopt: it does not count.
std::optional<CountedOrder> counted(const SoldOrder& order) {
    if (order.counted_at == 0 || order.cancelled) return std::nullopt;
    return CountedOrder{
        order.clubify_offer_id,
        day_of(order.counted_at),
        order.currency,
        order.source,
        order.amount_cents(),
        order.refunded_cents(),
        !order.refunds.empty()
    };
}

class Sales : public Projector {
public:
    Sales(SQLite::Database& database, Tables tables)
        : insert_(database, insert_into("orders", columns, tables, {"tenant", "order_id"})),
          insert_offer_(
              database, insert_into("offers", offer_columns, tables, {"tenant", "clubify_offer_id"})
          ),
          sums_(database) {
        if (tables == Tables::filled) {
            select_.emplace(
                database.getHandle(),
                "SELECT clubify_offer_id,counted_at,currency,cancelled,source,medium,campaign,"
                " movements,position"
                " FROM orders WHERE tenant=? AND order_id=?"
            );
        }
    }

    void apply(const RecordedEvent& event) override {
        const auto category = events::category_of(event.stream);
        if (category == "offer") return read_event(event, [&] { note_offer(event); });
        if (category != "order" && category != "payment") return;
        read_event(event, [&] {
            auto told = read_order_told(payload_, event);
            if (told.order_id.empty()) return;  // a payment that names no order
            auto& entry = orders_.find(event.tenant, told.order_id, [&](Order& order) {
                if (select_) load(event.tenant, told.order_id, order);
            });
            if (event.position <= entry.row.position) return;
            fold(entry.row, event.type, std::move(told));
            entry.row.position = event.position;
            orders_.mark(entry);
        });
    }

    void write() override {
        orders_.write_changed([this](auto& entry) {
            Order& order = entry.row;
            auto sum = counted(order);
            sums_.replace(entry.tenant, order.summed, sum);
            order.summed = std::move(sum);
            insert_->execute(
                entry.tenant,
                entry.id,
                order.clubify_offer_id,
                day_of(order.counted_at),
                order.counted_at,
                order.currency,
                order.amount_cents(),
                order.refunded_cents(),
                !order.refunds.empty(),
                order.cancelled,
                order.source,
                order.medium,
                order.campaign,
                order.movements(),
                order.position
            );
        });
        offers_.write_changed([this](const auto& entry) {
            insert_offer_->execute(entry.tenant, entry.id, entry.row.currency, entry.row.position);
        });
        sums_.write();
    }

    void forget() override {
        orders_.clear();
        offers_.clear();
        sums_.forget();
    }
    std::size_t bytes() const override { return orders_.bytes() + offers_.bytes(); }

private:
    void note_offer(const RecordedEvent& event) {
        std::string id;
        Offer offer;
        for (auto field : payload_.open(event)) {
            const std::string_view name = field.unescaped_key();
            if (name == "clubify_offer_id") id = text_of(field.value());
            if (name == "currency") offer.currency = text_of(field.value());
        }
        auto& entry = offers_.find(event.tenant, id, [](Offer&) {});
        if (event.position <= entry.row.position) return;
        entry.row.currency = std::move(offer.currency);
        entry.row.position = event.position;
        offers_.mark(entry);
    }

    void load(const TenantId& tenant, std::string_view id, Order& order) {
        auto found = select_->run(tenant, id);
        if (!found.next()) return;
        order.clubify_offer_id = found.text(0);
        order.counted_at = found.number(1);
        order.currency = found.text(2);
        order.cancelled = found.number(3) != 0;
        order.source = found.text(4);
        order.medium = found.text(5);
        order.campaign = found.text(6);
        order.read_movements(found.text(7));
        order.position = found.unsigned_number(8);
        order.summed = counted(order);
    }

    MadeStatement insert_, insert_offer_;
    std::optional<Statement> select_;
    RowCache<Order> orders_;
    RowCache<Offer> offers_;
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
    projection.version = 4;
    projection.readable_since = 3;
    projection.poison = Poison::park_tenant;  // an order is told by streams of several kinds
    projection.event_types = {
        "ClubifyOrderCreated",
        "ClubifyOrderPaid",
        "ClubifyOrderCompleted",
        "ClubifyOrderCancelled",
        "ClubifyOrderRefunded",
        "ClubifyPaymentPaid",
        "ClubifyPaymentRefunded",
        "OfferCreated",
        "OfferAdopted"
    };
    projection.tables.push_back(
        {"orders",
         create_orders,
         {"tenant", "order_id"},
         {"CREATE UNIQUE INDEX orders_key ON orders(tenant, order_id)",
          "CREATE INDEX orders_by_offer ON orders(tenant, clubify_offer_id, counted_at)",
          "CREATE INDEX orders_by_time ON orders(tenant, counted_at)"}}
    );
    projection.tables.push_back(
        {"offers",
         create_offers,
         {"tenant", "clubify_offer_id"},
         {"CREATE UNIQUE INDEX offers_key ON offers(tenant, clubify_offer_id)"}}
    );
    std::ranges::copy(sales_sum_tables(), std::back_inserter(projection.tables));
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Sales>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
