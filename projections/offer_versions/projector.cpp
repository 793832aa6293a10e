#include "projections/offer_versions/projector.hpp"

#include <map>
#include <optional>

#include "projections/offer_versions/block.hpp"
#include "projections/offer_versions/tables.hpp"
#include "projections/offers/projector.hpp"
#include "projections/row_cache.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* find_newest =
    "SELECT valid_from,first,versions FROM offer_versions WHERE tenant=? AND offer_id=?"
    " ORDER BY valid_from DESC LIMIT 1";
constexpr const char* insert_block =
    "INSERT INTO offer_versions(tenant,offer_id,valid_from,first,versions) VALUES(?,?,?,?,?)";
constexpr const char* lengthen_block =
    "UPDATE offer_versions SET versions=substr(versions,1,length(versions)-1)||?"
    " WHERE tenant=? AND offer_id=? AND valid_from=?";
constexpr const char* insert_span =
    "INSERT INTO offer_spans(tenant,valid_from,valid_to,offer_id) VALUES(?,?,?,?)";
constexpr const char* end_span =
    "UPDATE offer_spans SET valid_to=? WHERE tenant=? AND valid_from=?";
constexpr const char* add_to_span_block =
    "INSERT INTO offer_span_blocks(tenant,block,open,last_end) VALUES(?,?,?,?)"
    " ON CONFLICT(tenant,block) DO UPDATE SET open=open+excluded.open,"
    " last_end=max(last_end,excluded.last_end)";
constexpr const char* insert_name =
    "INSERT INTO offer_names(tenant,search,offer_id,valid_from,valid_to) VALUES(?,?,?,?,?)";
constexpr const char* end_name =
    "UPDATE offer_names SET valid_to=?"
    " WHERE tenant=? AND search=? AND offer_id=? AND valid_to IS NULL";
constexpr const char* insert_creation =
    "INSERT INTO offer_creations(tenant,offer_id,slug,created_at) VALUES(?,?,?,?)";

struct OfferPast {
    OfferState offer;  // of now
    VersionBlock block;
    std::string search;
    Position named_at = 0;            // where the name became valid; 0: that is stored
    std::optional<std::size_t> span;  // of the newest version, if it is not stored

    std::size_t bytes() const { return offer.bytes() + block.bytes() + search.size(); }
};

class OfferVersions : public Projector {
public:
    OfferVersions(SQLite::Database& database, Tables tables)
        : looks_up_(tables == Tables::filled),
          find_newest_(database.getHandle(), find_newest),
          insert_block_(database.getHandle(), insert_block),
          lengthen_block_(database.getHandle(), lengthen_block),
          insert_span_(database.getHandle(), insert_span),
          end_span_(database.getHandle(), end_span),
          add_to_span_block_(database.getHandle(), add_to_span_block),
          insert_name_(database.getHandle(), insert_name),
          end_name_(database.getHandle(), end_name),
          insert_creation_(database.getHandle(), insert_creation) {}

    void apply(const RecordedEvent& event) override {
        if (events::category_of(event.stream) != "offer") return;
        auto& entry = rows_.find(event.tenant, events::id_of(event.stream), [&](OfferPast& past) {
            if (looks_up_) load(event, past);
        });
        auto& past = entry.row;
        const auto before = past.offer.position;
        auto changed = OfferMembers::none;
        if (!fold_.apply(past.offer, event, changed)) return;
        if (before == 0) add_creation(entry);
        add_span(entry, before);
        if (has(changed, OfferMembers::name)) add_name(entry);
        if (before != 0 && !past.block.takes(past.offer.version)) write_block(entry);
        past.block.add(past.offer, changed);
        rows_.mark(entry);
    }

    void write() override {
        std::map<TenantId, SpanBlock> blocks;  // of the positions that the spans have come to
        for (const auto& span : spans_) {
            insert_span_.execute(span.of->tenant, span.valid_from, span.valid_to, span.of->id);
            span.of->row.span.reset();
            auto& block = blocks[span.of->tenant];
            if (block.number != span_block_of(span.valid_from)) {
                write_span_block(span.of->tenant, block);
                block = {span_block_of(span.valid_from), 0, 0};
            }
            block.open += span.valid_to ? 0 : 1;
            block.last_end = std::max(block.last_end, span.valid_to.value_or(0));
        }
        for (const auto& [tenant, block] : blocks) write_span_block(tenant, block);
        spans_.clear();
        rows_.write_changed([this](Entry& entry) {
            write_block(entry);
            write_name(entry, std::nullopt);
        });
    }

    void forget() override {
        spans_.clear();
        rows_.clear();
    }

    std::size_t bytes() const override { return rows_.bytes() + spans_.size() * sizeof(Span); }

private:
    using Entry = RowCache<OfferPast>::Entry;

    /// Of a version; in the order in which they began.
    struct Span {
        Entry* of;
        Position valid_from;
        std::optional<Position> valid_to;
    };

    /// Of spans that are not written yet, or that end.
    struct SpanBlock {
        Position number = 0;
        std::int64_t open = 0;
        Position last_end = 0;
    };

    void write_span_block(const TenantId& tenant, const SpanBlock& block) {
        if (block.open == 0 && block.last_end == 0) return;
        add_to_span_block_.execute(tenant, block.number, block.open, block.last_end);
    }

    void load(const RecordedEvent& event, OfferPast& past) {
        auto found = find_newest_.run(event.tenant, events::id_of(event.stream));
        if (!found.next()) return;
        past.block = VersionBlock(found.unsigned_number(0), found.unsigned_number(1));
        past.offer = reader_.read(found.text(2), [](Position, Version) { return true; });
        past.search = search_text(past.offer);
    }

    void add_creation(const Entry& entry) {
        const auto& offer = entry.row.offer;
        insert_creation_.execute(entry.tenant, entry.id, offer.slug, offer.created_at);
    }

    void add_span(Entry& entry, Position before) {
        auto& past = entry.row;
        if (past.span) {
            spans_[*past.span].valid_to = past.offer.position;
        } else if (before != 0) {
            end_span_.execute(past.offer.position, entry.tenant, before);
            write_span_block(entry.tenant, {span_block_of(before), -1, past.offer.position});
        }
        past.span = spans_.size();
        spans_.push_back({&entry, past.offer.position, std::nullopt});
    }

    void add_name(Entry& entry) {
        auto& past = entry.row;
        auto search = search_text(past.offer);
        if (search == past.search) return;
        if (past.named_at != 0) {
            write_name(entry, past.offer.position);
        } else if (!past.search.empty()) {
            end_name_.execute(past.offer.position, entry.tenant, past.search, entry.id);
        }
        past.search = std::move(search);
        past.named_at = past.offer.position;
    }

    /// `end`: where it ceases to be valid; nullopt: not yet.
    void write_name(Entry& entry, std::optional<Position> end) {
        auto& past = entry.row;
        if (past.named_at == 0) return;
        insert_name_.execute(entry.tenant, past.search, entry.id, past.named_at, end);
        past.named_at = 0;
    }

    void write_block(Entry& entry) {
        auto& block = entry.row.block;
        if (block.pending().empty()) return;
        if (block.is_stored()) {
            lengthen_block_.execute(block.pending(), entry.tenant, entry.id, block.valid_from());
        } else {
            insert_block_.execute(
                entry.tenant, entry.id, block.valid_from(), block.first(), block.pending()
            );
        }
        block.stored();
    }

    bool looks_up_;
    Statement find_newest_, insert_block_, lengthen_block_, insert_span_, end_span_,
        add_to_span_block_, insert_name_, end_name_, insert_creation_;
    RowCache<OfferPast> rows_;
    std::vector<Span> spans_;
    OfferFold fold_;
    BlockReader reader_;
};

}  // namespace

Projection offer_versions_projection() {
    Projection projection;
    projection.name = "offer_versions";
    projection.version = 2;
    projection.poison = Poison::park_stream;
    projection.event_types = offer_event_types();
    projection.tables = offer_versions_tables();
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<OfferVersions>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
