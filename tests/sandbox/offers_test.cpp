#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

TEST_CASE("an offer is created by the SDK's sequence: look for the slug, then POST (10.2)") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    check_error(seller.get("/offers/slug/curso-avancado"), 404, "Offer not found");
    const auto made = seller.post(
        "/offers",
        R"({"name":"Curso Avan\u00e7ado","type":"single","slug":"curso-avancado",)"
        R"("settings":{"maxQuantity":10},"theme":{"name":"modern"},"layout":{"structure":)"
        R"("single-column"},"seo":{"title":"x"},"tracking":{"customScripts":[]},)"
        R"("metadata":{"pricing":{"salePrice":19990,"currency":"BRL"},"vitrine":{"id":"x"}}})"
    );
    CHECK(made.status == 201);
    const auto id = made.json.at("_id").get<std::string>();
    CHECK(id.size() == 24);
    CHECK(made.json.at("id") == id);
    CHECK(made.json.at("status") == "draft");
    CHECK(made.json.at("isActive") == false);
    CHECK(made.json.at("products") == Json::array());
    CHECK(made.json.at("tracking") == Json::parse(R"({"customScripts":[]})"));
    CHECK(made.json.at("metadata").at("vitrine") == Json::parse(R"({"id":"x"})"));
    CHECK(made.json.at("updated_at") == start_time);
    CHECK(seller.get("/offers/slug/curso-avancado").json == made.json);
    CHECK(seller.get("/offers/" + id).json == made.json);
    CHECK(seller.get("/offers?page=1&limit=20").json.at("data").at(0) == made.json);
}

TEST_CASE("a slug is the tenant's own: taken is 409 with what is in the way, absent is made") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto id = seller.offer("mug");
    const auto taken = seller.post("/offers", R"({"name":"Mug","slug":"mug"})");
    check_error(taken, 409, "already exists");
    CHECK(taken.json.at("conflict_type") == "slug_exists");
    CHECK(taken.json.at("conflict_fields") == Json::array({"slug"}));
    CHECK(taken.json.at("existing_resource_id") == id);
    CHECK(taken.json.at("resolution_suggestions").is_array());
    CHECK(seller.post("/offers", R"({"name":"Mug"})").json.at("slug") == "mug-1");
    CHECK(seller.post("/offers", R"({"name":"Mug"})").json.at("slug") == "mug-2");
    check_error(seller.post("/offers", R"({"name":"Mug","slug":"-Mug"})"), 400, "slug");

    const auto other = seller.offer("cup");
    check_error(seller.put("/offers/" + other, R"({"slug":"mug"})"), 409, "already exists");
    CHECK(seller.put("/offers/" + other, R"({"slug":"cup"})").status == 200);
    CHECK(seller.put("/offers/" + other, R"({"slug":"glass"})").status == 200);
    CHECK(seller.get("/offers/slug/cup").status == 404);
    CHECK(seller.get("/offers/slug/glass").json.at("id") == other);
    CHECK(seller.call("DELETE", "/offers/" + id).status == 204);
    CHECK(seller.get("/offers/slug/mug").status == 404);
    seller.offer("mug");
}

TEST_CASE("what is wrong with an offer is 400, each fault named, and nothing stored") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto wrong = [&](const std::string& body, const std::string& field) {
        const auto answer = seller.post("/offers", body);
        check_error(answer, 400, field);
        CHECK(answer.json.at("errors").at(0).at("field") == field);
    };
    wrong("{}", "name");
    wrong(R"({"name":""})", "name");
    wrong(R"({"name":null})", "name");
    wrong(R"({"name":["x"]})", "name");
    wrong(R"({"name":"Mug","type":"nothing"})", "type");
    wrong(R"({"name":"Mug","theme":"dark"})", "theme");
    wrong(R"({"name":"Mug","isActive":"yes"})", "isActive");
    wrong(R"({"name":"Mug","products":{}})", "products");
    wrong(R"({"name":"Mug","products":["p"]})", "products.0");
    wrong(R"({"name":"Mug","products":[{}]})", "products.0.productId");
    wrong(R"({"name":"Mug","price":{"amount":1.5}})", "price.amount");
    CHECK(sandbox.state().at("offers").empty());
}

TEST_CASE("offers of every known type are taken, and filtered by what they mean") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    seller.offer("aa", R"(,"type":"single")");
    seller.offer("bb", R"(,"type":"single_product")");
    seller.offer("cc", R"(,"type":"complex_funnel")");
    seller.offer("dd", R"(,"type":"bundle")");
    CHECK(seller.get("/offers?type=single").json.at("total") == 2);
    CHECK(seller.get("/offers?type=funnel").json.at("data").at(0).at("type") == "complex_funnel");
    const auto id = seller.get("/offers/slug/dd").json.at("id").get<std::string>();
    seller.post("/offers/" + id + "/publish");
    CHECK(seller.get("/offers?status=active").json.at("data").at(0).at("id") == id);
    CHECK(seller.get("/offers?isActive=false").json.at("total") == 3);
    CHECK(seller.get("/offers?status=active&type=single").json.at("total") == 0);
    CHECK(seller.get("/offers/count").json.at("count") == 4);
}

TEST_CASE("an update changes what it names; server fields stay, unknown ones are kept") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto id = seller.offer("mug", R"(,"metadata":{"a":1},"layout":{"b":2},"x":{"y":1})");
    sandbox.control("POST", "clock", R"({"now":"2011-04-01T03:00:01.5Z"})");
    const auto changed = seller.put(
        "/offers/" + id,
        R"({"name":"New name","metadata":{"c":3},"_id":"no","createdAt":"1999-01-01T00:00:00Z"})"
    );
    CHECK(changed.status == 200);
    CHECK(changed.json.at("name") == "New name");
    CHECK(changed.json.at("metadata") == Json::parse(R"({"c":3})"));
    CHECK(changed.json.at("layout") == Json::parse(R"({"b":2})"));
    CHECK(changed.json.at("x") == Json::parse(R"({"y":1})"));
    CHECK(changed.json.at("_id") == id);
    CHECK(changed.json.at("createdAt") == start_time);
    CHECK(changed.json.at("updatedAt") == "2011-04-01T03:00:01.500000Z");
    CHECK(changed.json.at("slug") == "mug");
    check_error(seller.put("/offers/" + std::string(24, '0'), "{}"), 404, "Offer not found");
}

TEST_CASE("publish answers the active offer, unpublish the paused one (10.4)") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto id = seller.offer("mug");
    const auto on = seller.post("/offers/" + id + "/publish", "");
    CHECK(on.status == 200);
    CHECK(on.json.at("status") == "active");
    CHECK(on.json.at("isActive") == true);
    CHECK(on.json.at("active") == true);
    CHECK(on.json.at("publishedAt") == start_time);
    CHECK(seller.get("/offers/" + id).json == on.json);
    CHECK(seller.post("/offers/" + id + "/publish", "").status == 200);
    const auto off = seller.post("/offers/" + id + "/unpublish", "");
    CHECK(off.json.at("status") == "paused");
    CHECK(off.json.at("isActive") == false);
    CHECK(off.json.at("active") == false);
    const auto by_flag = seller.put("/offers/" + id, R"({"active":true})");
    CHECK(by_flag.json.at("status") == "active");
    CHECK(by_flag.json.at("isActive") == true);
    CHECK(seller.put("/offers/" + id, R"({"isActive":false})").json.at("status") == "paused");
}

TEST_CASE("an archived offer refuses to be published, by every way") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto path = "/offers/" + seller.offer("mug");
    const auto archived = seller.put(path + "/status", R"({"status":"archived"})");
    CHECK(archived.status == 200);
    CHECK(archived.json.at("status") == "archived");
    check_error(seller.post(path + "/publish"), 409, "archived");
    check_error(seller.post(path + "/unpublish"), 409, "archived");
    check_error(seller.put(path + "/status", R"({"status":"active"})"), 409, "archived");
    check_error(seller.put(path, R"({"isActive":true})"), 409, "archived");
    CHECK(seller.get(path).json == archived.json);
    check_error(seller.put(path + "/status", R"({"status":"gone"})"), 400, "status");
    check_error(seller.put(path + "/status", "{}"), 400, "status");
}

TEST_CASE("a duplicate is a draft of its own") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto id = seller.offer("mug", R"(,"metadata":{"a":1})");
    seller.post("/offers/" + id + "/publish");
    const auto copy = seller.post("/offers/" + id + "/duplicate", "[]");
    CHECK(copy.status == 201);
    CHECK(copy.json.at("id") != id);
    CHECK(copy.json.at("slug") == "mug-copy");
    CHECK(copy.json.at("status") == "draft");
    CHECK(copy.json.at("metadata") == Json::parse(R"({"a":1})"));
    CHECK(seller.post("/offers/" + id + "/duplicate").json.at("slug") == "mug-copy-1");
    const auto named =
        seller.post("/offers/" + id + "/duplicate", R"({"name":"Cup","slug":"cup"})");
    CHECK(named.json.at("name") == "Cup");
    check_error(seller.post("/offers/" + id + "/duplicate", R"({"slug":"cup"})"), 409, "exists");
}

TEST_CASE("checkout URLs carry the campaign, and the same request gives the same one") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto path = "/offers/" + seller.offer("mug");
    CHECK(seller.get(path + "/urls").json == Json::array());
    const auto body = R"({"utmParams":{"source":"e mail","campaign":"a&b"}})";
    const auto made = seller.post(path + "/generate-url", body);
    CHECK(made.status == 200);
    CHECK(
        made.json.at("checkoutUrl") ==
        "https://checkout.clubify.com/mug?utm_source=e%20mail&utm_campaign=a%26b"
    );
    CHECK(made.json.at("shortUrl").is_string());
    CHECK(made.json.at("qrCode").is_string());
    CHECK(made.json.at("metadata").at("slug") == "mug");
    CHECK(made.json.at("metadata").at("createdAt") == start_time);
    CHECK(seller.post(path + "/generate-url", body).json == made.json);
    const auto plain = seller.post(path + "/generate-url", "");
    CHECK(plain.json.at("checkoutUrl") == "https://checkout.clubify.com/mug");
    const auto own = seller.post(
        path + "/generate-url", R"({"customDomain":"shop.example","password":"secret"})"
    );
    CHECK(own.json.at("checkoutUrl") == "https://shop.example/mug");
    CHECK(own.text.find("secret") == std::string::npos);
    CHECK(seller.get(path + "/urls").json.size() == 3);
    check_error(seller.post(path + "/generate-url", R"({"maxUsage":0})"), 400, "maxUsage");
    check_error(
        seller.post(path + "/generate-url", R"({"expirationType":"x"})"), 400, "expiration"
    );
}

TEST_CASE("theme and layout merge one level deep and answer the whole offer") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto id = seller.offer("mug", R"(,"layout":{"type":"custom","a":1,"n":{"x":1}})");
    const auto path = "/offers/" + id;
    const auto laid =
        seller.put(path + "/config/layout", R"({"layout":{"type":"two_column","n":{"y":2}}})");
    CHECK(laid.status == 200);
    CHECK(laid.json.at("id") == id);
    const auto expected = Json::parse(R"({"type":"two_column","a":1,"n":{"y":2}})");
    CHECK(laid.json.at("layout") == expected);
    CHECK(seller.get(path + "/config/layout").json == expected);
    CHECK(seller.put(path + "/layout", R"({"layout":{"z":1}})").json.at("layout").at("z") == 1);
    const auto themed = seller.put(path + "/config/theme", R"({"theme":{"name":"dark"}})");
    CHECK(themed.json.at("theme").at("name") == "dark");
    CHECK(seller.put(path + "/theme", R"({"theme":{"colors":[]}})").status == 200);
    CHECK(seller.get(path + "/config/theme").json == Json::parse(R"({"name":"dark","colors":{}})"));
    CHECK(
        seller.put(path + "/theme/apply", R"({"name":"light"})").json.at("theme").at("name") ==
        "light"
    );
    check_error(seller.put(path + "/config/layout", R"({"layout":{"type":"round"}})"), 400, "type");
    check_error(seller.put(path + "/config/theme", R"({"theme":{"colors":"red"}})"), 400, "colors");
    check_error(seller.put(path + "/config/theme", R"({"theme":"dark"})"), 400, "theme");
    CHECK(seller.get("/offers/themes/presets").json.at("data").size() == 5);
    CHECK(
        sandbox.send("GET", "/api/v1/offers/public/mug/layout", "").json.at("type") == "two_column"
    );
    CHECK(sandbox.send("GET", "/api/v1/offers/public/mug/theme", "").json.at("name") == "light");
    CHECK(sandbox.send("GET", "/api/v1/offers/public/mug", "").json.at("id") == id);
    CHECK(sandbox.send("GET", "/api/v1/offers/public/cup", "").status == 404);
}

TEST_CASE("strict mode takes attested names and routes only") {
    Setting setting;
    setting.strict = true;
    Sandbox sandbox(setting);
    Seller seller(sandbox, tenant_a);
    check_error(seller.post("/offers", R"({"name":"Mug","is_active":true})"), 400, "is_active");
    check_error(seller.post("/offers", R"({"name":"Mug","colour":"red"})"), 400, "colour");
    check_error(seller.post("/offers", R"({"name":"Mug","type":"funnel"})"), 400, "type");
    for (const auto* field : {"price", "status", "slug", "sku"}) {
        const auto body = R"({"name":"Mug",")" + std::string(field) + R"(":"x"})";
        check_error(seller.post("/products", body), 400, field);
    }
    const auto product = seller.product();
    const auto path = "/offers/" + seller.offer("mug");
    check_error(
        seller.post(path + "/products", R"({"product_id":")" + product + "\"}"), 400, "product_id"
    );
    CHECK(
        seller.post(path + "/products", R"({"productId":")" + product + R"(","rules":{}})")
            .status == 201
    );
    check_error(seller.put(path + "/config/layout", R"({"layout":{"a":1}})"), 400, "type");
    check_error(seller.put(path + "/theme/apply", "{}"), 404, "Cannot PUT");
    check_error(sandbox.send("POST", "/api/v1/auth/organization", "{}"), 404, "Cannot POST");
}
