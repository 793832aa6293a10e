#include "projections/offer_analytics/projector.hpp"

#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "events/catalogue.hpp"
#include "projections/offer_analytics/state.hpp"
#include "projections/offer_analytics/tables.hpp"
#include "projections/payload.hpp"
#include "projections/row_cache.hpp"

namespace vitrine::projections {
namespace {

PricedLine read_line(json::object object) {
    PricedLine line;
    for (auto field : object) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name == "clubify_product_id") line.clubify_product_id = text_of(value);
        if (name == "product_id") line.product_id = text_of(value);
        if (name == "price_cents") line.offer_price = value.get_int64();
    }
    if (line.clubify_product_id.empty()) {
        throw std::runtime_error("a product has no clubify_product_id");
    }
    return line;
}

class OfferAnalytics : public Projector {
public:
    OfferAnalytics(SQLite::Database& database, Tables) : tables_(database) {}

    void apply(const RecordedEvent& event) override {
        try {
            const auto category = events::category_of(event.stream);
            if (category == "offer") apply_to_offer(event);
            if (category == "product") apply_to_product(event);
            if (category == "command") apply_failure(event);
        } catch (const SQLite::Exception&) {
            throw;
        } catch (const std::exception& error) {
            throw_unreadable(event, error.what());
        }
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
            create(entry, event);
        } else if (event.type == "OfferEdited") {
            ++row.revisions;
        } else if (event.type == "OfferActivated") {
            enter(row, "active", event.recorded_at);
        } else if (event.type == "OfferPaused") {
            enter(row, "paused", event.recorded_at);
        } else if (event.type == "OfferArchived") {
            enter(row, "archived", event.recorded_at);
        } else {
            change_line(entry, event);
        }
        row.version = event.version;
        row.position = event.position;
        tables_.add_version(event, entry.id, row);
        rows_.mark(entry);
    }

    void create(Entry& entry, const RecordedEvent& event) {
        auto& row = entry.row;
        row.status = "draft";
        row.status_since = event.recorded_at;
        std::vector<PricedLine> lines;
        for (auto field : payload_.open(event)) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (name == "currency") row.currency = text_of(value);
            if (name == "status") row.status = text_of(value);
            if (name != "products") continue;
            for (auto element : value.get_array()) lines.push_back(read_line(element.get_object()));
        }
        for (auto& line : lines) put_line(entry, std::move(line), event);
    }

    static void enter(AnalyticsState& row, const char* status, Timestamp now) {
        row.status_us[row.status] += (now - row.status_since).count();
        row.status = status;
        row.status_since = now;
    }

    void change_line(Entry& entry, const RecordedEvent& event) {
        auto line = read_line(payload_.open(event));
        ++entry.row.revisions;
        if (event.type == "ProductRemovedFromOffer") {
            remove_line(entry, line.clubify_product_id, event);
        } else {
            put_line(entry, std::move(line), event);
        }
    }

    void put_line(Entry& entry, PricedLine line, const RecordedEvent& event) {
        auto& lines = entry.row.lines;
        auto found =
            std::ranges::find(lines, line.clubify_product_id, &PricedLine::clubify_product_id);
        if (found == lines.end()) {
            if (!line.product_id.empty()) {
                tables_.add_use(event.tenant, line.product_id, entry.id);
            }
            lines.push_back(std::move(line));
            found = std::prev(lines.end());
            show_price(entry, *found, event, true);
        } else {
            found->offer_price = line.offer_price;
            show_price(entry, *found, event, false);
        }
    }

    void remove_line(
        Entry& entry, std::string_view clubify_product_id, const RecordedEvent& event
    ) {
        auto& lines = entry.row.lines;
        const auto found =
            std::ranges::find(lines, clubify_product_id, &PricedLine::clubify_product_id);
        if (found == lines.end()) throw std::runtime_error("the offer has no such product");
        if (!found->product_id.empty()) {
            tables_.remove_use(event.tenant, found->product_id, entry.id);
        }
        found->shown_price.reset();
        tables_.add_price(event, entry.id, *found);
        lines.erase(found);
    }

    /// Notes the effective price of a line, if it is another than before.
    void show_price(Entry& entry, PricedLine& line, const RecordedEvent& event, bool always) {
        auto price = line.offer_price;
        auto currency = entry.row.currency;
        if (!price && !line.product_id.empty()) {
            if (const auto own = tables_.product_price(event.tenant, line.product_id)) {
                price = own->cents;
                currency = own->currency;
            }
        }
        if (!always && price == line.shown_price && currency == line.shown_currency) return;
        line.shown_price = price;
        line.shown_currency = currency;
        tables_.add_price(event, entry.id, line);
    }

    void apply_to_product(const RecordedEvent& event) {
        if (event.type == "ProductEdited") return;
        ProductPrice price;
        for (auto field : payload_.open(event)) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (name == "price_cents") price.cents = value.get_int64();
            if (name == "currency") price.currency = text_of(value);
        }
        const std::string product(events::id_of(event.stream));
        if (!tables_.set_product_price(event, product, price)) return;
        for (const auto& offer : tables_.offers_with(event.tenant, product)) {
            auto& entry = find(event.tenant, offer);
            if (event.position <= entry.row.position) continue;
            for (auto& line : entry.row.lines) {
                if (line.product_id == product) show_price(entry, line, event, false);
            }
            entry.row.position = event.position;
            rows_.mark(entry);
        }
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
    projection.version = 3;
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
        "ProductRemovedFromOffer",
        "ProductCreated",
        "ProductAdopted",
        "ProductPriceChanged"
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
