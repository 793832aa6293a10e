#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

TEST_CASE("a product is made, priced and read (10.2)") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto made = seller.post(
        "/products", R"({"name":"Curso \/ Avan\u00e7ado","type":"digital","metadata":{"a":[1,2]}})"
    );
    CHECK(made.status == 201);
    const auto id = made.json.at("_id").get<std::string>();
    CHECK(id.size() == 24);
    CHECK(made.json.at("id") == id);
    CHECK(made.json.at("name") == "Curso / Avançado");
    CHECK(made.json.at("metadata") == Json::parse(R"({"a":[1,2]})"));
    CHECK(made.json.at("createdAt") == start_time);
    CHECK(made.json.at("created_at") == start_time);

    const auto priced =
        seller.call("PATCH", "/products/" + id, R"({"pricing":{"price":19990,"currency":"BRL"}})");
    CHECK(priced.status == 200);
    CHECK(priced.json.at("price") == 19990);
    CHECK(priced.json.at("pricing").at("price") == 19990);
    CHECK(seller.get("/products/" + id).json == priced.json);
}

TEST_CASE("lenient: L3's price on create, other spellings, and unknown members are kept") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto made = seller.post(
        "/products",
        R"({"name":"Mug","price":500,"currency":"GBP","is_active":false,"crm":{"x":[]},)"
        R"("id":"mine","createdAt":"1999-01-01T00:00:00Z"})"
    );
    CHECK(made.status == 201);
    CHECK(made.json.at("price") == 500);
    CHECK(made.json.at("pricing") == Json::parse(R"({"price":500,"currency":"GBP"})"));
    CHECK(made.json.at("isActive") == false);
    CHECK(made.json.at("active") == false);
    CHECK(made.json.at("crm") == Json::parse(R"({"x":[]})"));
    CHECK(made.json.at("id") != "mine");
    CHECK(made.json.at("createdAt") == start_time);
}

TEST_CASE("a price is a whole number of cents, at least 0; every fault is named") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto id = seller.product();
    for (const auto* price : {"199.9", "199.0", "\"19990\"", "-1", "1e30", "true"}) {
        const auto body = R"({"pricing":{"price":)" + std::string(price) + "}}";
        const auto answer = seller.call("PATCH", "/products/" + id, body);
        check_error(answer, 400, "pricing.price");
        CHECK(answer.json.at("errors").at(0).at("field") == "pricing.price");
    }
    CHECK(seller.get("/products/" + id).json.at("price").is_null());
    const auto many =
        seller.post("/products", R"({"type":"toy","price":1.5,"description":7,"metadata":[1]})");
    check_error(many, 400, "");
    std::vector<std::string> fields;
    for (const auto& error : many.json.at("errors")) fields.push_back(error.at("field"));
    CHECK(fields == std::vector<std::string>{"name", "type", "description", "metadata", "price"});
    CHECK(sandbox.state().at("products").size() == 1);
}

TEST_CASE("names have 2 to 255 characters, whatever their bytes") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto make = [&](const std::string& name) {
        return seller.post("/products", Json{{"name", name}}.dump()).status;
    };
    std::string long_name;
    for (int i = 0; i < 255; ++i) long_name += "é";
    CHECK(make("é") == 400);
    CHECK(make("éé") == 201);
    CHECK(make(long_name) == 201);
    CHECK(make(long_name + "é") == 400);
}

TEST_CASE("a product's stock changes by whole numbers and never below nothing") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto path = "/products/" + seller.product();
    const auto change = [&](const std::string& by) {
        return seller.call("PATCH", path + "/inventory", R"({"quantityChange":)" + by + "}");
    };
    CHECK(change("5").json.at("stockQuantity") == 5);
    CHECK(change("-2").json.at("stock_quantity") == 3);
    check_error(change("-4"), 400, "stock");
    check_error(change("1.5"), 400, "integer");
    check_error(seller.call("PATCH", path + "/inventory", "{}"), 400, "required");
    CHECK(seller.call("PATCH", path, R"({"stock_quantity":4})").json.at("stockQuantity") == 4);
    CHECK(seller.call("PATCH", path, R"({"stockQuantity":3})").json.at("stock_quantity") == 3);
    CHECK(seller.get(path + "/stock?quantity=3").json.at("available") == true);
    CHECK(seller.get(path + "/stock?quantity=4").json.at("available") == false);
    CHECK(seller.call("PATCH", path, R"({"stockQuantity":null})").status == 200);
    CHECK(seller.get(path + "/stock").json.at("quantity") == 0);
}

TEST_CASE("a deleted product answers JSON and is gone") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto id = seller.product();
    const auto gone = seller.call("DELETE", "/products/" + id);
    CHECK(gone.status == 200);
    CHECK(gone.json.is_object());
    check_error(seller.get("/products/" + id), 404, "Product not found");
    check_error(seller.call("DELETE", "/products/" + id), 404, "Product not found");
}

TEST_CASE("lists page in the order of creation, count, and satisfy every reader") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    std::vector<std::string> ids;
    for (int i = 0; i < 25; ++i) ids.push_back(seller.product("P" + std::to_string(i)));
    const auto first = seller.get("/products");
    CHECK(first.json.at("data").size() == 20);
    CHECK(
        first.json.at("pagination") ==
        Json::parse(R"({"current_page":1,"per_page":20,"total":25,"last_page":2})")
    );
    CHECK(first.json.at("total") == 25);
    CHECK(first.json.at("pages") == 2);
    const auto second = seller.get("/products?page=2&limit=20");
    REQUIRE(second.json.at("data").size() == 5);
    CHECK(second.json.at("data").at(4).at("id") == ids.back());
    const auto by_offset = seller.get("/products?limit=2&offset=23");
    CHECK(by_offset.json.at("data").at(0).at("id") == ids.at(23));
    CHECK(seller.get("/products?page=9").json.at("data").empty());
    CHECK(
        seller.get("/products?sort=created_at:desc").json.at("data").at(0).at("id") == ids.back()
    );
    CHECK(seller.get("/products?format=array&limit=3").json.size() == 3);
    CHECK(seller.get("/products/count").json == Json::parse(R"({"count":25})"));
    CHECK(seller.get("/products?count_only=1").json == Json::parse(R"({"total":25})"));
    check_error(seller.get("/products?page=0"), 400, "page");
    check_error(seller.get("/products?limit=x"), 400, "limit");
    check_error(seller.get("/products?sort=colour"), 400, "sort");
    // The platform rejects these filters; clients filter for themselves.
    for (const auto* filter : {"search", "q", "slug", "sku"}) {
        check_error(seller.get(std::string("/products?") + filter + "=x"), 400, filter);
    }
}

TEST_CASE("a product is duplicated, its prices remembered, its sales summed") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto id = seller.product();
    seller.call("PATCH", "/products/" + id, R"({"pricing":{"price":100}})");
    seller.call("PATCH", "/products/" + id, R"({"pricing":{"price":100}})");
    seller.call("PATCH", "/products/" + id, R"({"pricing":{"price":200}})");
    const auto history = seller.get("/products/" + id + "/price-history");
    REQUIRE(history.json.size() == 2);
    CHECK(history.json.at(1).at("price") == 200);
    const auto copy = seller.post("/products/" + id + "/duplicate", "[]");
    CHECK(copy.status == 201);
    CHECK(copy.json.at("id") != id);
    CHECK(copy.json.at("price") == 200);
    const auto sold = sandbox.control(
        "POST",
        "orders",
        "o1,2011-03-01T00:00:00Z,mug," + id + ",2,400,a,b,c,completed\n" +
            "o2,2011-03-01T00:00:00Z,mug," + id + ",1,200,a,b,c,cancelled\n"
    );
    CHECK(sold.json.at("added") == 2);
    CHECK(seller.get("/products/" + id + "/sales-stats").json.at("total_revenue") == 400);
    CHECK(seller.get("/products/best-sellers").json.at("data").at(0).at("id") == id);
    CHECK(seller.get("/products/" + id + "/related").json.at("total") == 1);
    CHECK(seller.get("/products/featured").json.at("total") == 0);
    CHECK(seller.get("/products/" + id + "/variations").json.empty());
}
