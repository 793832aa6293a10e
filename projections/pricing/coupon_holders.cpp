#include "projections/pricing/coupon_holders.hpp"

#include <optional>
#include <string>

#include "projections/payload.hpp"
#include "projections/row_cache.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* create_holders =
    "CREATE TABLE coupon_holders("
    " tenant TEXT NOT NULL, id TEXT NOT NULL,"  // of the coupon, a slash, of the customer
    " held INTEGER NOT NULL,"
    " version INTEGER NOT NULL,"  // of the coupon's stream, with the last event that is counted
    " PRIMARY KEY(tenant, id)) WITHOUT ROWID";

struct Holder {
    std::int64_t held = 0;
    Version version = 0;
    std::size_t bytes() const { return sizeof(Holder); }
};

class CouponHolders : public Projector {
public:
    CouponHolders(SQLite::Database& database, Tables tables)
        : upsert_(
              database,
              "INSERT INTO coupon_holders(tenant,id,held,version) VALUES(?,?,?,?) ON "
              "CONFLICT(tenant,"
              "id) DO UPDATE SET held=excluded.held,version=excluded.version"
          ) {
        if (tables == Tables::filled)
            select_.emplace(
                database, "SELECT held,version FROM coupon_holders WHERE tenant=? AND id=?"
            );
    }

    void apply(const RecordedEvent& event) override {
        std::string customer;
        read_event(event, [&] { customer = customer_of(event); });
        if (customer.empty()) return;
        const auto id = std::string(events::id_of(event.stream)) + '/' + customer;
        auto& entry =
            rows_.find(event.tenant, id, [&](Holder& row) { load(event.tenant, id, row); });
        if (event.version <= entry.row.version) return;
        entry.row.held += event.type == "CouponLocked" ? 1 : -1;
        entry.row.version = event.version;
        rows_.mark(entry);
    }

    void write() override {
        rows_.write_changed([this](const auto& entry) {
            upsert_->execute(entry.tenant, entry.id, entry.row.held, entry.row.version);
        });
    }

    void forget() override { rows_.clear(); }
    std::size_t bytes() const override { return rows_.bytes(); }

private:
    std::string customer_of(const RecordedEvent& event) {
        for (auto field : payload_.open(event)) {
            const std::string_view name = field.unescaped_key();
            if (name == "customer_id") return std::string(text_of(field.value()));
        }
        return {};
    }

    void load(const TenantId& tenant, const std::string& id, Holder& row) {
        if (!select_) return;
        auto found = (*select_)->run(tenant, id);
        if (!found.next()) return;
        row.held = found.number(0);
        row.version = found.unsigned_number(1);
    }

    MadeStatement upsert_;
    std::optional<MadeStatement> select_;
    RowCache<Holder> rows_;
    Payload payload_;
};

}  // namespace

Projection coupon_holders_part() {
    Projection part;
    part.name = "coupon_holders";
    part.version = 1;
    part.event_types = {"CouponLocked", "CouponReleased", "CouponRestored"};
    part.tables.push_back({"coupon_holders", create_holders, {"tenant", "id"}, {}});
    part.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<CouponHolders>(database, tables);
    };
    return part;
}

}  // namespace vitrine::projections
