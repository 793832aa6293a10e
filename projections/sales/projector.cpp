#include "projections/sales/projector.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>

#include "projections/payload.hpp"
#include "projections/row_cache.hpp"
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
    " order_refund_cents INTEGER NOT NULL,"    // of order.refunded
    " payment_refund_cents INTEGER NOT NULL,"  // sum of payment.refunded
    " refunded INTEGER NOT NULL, cancelled INTEGER NOT NULL,"
    " source TEXT NOT NULL, medium TEXT NOT NULL, campaign TEXT NOT NULL,"
    " position INTEGER NOT NULL)";

const std::vector<std::string_view> columns = {
    "tenant",
    "order_id",
    "clubify_offer_id",
    "day",
    "counted_at",
    "currency",
    "amount_cents",
    "order_refund_cents",
    "payment_refund_cents",
    "refunded",
    "cancelled",
    "source",
    "medium",
    "campaign",
    "position"
};

struct Order {
    std::string clubify_offer_id, currency, source, medium, campaign;
    std::int64_t counted_at = 0;
    std::int64_t amount_cents = 0, order_refund_cents = 0, payment_refund_cents = 0;
    bool refunded = false, cancelled = false;
    Position position = 0;
    std::optional<CountedOrder> summed;  // as it stands in the sums

    std::size_t bytes() const {
        return sizeof(Order) + clubify_offer_id.size() + source.size() + medium.size() +
               campaign.size();
    }
};

/// What an order's event says, as far as sales care.
struct Told {
    std::string order_id, clubify_offer_id, currency, source, medium, campaign;
    std::optional<std::int64_t> amount_cents;
    Timestamp sent_at;
};

Told read(Payload& payload, const RecordedEvent& event) {
    Told told;
    for (auto field : payload.open(event)) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name == "order_id") {
            told.order_id = text_of(value);
        } else if (name == "clubify_offer_id") {
            told.clubify_offer_id = text_of(value);
        } else if (name == "currency") {
            told.currency = text_of(value);
        } else if (name == "source") {
            told.source = text_of(value);
        } else if (name == "medium") {
            told.medium = text_of(value);
        } else if (name == "campaign") {
            told.campaign = text_of(value);
        } else if (name == "amount_cents") {
            told.amount_cents = number_of(value);
        } else if (name == "sent_at") {
            const auto time = parse_time(text_of(value));
            if (!time) throw std::runtime_error("sent_at is no time");
            told.sent_at = *time;
        }
    }
    return told;
}

void keep_first(std::string& into, std::string&& from) {
    if (into.empty()) into = std::move(from);
}

std::string day_of(std::int64_t microseconds) {
    if (microseconds == 0) return {};
    const auto day = sales_zone().day_of(Timestamp(std::chrono::microseconds(microseconds)));
    return format_time(std::chrono::sys_days(day)).substr(0, std::size("2011-04-01") - 1);
}

void fold(Order& order, std::string_view type, Told told) {
    const auto amount = told.amount_cents.value_or(0);
    if (type == "ClubifyPaymentRefunded") {
        order.payment_refund_cents += amount;
        order.refunded = true;
        return;
    }
    keep_first(order.clubify_offer_id, std::move(told.clubify_offer_id));
    keep_first(order.currency, std::move(told.currency));
    keep_first(order.source, std::move(told.source));
    keep_first(order.medium, std::move(told.medium));
    keep_first(order.campaign, std::move(told.campaign));
    if (type == "ClubifyOrderRefunded") {
        constexpr auto all = std::numeric_limits<std::int64_t>::max();
        order.order_refund_cents =
            std::max(order.order_refund_cents, told.amount_cents.value_or(all));
        order.refunded = true;
        return;
    }
    if (type == "ClubifyOrderCancelled") {
        order.cancelled = true;
        return;
    }
    if (told.amount_cents) order.amount_cents = amount;
    if (type == "ClubifyOrderPaid" || type == "ClubifyOrderCompleted") {
        const auto sent = told.sent_at.time_since_epoch().count();
        order.counted_at = order.counted_at == 0 ? sent : std::min(order.counted_at, sent);
    }
}

/// nullopt: it does not count.
std::optional<CountedOrder> counted(const Order& order) {
    if (order.counted_at == 0 || order.cancelled) return std::nullopt;
    const auto refund = std::max(order.order_refund_cents, order.payment_refund_cents);
    return CountedOrder{
        order.clubify_offer_id,
        day_of(order.counted_at),
        order.currency,
        order.source,
        order.amount_cents,
        std::min(order.amount_cents, refund),
        order.refunded
    };
}

class Sales : public Projector {
public:
    Sales(SQLite::Database& database, Tables tables)
        : insert_(
              database,
              tables == Tables::empty ? insert_sql("orders", columns, {})
                                      : insert_sql("orders", columns, {"tenant", "order_id"})
          ),
          sums_(database) {
        if (tables == Tables::filled) {
            select_.emplace(
                database.getHandle(),
                "SELECT clubify_offer_id,counted_at,currency,amount_cents,order_refund_cents,"
                " payment_refund_cents,refunded,cancelled,source,medium,campaign,position"
                " FROM orders WHERE tenant=? AND order_id=?"
            );
        }
    }

    void apply(const RecordedEvent& event) override {
        const auto category = events::category_of(event.stream);
        if (category != "order" && category != "payment") return;
        read_event(event, [&] {
            auto told = read(payload_, event);
            if (told.order_id.empty()) return;  // a payment that names no order
            auto& entry = rows_.find(event.tenant, told.order_id, [&](Order& order) {
                if (select_) load(event.tenant, told.order_id, order);
            });
            if (event.position <= entry.row.position) return;
            fold(entry.row, event.type, std::move(told));
            entry.row.position = event.position;
            rows_.mark(entry);
        });
    }

    void write() override {
        rows_.write_changed([this](auto& entry) {
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
                order.amount_cents,
                order.order_refund_cents,
                order.payment_refund_cents,
                order.refunded,
                order.cancelled,
                order.source,
                order.medium,
                order.campaign,
                order.position
            );
        });
        sums_.write();
    }

    void forget() override {
        rows_.clear();
        sums_.forget();
    }
    std::size_t bytes() const override { return rows_.bytes(); }

private:
    void load(const TenantId& tenant, std::string_view id, Order& order) {
        auto found = select_->run(tenant, id);
        if (!found.next()) return;
        order.clubify_offer_id = found.text(0);
        order.counted_at = found.number(1);
        order.currency = found.text(2);
        order.amount_cents = found.number(3);
        order.order_refund_cents = found.number(4);
        order.payment_refund_cents = found.number(5);
        order.refunded = found.number(6) != 0;
        order.cancelled = found.number(7) != 0;
        order.source = found.text(8);
        order.medium = found.text(9);
        order.campaign = found.text(10);
        order.position = found.unsigned_number(11);
        order.summed = counted(order);
    }

    MadeStatement insert_;
    std::optional<Statement> select_;
    RowCache<Order> rows_;
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
    projection.version = 2;
    projection.readable_since = 2;
    projection.poison = Poison::park_tenant;  // an order is told by streams of two kinds
    projection.event_types = {
        "ClubifyOrderCreated",
        "ClubifyOrderPaid",
        "ClubifyOrderCompleted",
        "ClubifyOrderCancelled",
        "ClubifyOrderRefunded",
        "ClubifyPaymentRefunded"
    };
    projection.tables.push_back(
        {"orders",
         create_orders,
         {"tenant", "order_id"},
         {"CREATE UNIQUE INDEX orders_key ON orders(tenant, order_id)",
          "CREATE INDEX orders_by_offer ON orders(tenant, clubify_offer_id, counted_at)",
          "CREATE INDEX orders_by_time ON orders(tenant, counted_at)"}}
    );
    std::ranges::copy(sales_sum_tables(), std::back_inserter(projection.tables));
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Sales>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
