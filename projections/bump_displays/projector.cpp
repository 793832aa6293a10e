#include "events/checkouts.hpp"
#include "events/codec.hpp"
#include "projections/every_projection.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* create_displays =
    "CREATE TABLE bump_displays("
    " tenant TEXT NOT NULL, offer TEXT NOT NULL, bump TEXT NOT NULL, checkout TEXT NOT NULL,"
    " session TEXT, customer TEXT,"  // NULL: not known
    " at INTEGER NOT NULL,"          // microseconds
    " PRIMARY KEY(tenant, offer, bump, checkout)) WITHOUT ROWID";

constexpr const char* create_sums =
    "CREATE TABLE bump_sums("
    " tenant TEXT NOT NULL, offer TEXT NOT NULL, bump TEXT NOT NULL,"
    " displayed INTEGER NOT NULL, accepted INTEGER NOT NULL, declined INTEGER NOT NULL,"
    " accepted_cents INTEGER NOT NULL,"
    " position INTEGER NOT NULL,"  // of the last event that is counted
    " PRIMARY KEY(tenant, offer, bump)) WITHOUT ROWID";

/// No later event changes a row, so that there is no use in holding many.
constexpr std::size_t rows_at_once = 1000;

/// One event of a bump.
struct Row {
    TenantId tenant;
    Position position = 0;
    OfferId offer;
    std::string bump;
    std::optional<events::BumpDisplayed> display;
    std::int64_t accepted = 0, declined = 0, cents = 0;
};

class BumpDisplays : public Projector {
public:
    BumpDisplays(SQLite::Database& database, Tables)
        : insert_(
              database.getHandle(), "INSERT OR REPLACE INTO bump_displays VALUES(?,?,?,?,?,?,?)"
          ),
          count_(
              database.getHandle(),
              "INSERT INTO bump_sums VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(tenant,offer,bump) DO"
              " UPDATE SET displayed=displayed+excluded.displayed,"
              "accepted=accepted+excluded.accepted,declined=declined+excluded.declined,"
              "accepted_cents=accepted_cents+excluded.accepted_cents,position=excluded.position"
              " WHERE excluded.position>position"
          ) {}

    void apply(const RecordedEvent& event) override {
        if (auto row = row_of(event)) rows_.push_back(*std::move(row));
        if (rows_.size() == rows_at_once) write();
    }

    void write() override {
        for (const auto& row : rows_) {
            if (row.display)
                insert_.execute(
                    row.tenant,
                    row.offer,
                    row.bump,
                    row.display->checkout_id,
                    row.display->session,
                    row.display->customer_id,
                    row.display->decided_at
                );
            count_.execute(
                row.tenant,
                row.offer,
                row.bump,
                row.display ? 1 : 0,
                row.accepted,
                row.declined,
                row.cents,
                row.position
            );
        }
        forget();
    }

    void forget() override { rows_.clear(); }
    std::size_t bytes() const override { return rows_.size() * (sizeof(Row) + 256); }

private:
    static std::optional<Row> row_of(const RecordedEvent& event) {
        const auto told = events::decode<events::CheckoutEvent>(event);
        if (!told) return std::nullopt;
        Row row{event.tenant, event.position, {}, {}, {}};
        if (const auto* shown = std::get_if<events::BumpDisplayed>(&*told)) {
            row.offer = shown->offer_id;
            row.bump = shown->bump;
            row.display = *shown;
        } else if (const auto* accepted = std::get_if<events::BumpAccepted>(&*told)) {
            row.offer = accepted->offer_id;
            row.bump = accepted->accepted.bump;
            row.accepted = 1;
            row.cents = accepted->accepted.price_cents;
        } else if (const auto* declined = std::get_if<events::BumpDeclined>(&*told)) {
            row.offer = declined->offer_id;
            row.bump = declined->bump;
            row.declined = 1;
        } else {
            return std::nullopt;
        }
        return row;
    }

    Statement insert_, count_;
    std::vector<Row> rows_;
};

}  // namespace

Projection bump_displays_projection() {
    Projection projection;
    projection.name = "bump_displays";
    projection.version = 1;
    projection.poison = Poison::park_stream;
    projection.event_types = {"BumpDisplayed", "BumpAccepted", "BumpDeclined"};
    projection.tables.push_back(
        {"bump_displays",
         create_displays,
         {"tenant", "offer", "bump", "checkout"},
         {"CREATE INDEX bump_displays_session ON bump_displays(tenant, offer, bump, session, at)",
          "CREATE INDEX bump_displays_customer ON bump_displays(tenant, offer, bump, customer, at)"}
        }
    );
    projection.tables.push_back({"bump_sums", create_sums, {"tenant", "offer", "bump"}, {}});
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<BumpDisplays>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
