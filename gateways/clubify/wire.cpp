#include "gateways/clubify/wire.hpp"

#include "gateways/clubify/json_writer.hpp"
#include "net/http.hpp"

namespace vitrine::clubify {
namespace {

Call call(std::string method, std::string path, JsonText body = {}) {
    Call made;
    made.method = std::move(method);
    made.path = std::move(path);
    made.body = std::move(body);
    return made;
}

std::string path(std::string_view collection, const ClubifyId& id, std::string_view rest = {}) {
    std::string text = "/";
    text.append(collection).append("/").append(net::percent_encode(id.view())).append(rest);
    return text;
}

std::string member_path(const ClubifyId& offer, const ClubifyId& product) {
    return path("offers", offer, "/products/" + net::percent_encode(product.view()));
}

void write(JsonWriter& writer, std::string_view name, const std::optional<std::string>& value) {
    if (value) writer.text(name, *value);
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
    return call("POST", "/products", writer.done());
}

Call edit_product(const ClubifyId& id, const ProductFields& fields) {
    JsonWriter writer;
    write(writer, fields);
    return call("PATCH", path("products", id), writer.done());
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
    return call("PATCH", path("products", id), writer.done());
}

Call delete_product(const ClubifyId& id) {
    return call("DELETE", path("products", id));
}

Call create_offer(const OfferFields& fields) {
    return call("POST", "/offers", offer_body(fields));
}

Call edit_offer(const ClubifyId& id, const OfferFields& fields) {
    return call("PUT", path("offers", id), offer_body(fields));
}

Call publish_offer(const ClubifyId& id) {
    return call("POST", path("offers", id, "/publish"));
}

Call unpublish_offer(const ClubifyId& id) {
    return call("POST", path("offers", id, "/unpublish"));
}

Call archive_offer(const ClubifyId& id) {
    JsonWriter writer;
    writer.text("status", "archived");
    return call("PUT", path("offers", id, "/status"), writer.done());
}

Call add_product(const ClubifyId& offer, const OfferProduct& product) {
    return call("POST", path("offers", offer, "/products"), product_to_add(product));
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
    return call("PUT", member_path(offer, product.product), writer.done());
}

Call remove_product(const ClubifyId& offer, const ClubifyId& product) {
    return call("DELETE", member_path(offer, product));
}

}  // namespace vitrine::clubify
