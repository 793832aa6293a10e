#include "gateways/clubify/wire.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::clubify;

namespace {

void check(const Call& call, const char* method, const char* path, const char* body) {
    CHECK(call.method == method);
    CHECK(call.path == path);
    CHECK(call.body.text == body);
    CHECK(call.idempotency_key.empty());
}

OfferProduct product() {
    OfferProduct line;
    line.product = ClubifyId("p1");
    return line;
}

}  // namespace

TEST_CASE("a product is created without a price, which the platform refuses there") {
    ProductFields fields;
    fields.name = "Mug \"blue\"\n";
    fields.type = "physical";
    fields.metadata = JsonText(R"({"vitrine":{"command_id":"c"},"n":1.50})");
    check(
        create_product(fields),
        "POST",
        "/products",
        R"({"name":"Mug \"blue\"\n","type":"physical","metadata":{"vitrine":{"command_id":"c"},"n":1.50}})"
    );
}

TEST_CASE("editing a product sends what changed, and price and fields go in one request") {
    ProductFields fields;
    fields.description = "";
    check(edit_product(ClubifyId("p1"), fields), "PATCH", "/products/p1", R"({"description":""})");
    check(
        price_product(ClubifyId("p1"), 19990, "BRL", fields),
        "PATCH",
        "/products/p1",
        R"({"description":"","pricing":{"price":19990,"currency":"BRL"}})"
    );
    check(
        price_product(ClubifyId("p1"), 0, "GBP", {}),
        "PATCH",
        "/products/p1",
        R"({"pricing":{"price":0,"currency":"GBP"}})"
    );
    check(delete_product(ClubifyId("p1")), "DELETE", "/products/p1", "");
}

TEST_CASE("an offer goes over the wire with its configuration flattened and products by id") {
    OfferFields fields;
    fields.name = "Café";
    fields.slug = "cafe";
    fields.type = "combo";
    fields.description = "d";
    fields.currency = "BRL";
    fields.settings = JsonText(R"({"a":1})");
    fields.theme = JsonText(R"({"b":2})");
    fields.layout = JsonText(R"({"c":3})");
    fields.seo = JsonText(R"({"d":4})");
    fields.tracking = JsonText(R"({"e":5})");
    fields.metadata = JsonText(R"({"f":6})");
    auto full = product();
    full.quantity = 2;
    full.position = 1;
    full.required = false;
    full.price_cents = 1000;
    full.discount = Discount("percentage", JsonText("33.5"));
    full.rules = JsonText(R"({"min":1})");
    fields.products = {product(), full};
    check(
        create_offer(fields),
        "POST",
        "/offers",
        R"({"name":"Café","slug":"cafe","type":"combo","description":"d","currency":"BRL",)"
        R"("settings":{"a":1},"theme":{"b":2},"layout":{"c":3},"seo":{"d":4},"tracking":{"e":5},)"
        R"("metadata":{"f":6},"products":[)"
        R"({"productId":"p1","quantity":1,"position":0,"isOptional":false},)"
        R"({"productId":"p1","quantity":2,"position":1,"isOptional":true,"customPrice":1000,)"
        R"("discountType":"percentage","discountValue":33.5,"rules":{"min":1}}]})"
    );
    OfferFields edit;
    edit.name = "New";
    check(edit_offer(ClubifyId("o1"), edit), "PUT", "/offers/o1", R"({"name":"New"})");
}

TEST_CASE("the status of an offer changes by calls without a body, but for the archive") {
    check(publish_offer(ClubifyId("o1")), "POST", "/offers/o1/publish", "");
    check(unpublish_offer(ClubifyId("o1")), "POST", "/offers/o1/unpublish", "");
    check(archive_offer(ClubifyId("o1")), "PUT", "/offers/o1/status", R"({"status":"archived"})");
}

TEST_CASE("changing a product in an offer says every field, and null for what is taken away") {
    check(
        add_product(ClubifyId("o1"), product()),
        "POST",
        "/offers/o1/products",
        R"({"productId":"p1","quantity":1,"position":0,"isOptional":false})"
    );
    check(
        change_product(ClubifyId("o1"), product()),
        "PUT",
        "/offers/o1/products/p1",
        R"({"quantity":1,"position":0,"isOptional":false,"customPrice":null,)"
        R"("discountType":null,"discountValue":null,"rules":null})"
    );
    auto full = product();
    full.price_cents = 5;
    full.discount = Discount("fixed", JsonText("100"));
    full.rules = JsonText("{}");
    check(
        change_product(ClubifyId("o1"), full),
        "PUT",
        "/offers/o1/products/p1",
        R"({"quantity":1,"position":0,"isOptional":false,"customPrice":5,)"
        R"("discountType":"fixed","discountValue":100,"rules":{}})"
    );
    check(remove_product(ClubifyId("o1"), ClubifyId("p1")), "DELETE", "/offers/o1/products/p1", "");
}

TEST_CASE("an id cannot lead out of its place in the path") {
    CHECK(publish_offer(ClubifyId("../x?y#z")).path == "/offers/..%2Fx%3Fy%23z/publish");
    CHECK(
        remove_product(ClubifyId("a/b"), ClubifyId("c d")).path == "/offers/a%2Fb/products/c%20d"
    );
}
