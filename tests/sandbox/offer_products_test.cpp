#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

TEST_CASE("a product is added as the SDK adds it, and read back (10.3)") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto product = seller.product();
    const auto id = seller.offer("mug");
    const auto added = seller.post(
        "/offers/" + id + "/products",
        R"({"productId":")" + product +
            R"(","quantity":1,"position":0,"isOptional":false,"customPrice":19990,)"
            R"("discountType":"percentage","discountValue":33})"
    );
    CHECK(added.status == 201);
    CHECK(added.json.at("_id") == id);
    const auto& item = added.json.at("products").at(0);
    CHECK(item.at("productId") == product);
    CHECK(item.at("customPrice") == 19990);
    CHECK(item.at("discountValue") == 33);
    CHECK(seller.get("/offers/" + id).json == added.json);

    const auto path = "/offers/" + id + "/products/" + product;
    const auto changed = seller.put(
        path, R"({"productData":{"price":100},"discountType":null,"discountValue":null})"
    );
    CHECK(changed.status == 200);
    CHECK(changed.json.at("products").at(0).at("discountType").is_null());
    CHECK(changed.json.at("products").at(0).at("productData").at("price") == 100);
    CHECK(changed.json.at("products").at(0).at("customPrice") == 19990);
    const auto removed = seller.call("DELETE", path);
    CHECK(removed.status == 200);
    CHECK(removed.json.at("products").empty());
    check_error(seller.call("DELETE", path), 404, "not found");
}

TEST_CASE("the same product twice is 400, an unknown or foreign one too") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    Seller other(sandbox, tenant_b);
    const auto product = seller.product();
    const auto foreign = other.product();
    const auto path = "/offers/" + seller.offer("mug") + "/products";
    const auto body = R"({"productId":")" + product + "\"}";
    CHECK(seller.post(path, body).status == 201);
    check_error(seller.post(path, body), 400, "Product already exists");
    check_error(seller.post(path, R"({"productId":")" + foreign + "\"}"), 400, "does not exist");
    check_error(seller.post(path, R"({"productId":"nothing"})"), 400, "does not exist");
    check_error(seller.post(path, "{}"), 400, "productId");
    check_error(seller.post("/offers/x/products", body), 404, "Offer not found");
    const auto twice = "{\"name\":\"Two\",\"products\":[" + body + ',' + body + "]}";
    check_error(seller.post("/offers", twice), 400, "Product already exists");
    const auto unknown = R"({"name":"Two","products":[{"productId":"x"}]})";
    check_error(seller.post("/offers", unknown), 400, "products.0.productId");
    CHECK(sandbox.state().at("offers").size() == 1);
}

TEST_CASE("products given with a new offer are those of POST products") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto a = seller.product("Ant");
    const auto b = seller.product("Bee");
    const auto made = seller.post(
        "/offers",
        R"({"name":"Two","products":[{"productId":")" + a +
            R"(","rules":{"if":["x"]},"note":"n"},)" + R"({"product_id":")" + b +
            R"(","required":false,"price":5,"quantity":3}]})"
    );
    REQUIRE(made.status == 201);
    const auto& first = made.json.at("products").at(0);
    CHECK(first.at("quantity") == 1);
    CHECK(first.at("position") == 0);
    CHECK(first.at("isOptional") == false);
    CHECK(first.at("required") == true);
    CHECK(first.at("rules") == Json::parse(R"({"if":["x"]})"));
    CHECK(first.at("note") == "n");
    const auto& second = made.json.at("products").at(1);
    CHECK(second.at("productId") == b);
    CHECK(second.at("product_id") == b);
    CHECK(second.at("quantity") == 3);
    CHECK(second.at("position") == 1);
    CHECK(second.at("isOptional") == true);
    CHECK(second.at("customPrice") == 5);
}

TEST_CASE("quantities, positions, prices and discounts have their limits") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto product = seller.product();
    const auto path = "/offers/" + seller.offer("mug") + "/products";
    const auto wrong = [&](const std::string& more, const std::string& field) {
        check_error(
            seller.post(path, R"({"productId":")" + product + "\"," + more + '}'), 400, field
        );
    };
    wrong(R"("quantity":0)", "quantity");
    wrong(R"("quantity":1.5)", "quantity");
    wrong(R"("position":-1)", "position");
    wrong(R"("isOptional":"no")", "isOptional");
    wrong(R"("customPrice":19.99)", "customPrice");
    wrong(R"("custom_price":-5)", "customPrice");
    wrong(R"("discountType":"half","discountValue":1)", "discountType");
    wrong(R"("discountType":"percentage")", "discountValue");
    wrong(R"("discountType":"percentage","discountValue":101)", "discountValue");
    wrong(R"("discountType":"fixed","discountValue":9.5)", "discountValue");
    wrong(R"("discountValue":9)", "discountType");
    wrong(R"("rules":"x")", "rules");
    const auto good = seller.post(
        path,
        R"({"productId":")" + product + R"(","discountType":"percentage","discountValue":12.5})"
    );
    CHECK(good.status == 201);
    check_error(
        seller.put(path + '/' + product, R"({"productId":"another"})"), 400, "taken from the path"
    );
    const auto optional = seller.put(path + '/' + product, R"({"required":false,"quantity":null})");
    CHECK(optional.json.at("products").at(0).at("isOptional") == true);
    CHECK(optional.json.at("products").at(0).at("quantity") == 1);
}
