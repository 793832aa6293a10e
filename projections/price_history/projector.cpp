#include <algorithm>
#include <stdexcept>

#include "core/line_amounts.hpp"
#include "core/money.hpp"
#include "projections/every_projection.hpp"
#include "projections/payload.hpp"
#include "projections/price_history/tables.hpp"
#include "projections/row_cache.hpp"

namespace vitrine::projections {
namespace {

void read_discount(json::object discount, PricedLine& line) {
    for (auto field : discount) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name == "type") line.discount_type = text_of(value);
        if (name == "value") line.discount_value = raw_of(value);
    }
}

/// What one costs of so many after the discount, rounded half away from zero.
std::optional<std::int64_t> effective_price(const PricedLine& line, std::int64_t unit) {
    const auto amounts = line_amounts(unit, line.quantity, line.discount_type, line.discount_value);
    if (!amounts || line.quantity < 1) return std::nullopt;
    return round_div(amounts->total, line.quantity, Rounding::half_away);
}

PricedLine read_line(json::object object) {
    PricedLine line;
    for (auto field : object) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name == "clubify_product_id") line.clubify_product_id = text_of(value);
        if (name == "product_id") line.product_id = text_of(value);
        if (name == "price_cents") line.offer_price = number_of(value);
        if (name == "quantity") line.quantity = number_of(value);
        if (name == "discount") read_discount(object_of(value), line);
    }
    if (line.clubify_product_id.empty()) {
        throw std::runtime_error("a product has no clubify_product_id");
    }
    return line;
}

bool changes_status(std::string_view type) {
    return type == "OfferActivated" || type == "OfferPaused" || type == "OfferArchived";
}

class PriceHistory : public Projector {
public:
    PriceHistory(SQLite::Database& database, Tables) : tables_(database) {}

    void apply(const RecordedEvent& event) override {
        read_event(event, [&] {
            const auto category = events::category_of(event.stream);
            if (category == "offer") apply_to_offer(event);
            if (category == "product") apply_to_product(event);
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
    using Entry = RowCache<PricedOffer>::Entry;

    Entry& find(const TenantId& tenant, std::string_view offer) {
        return rows_.find(tenant, offer, [&](PricedOffer& row) {
            tables_.read(tenant, offer, row);
        });
    }

    void apply_to_offer(const RecordedEvent& event) {
        auto& entry = find(event.tenant, events::id_of(event.stream));
        auto& row = entry.row;
        if (event.version <= row.version) return;
        if (event.type == "OfferCreated" || event.type == "OfferAdopted") {
            create(entry, event);
        } else if (row.version == 0) {
            throw std::runtime_error("the offer was never created");
        } else if (event.type == "ProductRemovedFromOffer") {
            const auto line = read_line(payload_.open(event));
            remove_line(entry, line.clubify_product_id, event);
        } else if (event.type == "ProductAddedToOffer" || event.type == "ProductInOfferChanged") {
            put_line(entry, read_line(payload_.open(event)), event);
        } else if (changes_status(event.type)) {
            tables_.add_status(event, entry.id, event.type == "OfferActivated");
        } else {
            return;
        }
        row.version = event.version;
        row.position = event.position;
        rows_.mark(entry);
    }

    void create(Entry& entry, const RecordedEvent& event) {
        std::vector<PricedLine> lines;
        for (auto field : payload_.open(event)) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (name == "currency") entry.row.currency = text_of(value);
            if (name == "status") tables_.add_status(event, entry.id, text_of(value) == "active");
            if (name != "products") continue;
            for (json::value element : array_of(value))
                lines.push_back(read_line(object_of(element)));
        }
        for (auto& line : lines) put_line(entry, std::move(line), event);
    }

    void put_line(Entry& entry, PricedLine line, const RecordedEvent& event) {
        auto& lines = entry.row.lines;
        auto found =
            std::ranges::find(lines, line.clubify_product_id, &PricedLine::clubify_product_id);
        const bool is_new = found == lines.end();
        if (is_new) {
            tables_.add_use(event.tenant, line.clubify_product_id, entry.id);
            lines.push_back(std::move(line));
            found = std::prev(lines.end());
        } else {
            found->offer_price = line.offer_price;
            found->quantity = line.quantity;
            found->discount_type = std::move(line.discount_type);
            found->discount_value = std::move(line.discount_value);
        }
        show_price(entry, *found, event, is_new);
    }

    void remove_line(
        Entry& entry, std::string_view clubify_product_id, const RecordedEvent& event
    ) {
        auto& lines = entry.row.lines;
        const auto found =
            std::ranges::find(lines, clubify_product_id, &PricedLine::clubify_product_id);
        if (found == lines.end()) throw std::runtime_error("the offer has no such product");
        tables_.remove_use(event.tenant, clubify_product_id, entry.id);
        found->shown_price.reset();
        found->shown_effective.reset();
        tables_.add_price(event, entry.id, *found);
        lines.erase(found);
    }

    /// Notes the prices of a line, if they are others than before.
    void show_price(Entry& entry, PricedLine& line, const RecordedEvent& event, bool always) {
        auto price = line.offer_price;
        auto currency = entry.row.currency;
        if (!price) {
            if (const auto own = tables_.product_price(event.tenant, line.clubify_product_id)) {
                price = own->cents;
                currency = own->currency;
            }
        }
        const auto effective = price ? effective_price(line, *price) : std::nullopt;
        if (!always && price == line.shown_price && effective == line.shown_effective &&
            currency == line.shown_currency) {
            return;
        }
        line.shown_price = price;
        line.shown_effective = effective;
        line.shown_currency = currency;
        tables_.add_price(event, entry.id, line);
    }

    void apply_to_product(const RecordedEvent& event) {
        ProductPrice price;
        std::string product;
        for (auto field : payload_.open(event)) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (name == "price_cents") price.cents = number_of(value);
            if (name == "currency") price.currency = text_of(value);
            if (name == "clubify_product_id") product = text_of(value);
        }
        const auto id = events::id_of(event.stream);
        if (product.empty()) {
            product = tables_.clubify_id(event.tenant, id);
        } else {
            tables_.set_clubify_id(event.tenant, id, product);
        }
        if (product.empty()) throw std::runtime_error("the product was never created");
        if (!tables_.set_product_price(event, product, price)) return;
        for (const auto& offer : tables_.offers_with(event.tenant, product)) {
            auto& entry = find(event.tenant, offer);
            if (event.position <= entry.row.position) continue;
            for (auto& line : entry.row.lines) {
                if (line.clubify_product_id == product) show_price(entry, line, event, false);
            }
            entry.row.position = event.position;
            rows_.mark(entry);
        }
    }

    PriceTables tables_;
    RowCache<PricedOffer> rows_;
    Payload payload_;
};

}  // namespace

Projection price_history_projection() {
    Projection projection;
    projection.name = "price_history";
    projection.version = 3;
    projection.readable_since = 3;
    // A product's price shows in offers.
    projection.poison = Poison::park_tenant;
    projection.event_types = {
        "OfferCreated",
        "OfferAdopted",
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
    projection.tables = price_tables();
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<PriceHistory>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
