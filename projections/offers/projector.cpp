#include "projections/offers/projector.hpp"

#include "projections/offers/state.hpp"
#include "projections/row_cache.hpp"
#include "projections/row_writer.hpp"
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
    " body TEXT NOT NULL)";  // the answer of GET /v1/offers/{id}

class Offers : public Projector {
public:
    Offers(SQLite::Database& database, Tables tables)
        : writer_(tables == Tables::empty ? std::make_unique<RowWriter>() : nullptr),
          insert_(
              database,
              "offers",
              {"tenant",
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
               "body"},
              tables == Tables::empty ? Key{} : Key{"tenant", "offer_id"},
              writer_.get()
          ) {
        if (tables == Tables::filled) {
            select_.emplace(
                database.getHandle(), "SELECT body FROM offers WHERE tenant=? AND offer_id=?"
            );
        }
    }

    ~Offers() override { writer_.reset(); }  // before the statements that it runs

    void apply(const RecordedEvent& event) override {
        auto* entry = rows_.find(event, "offer", [&](OfferState& row) {
            if (select_) load(event, row);
        });
        if (entry != nullptr && fold_.apply(entry->row, event)) rows_.mark(*entry);
    }

    void write() override {
        rows_.write_changed([this](const auto& entry) { insert(entry.tenant, entry.row); });
        if (!writer_) return;
        insert_.hand_over();
        writer_->wait();
    }

    void forget() override { rows_.clear(); }
    std::size_t bytes() const override { return rows_.bytes(); }

private:
    using Key = std::vector<std::string_view>;

    void load(const RecordedEvent& event, OfferState& row) {
        auto found = select_->run(event.tenant, events::id_of(event.stream));
        if (found.next()) fold_.read(row, found.text(0));
    }

    void insert(const TenantId& tenant, const OfferState& offer) {
        const auto search = search_text(offer);
        const auto body = render(offer);
        insert_.execute(
            tenant,
            offer.offer_id,
            offer.slug,
            offer.status,
            offer.type,
            offer.name,
            search,
            offer.currency,
            offer.created_at,
            offer.updated_at,
            offer.version,
            offer.position,
            offer.products.size(),
            offer.clubify_offer_id,
            body
        );
    }

    std::unique_ptr<RowWriter> writer_;  // of a bulk load
    Insert<15> insert_;
    std::optional<Statement> select_;
    RowCache<OfferState> rows_;
    OfferFold fold_;
};

}  // namespace

std::vector<std::string> offer_event_types() {
    return {
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
}

Projection offers_projection() {
    Projection projection;
    projection.name = "offers";
    projection.version = 4;
    projection.poison = Poison::park_stream;
    projection.event_types = offer_event_types();
    projection.detail = store::Detail::facts;
    projection.tables.push_back(
        {"offers",
         create_offers,
         {"tenant", "offer_id"},
         {"CREATE UNIQUE INDEX offers_key ON offers(tenant, offer_id)",
          "CREATE INDEX offers_slug ON offers(tenant, slug)",
          "CREATE INDEX offers_created ON offers(tenant, created_at, offer_id)",
          "CREATE INDEX offers_updated ON offers(tenant, updated_at, offer_id)",
          "CREATE INDEX offers_name ON offers(tenant, search, offer_id)"}}
    );
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Offers>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
