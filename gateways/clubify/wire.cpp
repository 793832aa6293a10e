#include "gateways/clubify/wire.hpp"

#include "gateways/clubify/json.hpp"
#include "gateways/clubify/paths.hpp"
#include "net/http.hpp"

namespace vitrine::clubify {
namespace {

std::string member_path(const ClubifyId& offer, const ClubifyId& product) {
    return path_of("offers", offer, "/products/" + net::percent_encode(product.view()));
}

void write(JsonWriter& writer, std::string_view name, const std::optional<std::string>& value) {
    if (value) writer.text(name, *value);
}

void write(JsonWriter& writer, std::string_view name, const Edited<std::string>& edited) {
    if (!edited.given()) return;
    if (edited.value()) {
        writer.text(name, *edited.value());
    } else {
        writer.null(name);
    }
}

void write(JsonWriter& writer, const ProductFields& fields) {
    write(writer, "name", fields.name);
    write(writer, "type", fields.type);
    write(writer, "description", fields.description);
    writer.json_if("metadata", fields.metadata);
}

void write_place(JsonWriter& writer, const OfferProduct& product) {
    writer.number("quantity", product.quantity)
        .number("position", product.position)
        .boolean("isOptional", !product.required);
}

JsonText product_to_add(const OfferProduct& product) {
    JsonWriter writer;
    writer.text("productId", product.product.view());
    write_place(writer, product);
    if (product.price_cents) writer.number("customPrice", *product.price_cents);
    if (product.discount) {
        writer.text("discountType", product.discount->type)
            .json("discountValue", product.discount->value.text);
    }
    writer.json_if("rules", product.rules);
    return writer.done();
}

JsonText offer_body(const OfferFields& fields) {
    JsonWriter writer;
    write(writer, "name", fields.name);
    write(writer, "slug", fields.slug);
    write(writer, "type", fields.type);
    write(writer, "description", fields.description);
    write(writer, "currency", fields.currency);
    writer.json_if("settings", fields.settings)
        .json_if("theme", fields.theme)
        .json_if("layout", fields.layout)
        .json_if("seo", fields.seo)
        .json_if("tracking", fields.tracking)
        .json_if("metadata", fields.metadata);
    if (!fields.products.empty()) {
        std::string list;
        for (const OfferProduct& product : fields.products) {
            list += list.empty() ? '[' : ',';
            list += product_to_add(product).text;
        }
        writer.json("products", list + "]");
    }
    return writer.done();
}

}  // namespace

Call create_product(const ProductFields& fields) {
    JsonWriter writer;
    write(writer, fields);
    return make_call("POST", "/products", writer.done());
}

Call edit_product(const ClubifyId& id, const ProductFields& fields) {
    JsonWriter writer;
    write(writer, fields);
    return make_call("PATCH", path_of("products", id), writer.done());
}

Call price_product(
    const ClubifyId& id,
    std::int64_t price_cents,
    const std::string& currency,
    const ProductFields& fields
) {
    JsonWriter pricing;
    pricing.number("price", price_cents).text("currency", currency);
    JsonWriter writer;
    write(writer, fields);
    writer.json("pricing", pricing.done().text);
    return make_call("PATCH", path_of("products", id), writer.done());
}

Call archive_product(const ClubifyId& id, const ProductFields& fields) {
    JsonWriter writer;
    writer.boolean("isActive", false);
    write(writer, fields);
    return make_call("PATCH", path_of("products", id), writer.done());
}

Call delete_product(const ClubifyId& id) {
    return make_call("DELETE", path_of("products", id));
}

Call create_offer(const OfferFields& fields) {
    return make_call("POST", "/offers", offer_body(fields));
}

Call edit_offer(const ClubifyId& id, const OfferFields& fields) {
    return make_call("PUT", path_of("offers", id), offer_body(fields));
}

Call publish_offer(const ClubifyId& id) {
    return make_call("POST", path_of("offers", id, "/publish"));
}

Call unpublish_offer(const ClubifyId& id) {
    return make_call("POST", path_of("offers", id, "/unpublish"));
}

Call archive_offer(const ClubifyId& id) {
    JsonWriter writer;
    writer.text("status", "archived");
    return make_call("PUT", path_of("offers", id, "/status"), writer.done());
}

Call add_product(const ClubifyId& offer, const OfferProduct& product) {
    return make_call("POST", path_of("offers", offer, "/products"), product_to_add(product));
}

Call change_product(const ClubifyId& offer, const OfferProduct& product) {
    JsonWriter writer;
    write_place(writer, product);
    if (product.price_cents) {
        writer.number("customPrice", *product.price_cents);
    } else {
        writer.null("customPrice");
    }
    if (product.discount) {
        writer.text("discountType", product.discount->type)
            .json("discountValue", product.discount->value.text);
    } else {
        writer.null("discountType").null("discountValue");
    }
    writer.json("rules", product.rules.empty() ? "null" : product.rules.text);
    return make_call("PUT", member_path(offer, product.product), writer.done());
}

Call remove_product(const ClubifyId& offer, const ClubifyId& product) {
    return make_call("DELETE", member_path(offer, product));
}

}  // namespace vitrine::clubify
