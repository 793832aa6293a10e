#include <algorithm>
#include <iterator>
#include <optional>

#include "projections/every_projection.hpp"
#include "projections/offer_versions/block.hpp"
#include "projections/offer_versions/span_blocks.hpp"
#include "projections/offer_versions/tables.hpp"
#include "projections/offers/product_facts.hpp"
#include "projections/offers/projector.hpp"
#include "projections/row_cache.hpp"
#include "projections/row_writer.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* find_newest =
    "SELECT offer,valid_from,first,positions FROM offer_version_blocks WHERE tenant=?1"
    " AND offer=(SELECT offer FROM offer_creations WHERE tenant=?1 AND offer_id=?2)"
    " ORDER BY valid_from DESC LIMIT 1";
constexpr const char* find_product =
    "SELECT product_id,clubify_product_id,name,price_cents,currency,version,valid_from"
    " FROM offered_product_versions WHERE tenant=? AND product_id=?"
    " ORDER BY valid_from DESC LIMIT 1";
constexpr const char* lengthen_block =
    "UPDATE offer_version_blocks SET positions=positions||?"
    " WHERE tenant=? AND offer=? AND valid_from=?";
constexpr const char* add_to_span_block =
    "INSERT INTO offer_span_blocks(tenant,block,open,last_end) VALUES(?,?,?,?)"
    " ON CONFLICT(tenant,block) DO UPDATE SET open=open+excluded.open,"
    " last_end=max(last_end,excluded.last_end)";
constexpr const char* end_name =
    "UPDATE offer_names SET valid_to=?"
    " WHERE tenant=? AND search=? AND offer=? AND valid_to IS NULL";

struct OfferPast {
    Position number = 0;
    OfferState offer;  // of now
    VersionBlock block;
    std::string search;
    Position named_at = 0;  // where the name became valid; 0: that is stored

    std::size_t bytes() const { return offer.bytes() + sizeof(VersionBlock) + search.size(); }
};

class OfferVersions : public Projector {
public:
    OfferVersions(SQLite::Database& database, Tables tables)
        : writer_(tables == Tables::empty ? std::make_unique<RowWriter>() : nullptr),
          insert_version_(
              database,
              "offer_versions",
              {"position", "tenant", "offer", "recorded_at", "changes"},
              {},
              writer_.get()
          ),
          insert_block_(
              database,
              "offer_version_blocks",
              {"tenant", "offer", "valid_from", "first", "positions"},
              {},
              writer_.get()
          ),
          insert_name_(
              database,
              "offer_names",
              {"tenant", "search", "offer", "valid_from", "valid_to"},
              {},
              writer_.get()
          ),
          insert_creation_(
              database,
              "offer_creations",
              {"offer", "tenant", "offer_id", "slug", "created_at"},
              {},
              writer_.get()
          ),
          insert_product_(
              database,
              "offered_product_versions",
              {"tenant",
               "product_id",
               "valid_from",
               "version",
               "clubify_product_id",
               "name",
               "price_cents",
               "currency"},
              {},
              writer_.get()
          ),
          find_newest_(database.getHandle(), find_newest),
          find_product_(database.getHandle(), find_product),
          version_at_(database.getHandle(), version_at),
          lengthen_block_(database.getHandle(), lengthen_block),
          add_to_span_block_(database.getHandle(), add_to_span_block),
          end_name_(database.getHandle(), end_name) {}

    ~OfferVersions() override { writer_.reset(); }  // before the statements that it runs

    void apply(const RecordedEvent& event) override {
        auto* found = rows_.find(event, "offer", [&](OfferPast& past) {
            if (!writer_) load(event, past);
        });
        if (found == nullptr) return apply_to_product(event);
        auto& entry = *found;
        auto& past = entry.row;
        const auto before = past.offer.position;
        auto changed = OfferMembers::none;
        if (!fold_.apply(past.offer, event, changed)) return;
        if (before == 0) {
            past.number = past.offer.position;
            insert_creation_.execute(
                past.number, entry.tenant, entry.id, past.offer.slug, past.offer.created_at
            );
        } else {
            spans_.end(entry.tenant, before, past.offer.position);
        }
        spans_.begin(entry.tenant, past.offer.position);
        add_version(entry, changed);
        if (has(changed, OfferMembers::name)) add_name(entry);
        rows_.mark(entry);
    }

    void write() override {
        rows_.write_changed([this](Entry& entry) {
            write_block(entry);
            write_name(entry, std::nullopt);
        });
        products_.write_changed([](const auto&) {});  // they are inserted as they come
        if (writer_) {
            insert_product_.hand_over();
            insert_version_.hand_over();
            insert_block_.hand_over();
            insert_name_.hand_over();
            insert_creation_.hand_over();
            writer_->wait();
        }
        spans_.write([this](const TenantId& tenant, Position block, const auto& added) {
            add_to_span_block_.execute(tenant, block, added.open, added.last_end);
        });
    }

    void forget() override {
        spans_.clear();
        rows_.clear();
        products_.clear();
    }

    std::size_t bytes() const override {
        return rows_.bytes() + products_.bytes() + spans_.bytes();
    }

private:
    using Entry = RowCache<OfferPast>::Entry;

    void load(const RecordedEvent& event, OfferPast& past) {
        auto found = find_newest_.run(event.tenant, events::id_of(event.stream));
        if (!found.next()) return;
        past.number = found.unsigned_number(0);
        const auto positions = positions_of(found.text(3));
        const auto first = found.unsigned_number(2);
        past.block = VersionBlock(found.unsigned_number(1), first, first + positions.size());
        past.offer = reader_.read(positions, first, version_at_);
        past.search = search_text(past.offer);
    }

    void apply_to_product(const RecordedEvent& event) {
        const auto id = events::id_of(event.stream);
        auto* entry = products_.find(event, "product", [&](ProductFacts& facts) {
            if (!writer_) load_product(event.tenant, id, facts);
        });
        if (entry == nullptr) return;
        auto& facts = entry->row;
        if (product_fold_.apply(facts, event) != ProductFold::Outcome::changed) return;
        insert_product_.execute(
            entry->tenant,
            facts.product_id,
            facts.position,
            facts.version,
            facts.clubify_product_id,
            facts.name,
            facts.price_cents,
            facts.currency
        );
        products_.mark(*entry);
    }

    void load_product(const TenantId& tenant, std::string_view id, ProductFacts& facts) {
        if (auto found = read_product(find_product_.run(tenant, id))) facts = *std::move(found);
    }

    void add_version(Entry& entry, OfferMembers changed) {
        auto& block = entry.row.block;
        const auto& offer = entry.row.offer;
        if (block.takes(offer.version)) {
            block.add(offer.position);
        } else {
            write_block(entry);
            block.begin(offer.position, offer.version);
            changed = OfferMembers::all;
        }
        changes_.clear();
        append_rendered(changes_, offer, changed);
        insert_version_.execute(
            offer.position, entry.tenant, entry.row.number, offer.updated_at, changes_
        );
    }

    void add_name(Entry& entry) {
        auto& past = entry.row;
        auto search = search_text(past.offer);
        if (search == past.search) return;
        if (past.named_at != 0) {
            write_name(entry, past.offer.position);
        } else if (!past.search.empty()) {
            end_name_.execute(past.offer.position, entry.tenant, past.search, past.number);
        }
        past.search = std::move(search);
        past.named_at = past.offer.position;
    }

    /// `end`: where it ceases to be valid; nullopt: not yet.
    void write_name(Entry& entry, std::optional<Position> end) {
        auto& past = entry.row;
        if (past.named_at == 0) return;
        insert_name_.execute(entry.tenant, past.search, past.number, past.named_at, end);
        past.named_at = 0;
    }

    void write_block(Entry& entry) {
        auto& [number, offer, block, search, named_at] = entry.row;
        if (!block.has_pending()) return;
        if (block.is_stored()) {
            lengthen_block_.execute(block.pending(), entry.tenant, number, block.valid_from());
        } else {
            insert_block_.execute(
                entry.tenant, number, block.valid_from(), block.first(), block.pending()
            );
        }
        block.stored();
    }

    std::unique_ptr<RowWriter> writer_;  // of a bulk load, which looks nothing up
    Insert<5> insert_version_, insert_block_, insert_name_, insert_creation_;
    Insert<8> insert_product_;
    Statement find_newest_, find_product_, version_at_, lengthen_block_, add_to_span_block_,
        end_name_;
    RowCache<OfferPast> rows_;
    RowCache<ProductFacts> products_;
    SpanBlocks spans_;
    OfferFold fold_;
    ProductFold product_fold_;
    BlockReader reader_;
    std::string changes_;
};

}  // namespace

Projection offer_versions_projection() {
    Projection projection;
    projection.name = "offer_versions";
    projection.version = 5;
    projection.readable_since = 5;
    projection.poison = Poison::park_stream;
    projection.event_types = offer_event_types();
    std::ranges::copy(product_fact_event_types(), std::back_inserter(projection.event_types));
    projection.detail = store::Detail::facts;
    projection.tables = offer_versions_tables();
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<OfferVersions>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
