#include "projections/every_projection.hpp"
#include "projections/payload.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* create_deliveries =
    "CREATE TABLE deliveries("
    " tenant TEXT NOT NULL, position INTEGER NOT NULL,"
    " outcome TEXT NOT NULL,"  // accepted, ignored, unclear
    " delivery_id TEXT NOT NULL, event TEXT NOT NULL,"
    " reason TEXT NOT NULL,"     // why it was ignored, or what is unclear; in English
    " reason_pt TEXT NOT NULL,"  // empty: not kept in Portuguese
    " taken INTEGER NOT NULL,"   // whether an event of an order or a payment came of it
    " sent_at INTEGER NOT NULL, received_at INTEGER NOT NULL,"  // microseconds
    " PRIMARY KEY(tenant, position)) WITHOUT ROWID";

/// No later event changes a row, so that there is no use in holding many.
constexpr std::size_t rows_at_once = 1000;

struct Row {
    TenantId tenant;
    Position position = 0;
    std::string delivery_id, event, ignored, unclear, reason_pt;
    Timestamp sent_at, received_at;

    /// Before there was a word for it, what was not understood was ignored.
    bool is_unclear() const {
        return !unclear.empty() ||
               (!ignored.empty() && !ignored.starts_with("no event of ours comes of"));
    }
    std::string_view outcome() const {
        if (is_unclear()) return "unclear";
        return ignored.empty() ? "accepted" : "ignored";
    }
    std::string_view reason() const { return unclear.empty() ? ignored : unclear; }
};

class Webhooks : public Projector {
public:
    Webhooks(SQLite::Database& database, Tables)
        : insert_(
              database.getHandle(), "INSERT OR REPLACE INTO deliveries VALUES(?,?,?,?,?,?,?,?,?,?)"
          ) {}

    void apply(const RecordedEvent& event) override {
        read_event(event, [&] { rows_.push_back(row_of(event)); });
        if (rows_.size() == rows_at_once) write();
    }

    void write() override {
        for (const auto& row : rows_) {
            insert_.execute(
                row.tenant,
                row.position,
                row.outcome(),
                row.delivery_id,
                row.event,
                row.reason(),
                row.reason_pt,
                row.ignored.empty(),
                row.sent_at,
                row.received_at
            );
        }
        forget();
    }

    void forget() override { rows_.clear(); }
    std::size_t bytes() const override { return rows_.size() * (sizeof(Row) + 128); }

private:
    Row row_of(const RecordedEvent& event) {
        Row row;
        row.tenant = event.tenant;
        row.position = event.position;
        row.received_at = event.recorded_at;
        for (auto field : payload_.open(event)) {
            const std::string_view name = field.unescaped_key();
            if (name == "delivery_id") {
                row.delivery_id = text_of(field.value());
            } else if (name == "event") {
                row.event = text_of(field.value());
            } else if (name == "ignored") {
                row.ignored = text_of(field.value());
            } else if (name == "unclear") {
                row.unclear = text_of(field.value());
            } else if (name == "reason_pt") {
                row.reason_pt = text_of(field.value());
            } else if (name == "sent_at") {
                row.sent_at = parse_time(text_of(field.value())).value_or(Timestamp());
            }
        }
        return row;
    }

    Statement insert_;
    Payload payload_;
    std::vector<Row> rows_;
};

}  // namespace

Projection webhooks_projection() {
    Projection projection;
    projection.name = "webhooks";
    projection.version = 2;
    projection.readable_since = 2;
    projection.poison = Poison::park_stream;
    projection.event_types = {"ClubifyWebhookReceived"};
    projection.detail = store::Detail::facts;
    projection.tables.push_back(
        {"deliveries",
         create_deliveries,
         {"tenant", "position"},
         {"CREATE INDEX deliveries_by_outcome ON deliveries(tenant, outcome, position)"}}
    );
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Webhooks>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
