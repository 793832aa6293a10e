#include "projections/sales/known_here.hpp"

#include "projections/sales/insert_into.hpp"

namespace vitrine::projections {
namespace {

const std::vector<std::string_view> offer_columns = {
    "tenant", "told", "clubify_offer_id", "offer_id", "currency", "position"
};
const std::vector<std::string_view> product_columns = {
    "tenant", "product_id", "clubify_product_id", "sku", "name", "position"
};
const std::vector<std::string_view> customer_columns = {
    "tenant", "customer_id", "clubify_customer_id", "merged_into", "position"
};

/// An edit takes a SKU away by null.
std::string text_unless_null(json::value value) {
    if (value.type() == json::json_type::null) return {};
    return std::string(text_of(value));
}

}  // namespace

std::string clubify_customer(std::string_view clubify_id) {
    return "clubify:" + std::string(clubify_id);
}

std::string offer_by_slug(std::string_view slug) {
    return "slug:" + std::string(slug);
}

std::vector<Table> KnownHere::tables() {
    return {
        {"offers",
         "CREATE TABLE offers(tenant TEXT NOT NULL, told TEXT NOT NULL,"
         " clubify_offer_id TEXT NOT NULL, offer_id TEXT NOT NULL, currency TEXT NOT NULL,"
         " position INTEGER NOT NULL)",
         {"tenant", "told"},
         {"CREATE UNIQUE INDEX offers_key ON offers(tenant, told)",
          "CREATE INDEX offers_on_clubify ON offers(tenant, clubify_offer_id)",
          "CREATE INDEX offers_id ON offers(tenant, offer_id)"}},
        {"products",
         "CREATE TABLE products(tenant TEXT NOT NULL, product_id TEXT NOT NULL,"
         " clubify_product_id TEXT NOT NULL, sku TEXT NOT NULL, name TEXT NOT NULL,"
         " position INTEGER NOT NULL)",
         {"tenant", "product_id"},
         {"CREATE UNIQUE INDEX products_key ON products(tenant, product_id)",
          "CREATE INDEX products_on_clubify ON products(tenant, clubify_product_id)",
          "CREATE INDEX products_sku ON products(tenant, sku)"}},
        {"customers",
         "CREATE TABLE customers(tenant TEXT NOT NULL, customer_id TEXT NOT NULL,"
         " clubify_customer_id TEXT NOT NULL, merged_into TEXT NOT NULL,"
         " position INTEGER NOT NULL)",
         {"tenant", "customer_id"},
         {"CREATE UNIQUE INDEX customers_key ON customers(tenant, customer_id)",
          "CREATE INDEX customers_on_clubify ON customers(tenant, clubify_customer_id)",
          "CREATE INDEX customers_merged ON customers(tenant, merged_into)"}},
    };
}

KnownHere::KnownHere(SQLite::Database& database, Tables tables)
    : insert_offer_(database, insert_into("offers", offer_columns, tables, {"tenant", "told"})),
      insert_product_(
          database, insert_into("products", product_columns, tables, {"tenant", "product_id"})
      ),
      insert_customer_(
          database, insert_into("customers", customer_columns, tables, {"tenant", "customer_id"})
      ) {
    if (tables == Tables::empty) return;
    select_product_.emplace(
        database,
        "SELECT clubify_product_id,sku,name,position FROM products WHERE tenant=? AND product_id=?"
    );
    select_customer_.emplace(
        database,
        "SELECT clubify_customer_id,merged_into,position FROM customers"
        " WHERE tenant=? AND customer_id=?"
    );
}

void KnownHere::note(const RecordedEvent& event, std::string_view category, Payload& payload) {
    if (category == "offer") note_offer(event, payload);
    if (category == "product") note_product(event, payload);
    if (category == "customer") note_customer(event, payload);
}

void KnownHere::note_offer(const RecordedEvent& event, Payload& payload) {
    std::string slug;
    Offer offer;
    offer.offer_id = events::id_of(event.stream);
    for (auto field : payload.open(event)) {
        const std::string_view name = field.unescaped_key();
        if (name == "clubify_offer_id") offer.clubify_offer_id = text_of(field.value());
        if (name == "currency") offer.currency = text_of(field.value());
        if (name == "slug") slug = text_of(field.value());
    }
    offer.position = event.position;
    const auto put = [&](const std::string& told) {
        auto& entry = offers_.find(event.tenant, told, [](Offer&) {});
        if (event.position <= entry.row.position) return;
        entry.row = offer;
        offers_.mark(entry);
    };
    put(offer.clubify_offer_id);
    if (!slug.empty()) put(offer_by_slug(slug));
}

void KnownHere::note_product(const RecordedEvent& event, Payload& payload) {
    const auto id = events::id_of(event.stream);
    auto& entry = products_.find(event.tenant, id, [&](Product& product) {
        if (!select_product_) return;
        auto row = (*select_product_)->run(event.tenant, id);
        if (!row.next()) return;
        product = {row.string(0), row.string(1), row.string(2), row.unsigned_number(3)};
    });
    auto& product = entry.row;
    if (event.position <= product.position) return;
    for (auto field : payload.open(event)) {
        const std::string_view name = field.unescaped_key();
        if (name == "clubify_product_id") product.clubify_product_id = text_of(field.value());
        if (name == "name") product.name = text_of(field.value());
        if (name == "sku") product.sku = text_unless_null(field.value());
    }
    product.position = event.position;
    products_.mark(entry);
}

void KnownHere::note_customer(const RecordedEvent& event, Payload& payload) {
    const auto id = events::id_of(event.stream);
    auto& entry = customers_.find(event.tenant, id, [&](Customer& customer) {
        if (!select_customer_) return;
        auto row = (*select_customer_)->run(event.tenant, id);
        if (!row.next()) return;
        customer = {row.string(0), row.string(1), row.unsigned_number(2)};
    });
    auto& customer = entry.row;
    if (event.position <= customer.position) return;
    for (auto field : payload.open(event)) {
        const std::string_view name = field.unescaped_key();
        if (name == "clubify_customer_id") customer.clubify_customer_id = text_of(field.value());
        if (name == "into") customer.merged_into = text_of(field.value());
    }
    customer.position = event.position;
    customers_.mark(entry);
}

void KnownHere::write() {
    offers_.write_changed([this](const auto& entry) {
        const auto& [clubify_id, id, currency, position] = entry.row;
        insert_offer_->execute(entry.tenant, entry.id, clubify_id, id, currency, position);
    });
    products_.write_changed([this](const auto& entry) {
        const auto& [clubify_id, sku, name, position] = entry.row;
        insert_product_->execute(entry.tenant, entry.id, clubify_id, sku, name, position);
    });
    customers_.write_changed([this](const auto& entry) {
        const auto& [clubify_id, merged_into, position] = entry.row;
        insert_customer_->execute(entry.tenant, entry.id, clubify_id, merged_into, position);
    });
}

void KnownHere::forget() {
    offers_.clear();
    products_.clear();
    customers_.clear();
}

std::size_t KnownHere::bytes() const {
    return offers_.bytes() + products_.bytes() + customers_.bytes();
}

}  // namespace vitrine::projections
