#include "projections/offers/projector.hpp"

#include "projections/offers/state.hpp"
#include "projections/offers/versions.hpp"
#include "projections/row_cache.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* create_offers =
    "CREATE TABLE offers("
    " tenant TEXT NOT NULL, offer_id TEXT NOT NULL,"
    " slug TEXT NOT NULL, status TEXT NOT NULL, type TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " search TEXT NOT NULL,"  // folded name, a space, slug: also what sorting by name compares
    " currency TEXT NOT NULL,"
    " created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"  // microseconds
    " version INTEGER NOT NULL, position INTEGER NOT NULL,"
    " product_count INTEGER NOT NULL,"
    " clubify_offer_id TEXT NOT NULL,"
    " named_at INTEGER NOT NULL,"  // position where the name became valid
    " body TEXT NOT NULL)";        // the answer of GET /v1/offers/{id}

const std::vector<std::string_view> columns = {
    "tenant",
    "offer_id",
    "slug",
    "status",
    "type",
    "name",
    "search",
    "currency",
    "created_at",
    "updated_at",
    "version",
    "position",
    "product_count",
    "clubify_offer_id",
    "named_at",
    "body"
};

struct OfferRow {
    OfferState offer;
    OfferTail tail;

    std::size_t bytes() const { return offer.bytes() + tail.bytes(); }
};

class Offers : public Projector {
public:
    Offers(SQLite::Database& database, Tables tables)
        : versions_(database),
          insert_(
              database,
              tables == Tables::empty ? insert_sql("offers", columns, {})
                                      : insert_sql("offers", columns, {"tenant", "offer_id"})
          ) {
        if (tables == Tables::filled) {
            select_.emplace(
                database.getHandle(),
                "SELECT body,named_at FROM offers WHERE tenant=? AND offer_id=?"
            );
        }
    }

    void apply(const RecordedEvent& event) override {
        if (events::category_of(event.stream) != "offer") return;
        auto& entry = rows_.find(event.tenant, events::id_of(event.stream), [&](OfferRow& row) {
            if (select_) load(event, row);
        });
        auto& [offer, tail] = entry.row;
        auto changed = OfferMembers::none;
        if (!fold_.apply(offer, event, changed)) return;
        versions_.add(event.tenant, offer, changed, tail);
        rows_.mark(entry);
    }

    void write() override {
        rows_.write_changed([this](auto& entry) {
            insert(entry.tenant, entry.row);
            versions_.write(entry.tenant, entry.row.tail);
        });
    }

    void forget() override { rows_.clear(); }
    std::size_t bytes() const override { return rows_.bytes(); }

private:
    void load(const RecordedEvent& event, OfferRow& row) {
        auto found = select_->run(event.tenant, events::id_of(event.stream));
        if (!found.next()) return;
        fold_.read(row.offer, found.text(0));
        row.tail.named_at = found.unsigned_number(1);
        versions_.read(event.tenant, row.offer, row.tail);
    }

    void insert(const TenantId& tenant, const OfferRow& row) {
        const auto& offer = row.offer;
        const auto body = render(offer);
        insert_->execute(
            tenant,
            offer.offer_id,
            offer.slug,
            offer.status,
            offer.type,
            offer.name,
            row.tail.search,
            offer.currency,
            offer.created_at,
            offer.updated_at,
            offer.version,
            offer.position,
            offer.products.size(),
            offer.clubify_offer_id,
            row.tail.named_at,
            body
        );
    }

    OfferVersions versions_;
    MadeStatement insert_;
    std::optional<Statement> select_;
    RowCache<OfferRow> rows_;
    OfferFold fold_;
};

}  // namespace

Projection offers_projection() {
    Projection projection;
    projection.name = "offers";
    projection.version = 3;
    projection.poison = Poison::park_stream;
    projection.event_types = {
        "OfferCreated",
        "OfferAdopted",
        "OfferEdited",
        "OfferActivated",
        "OfferPaused",
        "OfferArchived",
        "ProductAddedToOffer",
        "ProductInOfferChanged",
        "ProductRemovedFromOffer"
    };
    projection.tables.push_back(
        {"offers",
         create_offers,
         {"tenant", "offer_id"},
         {"CREATE UNIQUE INDEX offers_key ON offers(tenant, offer_id)",
          "CREATE INDEX offers_slug ON offers(tenant, slug)",
          "CREATE INDEX offers_created ON offers(tenant, created_at, offer_id)",
          "CREATE INDEX offers_updated ON offers(tenant, updated_at, offer_id)",
          "CREATE INDEX offers_name ON offers(tenant, search, offer_id, named_at, position)"}}
    );
    for (auto& table : offer_version_tables()) projection.tables.push_back(std::move(table));
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Offers>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
