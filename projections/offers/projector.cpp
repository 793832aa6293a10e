#include "projections/offers/projector.hpp"

#include <algorithm>
#include <iterator>

#include "projections/every_projection.hpp"
#include "projections/offers/product_facts.hpp"
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
    " body TEXT NOT NULL)";  // GET /v1/offers/{id} adds what products are called and cost

// A row depends on its product alone, as one of `offers` does on its offer: queries join them.
constexpr const char* create_products =
    "CREATE TABLE offered_products("
    " tenant TEXT NOT NULL, product_id TEXT NOT NULL, clubify_product_id TEXT NOT NULL,"
    " name TEXT NOT NULL, price_cents INTEGER, currency TEXT NOT NULL,"
    " version INTEGER NOT NULL, position INTEGER NOT NULL)";

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
          ),
          insert_product_(
              database,
              "offered_products",
              {"tenant",
               "product_id",
               "clubify_product_id",
               "name",
               "price_cents",
               "currency",
               "version",
               "position"},
              tables == Tables::empty ? Key{} : Key{"tenant", "product_id"},
              writer_.get()
          ) {
        if (tables == Tables::filled) {
            select_.emplace(
                database.getHandle(), "SELECT body FROM offers WHERE tenant=? AND offer_id=?"
            );
            select_product_.emplace(
                database.getHandle(),
                "SELECT product_id,clubify_product_id,name,price_cents,currency,version,position"
                " FROM offered_products WHERE tenant=? AND product_id=?"
            );
        }
    }

    ~Offers() override { writer_.reset(); }  // before the statements that it runs

    void apply(const RecordedEvent& event) override {
        auto* entry = rows_.find(event, "offer", [&](OfferState& row) {
            if (select_) load(event, row);
        });
        if (entry == nullptr) return apply_to_product(event);
        if (fold_.apply(entry->row, event)) rows_.mark(*entry);
    }

    void write() override {
        rows_.write_changed([this](const auto& entry) { insert(entry.tenant, entry.row); });
        products_.write_changed([this](const auto& entry) {
            insert_product(entry.tenant, entry.row);
        });
        if (!writer_) return;
        insert_.hand_over();
        insert_product_.hand_over();
        writer_->wait();
    }

    void forget() override {
        rows_.clear();
        products_.clear();
    }
    std::size_t bytes() const override { return rows_.bytes() + products_.bytes(); }

private:
    using Key = std::vector<std::string_view>;

    void load(const RecordedEvent& event, OfferState& row) {
        auto found = select_->run(event.tenant, events::id_of(event.stream));
        if (found.next()) fold_.read(row, found.text(0));
    }

    void apply_to_product(const RecordedEvent& event) {
        auto* entry = products_.find(event, "product", [&](ProductFacts& facts) {
            if (select_product_) load_product(event, facts);
        });
        if (entry == nullptr) return;
        const auto outcome = product_fold_.apply(entry->row, event);
        if (outcome != ProductFold::Outcome::seen) products_.mark(*entry);
    }

    void load_product(const RecordedEvent& event, ProductFacts& facts) {
        auto found = read_product(select_product_->run(event.tenant, events::id_of(event.stream)));
        if (found) facts = *std::move(found);
    }

    void insert_product(const TenantId& tenant, const ProductFacts& facts) {
        insert_product_.execute(
            tenant,
            facts.product_id,
            facts.clubify_product_id,
            facts.name,
            facts.price_cents,
            facts.currency,
            facts.version,
            facts.position
        );
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
    Insert<8> insert_product_;
    std::optional<Statement> select_, select_product_;
    RowCache<OfferState> rows_;
    RowCache<ProductFacts> products_;
    OfferFold fold_;
    ProductFold product_fold_;
};

std::string state_after(std::span<const RecordedEvent> events) {
    OfferState offer;
    OfferFold fold;
    for (const auto& event : events) fold.apply(offer, event);
    return render(offer);
}

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
    projection.version = 5;
    projection.poison = Poison::park_stream;
    projection.event_types = offer_event_types();
    std::ranges::copy(product_fact_event_types(), std::back_inserter(projection.event_types));
    projection.detail = store::Detail::facts;
    projection.tables.push_back(
        {"offers",
         create_offers,
         {"tenant", "offer_id"},
         {"CREATE UNIQUE INDEX offers_key ON offers(tenant, offer_id)",
          "CREATE INDEX offers_slug ON offers(tenant, slug)",
          "CREATE INDEX offers_created ON offers(tenant, created_at, offer_id)",
          "CREATE INDEX offers_updated ON offers(tenant, updated_at, offer_id)",
          "CREATE INDEX offers_name ON offers(tenant, search, offer_id)",
          "CREATE INDEX offers_clubify ON offers(tenant, clubify_offer_id)"}}
    );
    projection.tables.push_back(
        {"offered_products",
         create_products,
         {"tenant", "product_id"},
         {"CREATE UNIQUE INDEX offered_products_key ON offered_products(tenant, product_id)",
          "CREATE INDEX offered_products_clubify"
          " ON offered_products(tenant, clubify_product_id)"}}
    );
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Offers>(database, tables);
    };
    projection.stream_state = {"offer", state_after};
    return projection;
}

}  // namespace vitrine::projections
