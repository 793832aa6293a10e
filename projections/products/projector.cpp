#include "projections/products/projector.hpp"

#include <optional>
#include <stdexcept>

#include "core/text.hpp"
#include "projections/payload.hpp"
#include "projections/row_cache.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr const char* create_products =
    "CREATE TABLE products("
    " tenant TEXT NOT NULL, product_id TEXT NOT NULL,"
    " type TEXT NOT NULL, status TEXT NOT NULL, name TEXT NOT NULL,"
    " search TEXT NOT NULL,"  // folded name, a space, sku
    " sku TEXT, price_cents INTEGER NOT NULL, currency TEXT NOT NULL,"
    " created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"  // microseconds
    " version INTEGER NOT NULL, position INTEGER NOT NULL,"
    " clubify_product_id TEXT NOT NULL,"
    " body TEXT NOT NULL)";  // the answer of GET /v1/products/{id}

const std::vector<std::string_view> columns = {
    "tenant",
    "product_id",
    "type",
    "status",
    "name",
    "search",
    "sku",
    "price_cents",
    "currency",
    "created_at",
    "updated_at",
    "version",
    "position",
    "clubify_product_id",
    "body"
};

struct ProductState {
    std::string product_id, name, type, status, currency, clubify_product_id;
    std::optional<std::string> sku;
    std::string description;  // JSON; empty when absent
    std::string metadata;     // JSON; empty when absent
    std::int64_t price_cents = 0;
    Timestamp created_at, updated_at;
    Version version = 0;  // 0: no such product
    Position position = 0;

    std::size_t bytes() const {
        return sizeof(ProductState) + name.size() + description.size() + metadata.size() + 96;
    }
};

bool read_member(ProductState& state, std::string_view name, json::value value) {
    if (name == "name") {
        state.name = text_of(value);
    } else if (name == "type") {
        state.type = text_of(value);
    } else if (name == "status") {
        state.status = text_of(value);
    } else if (name == "description") {
        state.description = raw_unless_null(value);
    } else if (name == "price_cents") {
        state.price_cents = number_of(value);
    } else if (name == "currency") {
        state.currency = text_of(value);
    } else if (name == "sku") {
        state.sku.reset();
        if (!raw_unless_null(value).empty()) state.sku = text_of(value);
    } else if (name == "metadata") {
        state.metadata = raw_unless_null(value);
    } else if (name == "clubify_product_id") {
        state.clubify_product_id = text_of(value);
    } else {
        return false;
    }
    return true;
}

std::string render(const ProductState& state) {
    std::string out = "{";
    append_text(out, "product_id", state.product_id);
    append_text(out, "name", state.name);
    append_text(out, "type", state.type);
    append_text(out, "status", state.status);
    if (!state.description.empty()) append_raw(out, "description", state.description);
    append_number(out, "price_cents", state.price_cents);
    append_text(out, "currency", state.currency);
    if (state.sku) append_text(out, "sku", *state.sku);
    if (!state.metadata.empty()) append_raw(out, "metadata", state.metadata);
    append_text(out, "clubify_product_id", state.clubify_product_id);
    append_number(out, "version", static_cast<std::int64_t>(state.version));
    append_text(out, "created_at", format_time(state.created_at));
    append_text(out, "updated_at", format_time(state.updated_at));
    append_number(out, "position", static_cast<std::int64_t>(state.position));
    out += '}';
    return out;
}

class Products : public Projector {
public:
    Products(SQLite::Database& database, Tables tables)
        : insert_(
              database,
              tables == Tables::empty ? insert_sql("products", columns, {})
                                      : insert_sql("products", columns, {"tenant", "product_id"})
          ) {
        if (tables == Tables::filled) {
            select_.emplace(
                database.getHandle(),
                "SELECT body,created_at,updated_at FROM products WHERE tenant=? AND product_id=?"
            );
        }
    }

    void apply(const RecordedEvent& event) override {
        if (events::category_of(event.stream) != "product") return;
        const auto id = events::id_of(event.stream);
        auto& entry = rows_.find(event.tenant, id, [&](ProductState& row) {
            if (select_) load(event.tenant, id, row);
        });
        auto& row = entry.row;
        if (event.version <= row.version) return;
        read_event(event, [&] { fold_event(row, event); });
        row.updated_at = event.recorded_at;
        row.version = event.version;
        row.position = event.position;
        rows_.mark(entry);
    }

    void write() override {
        rows_.write_changed([this](const auto& entry) { insert(entry.tenant, entry.row); });
    }

    void forget() override { rows_.clear(); }
    std::size_t bytes() const override { return rows_.bytes(); }

private:
    /// The events of a product name their members alike.
    void fold_event(ProductState& row, const RecordedEvent& event) {
        auto object = payload_.open(event);
        if (event.type == "ProductCreated" || event.type == "ProductAdopted") {
            row.product_id = events::id_of(event.stream);
            row.status = "active";
            row.created_at = event.recorded_at;
        } else if (row.version == 0) {
            throw std::runtime_error("the product was never created");
        }
        for (auto field : object) {
            const std::string_view name = field.unescaped_key();
            read_member(row, name, field.value());
        }
        if (event.type == "ProductArchived") row.status = "archived";
        if (row.name.empty()) throw std::runtime_error("the name is missing");
    }

    void load(const TenantId& tenant, std::string_view id, ProductState& row) {
        auto found = select_->run(tenant, id);
        if (!found.next()) return;
        for (auto field : payload_.open(found.text(0))) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (read_member(row, name, value)) continue;
            if (name == "product_id") row.product_id = text_of(value);
            if (name == "version") row.version = value.get_uint64();
            if (name == "position") row.position = value.get_uint64();
        }
        row.created_at = found.time(1);
        row.updated_at = found.time(2);
    }

    void insert(const TenantId& tenant, const ProductState& row) {
        const auto search = fold(row.name) + ' ' + (row.sku ? fold(*row.sku) : std::string());
        const auto body = render(row);
        insert_->execute(
            tenant,
            row.product_id,
            row.type,
            row.status,
            row.name,
            search,
            row.sku,
            row.price_cents,
            row.currency,
            row.created_at,
            row.updated_at,
            row.version,
            row.position,
            row.clubify_product_id,
            body
        );
    }

    MadeStatement insert_;
    std::optional<Statement> select_;
    RowCache<ProductState> rows_;
    Payload payload_;
};

}  // namespace

Projection products_projection() {
    Projection projection;
    projection.name = "products";
    projection.version = 3;
    projection.readable_since = 3;  // status
    projection.poison = Poison::park_stream;
    projection.event_types = {
        "ProductCreated",
        "ProductAdopted",
        "ProductEdited",
        "ProductPriceChanged",
        "ProductArchived"
    };
    projection.tables.push_back(
        {"products",
         create_products,
         {"tenant", "product_id"},
         {"CREATE UNIQUE INDEX products_key ON products(tenant, product_id)",
          "CREATE INDEX products_created ON products(tenant, created_at, product_id)",
          "CREATE INDEX products_updated ON products(tenant, updated_at, product_id)",
          "CREATE INDEX products_name ON products(tenant, search, product_id)",
          "CREATE INDEX products_sku ON products(tenant, sku)",
          "CREATE INDEX products_there ON products(tenant, clubify_product_id)"}}
    );
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Products>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
