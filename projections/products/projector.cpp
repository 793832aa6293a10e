#include <optional>
#include <stdexcept>

#include "core/text.hpp"
#include "projections/every_projection.hpp"
#include "projections/per_stream.hpp"

namespace vitrine::projections {
namespace {

struct ProductRow : StreamRow {
    static constexpr std::string_view category = "product", table = "products";
    static constexpr std::string_view looked_up[] = {"sku", "clubify_product_id"};

    std::string name, currency, clubify_product_id;
    std::optional<std::string> sku;
    std::optional<std::string> seen_sku;      // what it is looked up by
    std::string description, metadata;        // JSON; empty when absent
    std::optional<std::int64_t> price_cents;  // absent: not known

    /// The events of a product name their members alike.
    bool read(std::string_view member, json::value value) {
        if (member == "name") {
            name = text_of(value);
        } else if (member == "type") {
            type = text_of(value);
        } else if (member == "status") {
            status = text_of(value);
        } else if (member == "description") {
            description = raw_unless_null(value);
        } else if (member == "price_cents") {
            price_cents.reset();
            if (!raw_unless_null(value).empty()) price_cents = number_of(value);
        } else if (member == "currency") {
            currency = text_of(value);
        } else if (member == "sku") {
            sku.reset();
            if (!raw_unless_null(value).empty()) sku = text_of(value);
            seen_sku = sku ? std::optional(as_seen(*sku)) : std::nullopt;
        } else if (member == "metadata") {
            metadata = raw_unless_null(value);
        } else if (member == "clubify_product_id") {
            clubify_product_id = text_of(value);
        } else {
            return false;
        }
        return true;
    }

    void note(const RecordedEvent& event) {
        if (status.empty()) status = "active";
        if (event.type == "ProductArchived") status = "archived";
        if (name.empty()) throw std::runtime_error("the name is missing");
    }

    void write(std::string& out) const {
        append_text(out, "name", name);
        append_text(out, "type", type);
        if (!description.empty()) append_raw(out, "description", description);
        if (price_cents) {
            append_number(out, "price_cents", *price_cents);
        } else {
            append_raw(out, "price_cents", "null");
        }
        append_text(out, "currency", currency);
        if (sku) append_text(out, "sku", *sku);
        if (!metadata.empty()) append_raw(out, "metadata", metadata);
        append_text(out, "clubify_product_id", clubify_product_id);
    }

    std::string words() const { return fold(name) + ' ' + (sku ? fold(*sku) : std::string()); }

    std::optional<std::string_view> value(std::string_view column) const {
        if (column == "clubify_product_id") return clubify_product_id;
        return seen_sku;
    }

    std::size_t bytes() const {
        return sizeof(ProductRow) + name.size() + description.size() + metadata.size() + 96;
    }
};

}  // namespace

Projection products_projection() {
    return per_stream<ProductRow>(5, 5);
}

}  // namespace vitrine::projections
