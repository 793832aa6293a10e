#include <algorithm>
#include <optional>
#include <stdexcept>

#include "events/catalogue.hpp"
#include "projections/every_projection.hpp"
#include "projections/offer_analytics/state.hpp"
#include "projections/offer_analytics/tables.hpp"
#include "projections/payload.hpp"
#include "projections/row_cache.hpp"

namespace vitrine::projections {
namespace {

class OfferAnalytics : public Projector {
public:
    OfferAnalytics(SQLite::Database& database, Tables) : tables_(database) {}

    void apply(const RecordedEvent& event) override {
        read_event(event, [&] {
            const auto category = events::category_of(event.stream);
            if (category == "offer") apply_to_offer(event);
            if (category == "command") apply_failure(event);
        });
    }

    void write() override {
        rows_.write_changed([this](const auto& entry) {
            tables_.write(entry.tenant, entry.id, entry.row);
        });
    }

    void forget() override { rows_.clear(); }
    std::size_t bytes() const override { return rows_.bytes(); }

private:
    using Entry = RowCache<AnalyticsState>::Entry;

    Entry& find(const TenantId& tenant, std::string_view offer) {
        return rows_.find(tenant, offer, [&](AnalyticsState& row) {
            tables_.read(tenant, offer, row);
        });
    }

    void apply_to_offer(const RecordedEvent& event) {
        auto& entry = find(event.tenant, events::id_of(event.stream));
        auto& row = entry.row;
        if (event.version <= row.version) return;
        const bool begins = event.type == "OfferCreated" || event.type == "OfferAdopted";
        if (!begins && row.status.empty()) {
            throw std::runtime_error("the offer was never created");
        }
        if (begins) {
            create(row, event);
        } else if (event.type == "OfferEdited") {
            ++row.revisions;
        } else if (event.type == "OfferActivated") {
            enter(row, "active", event.recorded_at);
        } else if (event.type == "OfferPaused") {
            enter(row, "paused", event.recorded_at);
        } else if (event.type == "OfferArchived") {
            enter(row, "archived", event.recorded_at);
        } else if (event.type == "ProductAddedToOffer") {
            ++row.revisions;
            ++row.product_count;
        } else if (event.type == "ProductInOfferChanged") {
            ++row.revisions;
        } else if (event.type == "ProductRemovedFromOffer") {
            ++row.revisions;
            --row.product_count;
        }
        row.version = event.version;
        row.position = event.position;
        tables_.add_version(event, entry.id, row);
        rows_.mark(entry);
    }

    void create(AnalyticsState& row, const RecordedEvent& event) {
        row.status = "draft";
        row.status_since = event.recorded_at;
        for (auto field : payload_.open(event)) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (name == "status") row.status = text_of(value);
            if (name == "products") {
                row.product_count = static_cast<std::int64_t>(value.count_elements());
            }
        }
    }

    static void enter(AnalyticsState& row, const char* status, Timestamp now) {
        row.status_us[row.status] += (now - row.status_since).count();
        row.status = status;
        row.status_since = now;
    }

    void apply_failure(const RecordedEvent& event) {
        Failure failure;
        std::string offer;
        for (auto field : payload_.open(event)) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (name == "offer_id") offer = text_of(value);
            if (name == "reason") failure.reason = text_of(value);
            if (name == "class") failure.failure_class = text_of(value);
        }
        if (offer.empty()) return;  // a failure of a product
        auto& entry = find(event.tenant, offer);
        auto& row = entry.row;
        if (event.position <= row.position) return;
        tables_.add_failure(event, offer, failure);
        ++row.failures[event.type];
        row.last_failure = render_failure(event.type, failure, event.recorded_at, event.position);
        row.position = event.position;
        rows_.mark(entry);
    }

    AnalyticsTables tables_;
    RowCache<AnalyticsState> rows_;
    Payload payload_;
};

}  // namespace

Projection offer_analytics_projection() {
    Projection projection;
    projection.name = "offer_analytics";
    projection.version = 4;
    projection.poison = Poison::park_tenant;
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
    for (const auto& type : events::catalogue()) {
        if (type.category == "command") projection.event_types.emplace_back(type.name);
    }
    projection.tables = analytics_tables();
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<OfferAnalytics>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
