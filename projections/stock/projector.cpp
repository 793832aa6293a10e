#include <algorithm>

#include "core/text.hpp"
#include "events/catalogue.hpp"
#include "projections/every_projection.hpp"
#include "projections/payload.hpp"
#include "projections/row_cache.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

// The first nine are those that lists read (list_sql.hpp). What is reserved depends on the time.
constexpr const char* create_stock =
    "CREATE TABLE stock("
    " tenant TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,"
    " status TEXT NOT NULL,"  // the policy: tracked, untracked
    " search TEXT NOT NULL,"  // the SKU, folded
    " created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"
    " version INTEGER NOT NULL, position INTEGER NOT NULL,"
    " on_hand INTEGER NOT NULL, backorder_limit INTEGER NOT NULL,"
    " safety INTEGER NOT NULL, allocated INTEGER NOT NULL,"
    " PRIMARY KEY(tenant, id)) WITHOUT ROWID";

constexpr const char* create_held =
    "CREATE TABLE held("
    " tenant TEXT NOT NULL, sku TEXT NOT NULL, reservation_id TEXT NOT NULL,"
    " quantity INTEGER NOT NULL, expires_at INTEGER NOT NULL,"
    " PRIMARY KEY(tenant, sku, reservation_id)) WITHOUT ROWID";

constexpr const char* create_history =
    "CREATE TABLE history("
    " tenant TEXT NOT NULL, sku TEXT NOT NULL, version INTEGER NOT NULL,"
    " position INTEGER NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL,"
    " quantity INTEGER,"     // of a reservation, or what was added; NULL: what is there was set
    " reservation_id TEXT,"  // NULL: none is concerned
    " reason TEXT,"          // NULL: none was told
    " on_hand INTEGER NOT NULL, allocated INTEGER NOT NULL,"  // after it
    " PRIMARY KEY(tenant, sku, version)) WITHOUT ROWID";

struct Told {
    std::string reservation_id, reason, policy;
    std::optional<std::int64_t> on_hand, backorder_limit, safety, quantity, delta;
    Timestamp expires_at;
};

struct StockRow {
    std::string policy;
    std::int64_t on_hand = 0, backorder_limit = 0, safety = 0, allocated = 0;
    Timestamp created_at, updated_at;
    Version version = 0;
    Position position = 0;

    void note(std::string_view type, const Told& told) {
        if (!told.policy.empty()) policy = told.policy;
        on_hand = told.on_hand.value_or(on_hand);
        backorder_limit = told.backorder_limit.value_or(backorder_limit);
        safety = told.safety.value_or(safety);
        const auto quantity = told.quantity.value_or(0);
        if (type == "StockAllocated") allocated += quantity;
        if (type == "StockDeallocated" || type == "StockFulfilled") allocated -= quantity;
        if (type == "StockFulfilled") on_hand -= quantity;
    }
    std::size_t bytes() const { return sizeof(StockRow) + policy.size(); }
};

/// What is still to be written of a reservation's part of a SKU, or of its history.
struct Change {
    TenantId tenant;
    std::string sku, reservation_id;
    std::optional<std::pair<std::int64_t, Timestamp>> held;  // nullopt: no longer
};

struct Entry {
    TenantId tenant;
    std::string sku, type;
    Version version = 0;
    Position position = 0;
    Timestamp at;
    std::optional<std::int64_t> quantity;
    std::optional<std::string> reservation_id, reason;
    std::int64_t on_hand = 0, allocated = 0;
};

/// No later event changes an entry, so that there is no use in holding many.
constexpr std::size_t entries_at_once = 1000;

bool ends_hold(std::string_view type) {
    return type == "StockReleased" || type == "StockReservationExpired" || type == "StockAllocated";
}

class Stock : public Projector {
public:
    Stock(SQLite::Database& database, Tables)
        : insert_(
              database.getHandle(),
              "INSERT OR REPLACE INTO stock VALUES(?,?,'',?,?,?,?,?,?,?,?,?,?)"
          ),
          select_(
              database.getHandle(),
              "SELECT status,on_hand,backorder_limit,safety,allocated,created_at,updated_at,"
              "version,position FROM stock WHERE tenant=? AND id=?"
          ),
          hold_(database.getHandle(), "INSERT OR REPLACE INTO held VALUES(?,?,?,?,?)"),
          let_go_(
              database.getHandle(), "DELETE FROM held WHERE tenant=? AND sku=? AND reservation_id=?"
          ),
          note_(
              database.getHandle(), "INSERT OR REPLACE INTO history VALUES(?,?,?,?,?,?,?,?,?,?,?)"
          ) {}

    void apply(const RecordedEvent& event) override {
        auto* entry = rows_.find(event, "stock", [&](StockRow& row) { load(event, row); });
        if (entry == nullptr || event.version <= entry->row.version) return;
        read_event(event, [&] { put(event, entry->id, entry->row); });
        rows_.mark(*entry);
        if (history_.size() >= entries_at_once) write();
    }

    void write() override {
        rows_.write_changed([this](const auto& entry) { insert(entry.tenant, entry.id, entry.row); }
        );
        for (const auto& change : changes_) write(change);
        for (const auto& entry : history_) write(entry);
        changes_.clear();
        history_.clear();
    }

    void forget() override {
        rows_.clear();
        changes_.clear();
        history_.clear();
    }
    std::size_t bytes() const override {
        constexpr std::size_t texts = 200;
        return rows_.bytes() + (changes_.size() + history_.size()) * (sizeof(Entry) + texts);
    }

private:
    Told read(const RecordedEvent& event) {
        Told told;
        for (auto field : payload_.open(event)) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (name == "on_hand") told.on_hand = number_of(value);
            if (name == "backorder_limit") told.backorder_limit = number_of(value);
            if (name == "safety") told.safety = number_of(value);
            if (name == "quantity") told.quantity = number_of(value);
            if (name == "delta") told.delta = number_of(value);
            if (name == "policy") told.policy = text_of(value);
            if (name == "reason") told.reason = text_of(value);
            if (name == "reservation_id") told.reservation_id = text_of(value);
            if (name == "expires_at") {
                const auto time = parse_time(text_of(value));
                if (!time) throw std::runtime_error("expires_at is no time");
                told.expires_at = *time;
            }
        }
        return told;
    }

    void put(const RecordedEvent& event, const std::string& sku, StockRow& row) {
        if (row.version + 1 != event.version)
            throw std::runtime_error("an event of the stream is missing before it");
        auto told = read(event);
        row.note(event.type, told);
        if (row.version == 0) row.created_at = event.recorded_at;
        row.updated_at = event.recorded_at;
        row.version = event.version;
        row.position = event.position;

        if (event.type == "StockReserved") {
            changes_.push_back(
                {event.tenant,
                 sku,
                 told.reservation_id,
                 std::pair(told.quantity.value_or(0), told.expires_at)}
            );
        } else if (ends_hold(event.type)) {
            changes_.push_back({event.tenant, sku, told.reservation_id, std::nullopt});
        }
        Entry entry;
        entry.tenant = event.tenant;
        entry.sku = sku;
        entry.type = event.type;
        entry.version = event.version;
        entry.position = event.position;
        entry.at = event.recorded_at;
        entry.quantity = told.delta ? told.delta : told.quantity;
        if (!told.reservation_id.empty()) entry.reservation_id = std::move(told.reservation_id);
        if (!told.reason.empty()) entry.reason = std::move(told.reason);
        entry.on_hand = row.on_hand;
        entry.allocated = row.allocated;
        history_.push_back(std::move(entry));
    }

    void load(const RecordedEvent& event, StockRow& row) {
        auto found = select_.run(event.tenant, events::id_of(event.stream));
        if (!found.next()) return;
        row.policy = found.text(0);
        row.on_hand = found.number(1);
        row.backorder_limit = found.number(2);
        row.safety = found.number(3);
        row.allocated = found.number(4);
        row.created_at = found.time(5);
        row.updated_at = found.time(6);
        row.version = found.unsigned_number(7);
        row.position = found.unsigned_number(8);
    }

    void insert(const TenantId& tenant, const std::string& sku, const StockRow& row) {
        insert_.execute(
            tenant,
            std::string_view(sku),
            std::string_view(row.policy),
            fold(sku),
            row.created_at,
            row.updated_at,
            row.version,
            row.position,
            row.on_hand,
            row.backorder_limit,
            row.safety,
            row.allocated
        );
    }

    void write(const Change& change) {
        const std::string_view sku = change.sku, reservation = change.reservation_id;
        if (change.held) {
            hold_.execute(change.tenant, sku, reservation, change.held->first, change.held->second);
        } else {
            let_go_.execute(change.tenant, sku, reservation);
        }
    }

    void write(const Entry& entry) {
        note_.execute(
            entry.tenant,
            std::string_view(entry.sku),
            entry.version,
            entry.position,
            entry.at,
            std::string_view(entry.type),
            entry.quantity,
            entry.reservation_id,
            entry.reason,
            entry.on_hand,
            entry.allocated
        );
    }

    Statement insert_, select_, hold_, let_go_, note_;
    RowCache<StockRow> rows_;
    std::vector<Change> changes_;
    std::vector<Entry> history_;
    Payload payload_;
};

}  // namespace

Projection stock_projection() {
    Projection projection;
    projection.name = "stock";
    projection.version = 1;
    projection.poison = Poison::park_stream;
    for (const auto& type : events::catalogue()) {
        if (type.category == "stock") projection.event_types.emplace_back(type.name);
    }
    projection.tables = {
        {"stock",
         create_stock,
         {"tenant", "id"},
         {"CREATE INDEX stock_created_at ON stock(tenant, created_at, id)",
          "CREATE INDEX stock_updated_at ON stock(tenant, updated_at, id)",
          "CREATE INDEX stock_search ON stock(tenant, search, id)"}},
        {"held",
         create_held,
         {"tenant", "sku", "reservation_id"},
         {"CREATE INDEX held_by_time ON held(tenant, sku, expires_at, quantity)"}},
        {"history", create_history, {"tenant", "sku", "version"}, {}}
    };
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Stock>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
