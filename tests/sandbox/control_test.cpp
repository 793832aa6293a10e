#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

TEST_CASE("the state lists every kind, of all tenants, in the platform's shapes") {
    Sandbox sandbox;
    const auto empty = sandbox.state();
    std::vector<std::string> kinds;
    for (auto it = empty.begin(); it != empty.end(); ++it) {
        kinds.push_back(it.key());
        CHECK(it.value() == Json::array());
    }
    CHECK(
        kinds ==
        std::vector<std::string>{
            "offers",
            "products",
            "customers",
            "checkouts",
            "webhooks",
            "orders",
            "order_bumps",
            "upsells",
            "flows",
            "payments"
        }
    );
    Seller a(sandbox, tenant_a);
    Seller b(sandbox, tenant_b);
    const auto first = a.offer("mug");
    const auto second = b.offer("mug");
    const auto offers = sandbox.state().at("offers");
    REQUIRE(offers.size() == 2);
    CHECK(offers.at(0) == a.get("/offers/" + first).json);
    CHECK(offers.at(1).at("id") == second);
    CHECK(offers.at(1).at("tenantId") == tenant_b);
}

TEST_CASE("requests are kept in order, with what was received and no secret") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    seller.headers.emplace_back("Idempotency-Key", "k1");
    seller.headers.emplace_back("X-Tenant-Id", tenant_a);
    seller.headers.emplace_back("X-Request-Id", "r1");
    seller.post("/offers", R"({"name":"M\u00fag","slug":"mug"})");
    seller.get("/offers?page=1&limit=20");
    seller.post("/offers", "{broken");
    const auto whole = sandbox.control("GET", "requests");
    const auto& list = whole.json.at("requests");
    REQUIRE(list.size() == 4);
    CHECK(whole.json.at("total") == 4);
    CHECK(whole.json.at("dropped") == 0);
    CHECK(list.at(0).at("path") == "/api/v1/auth/api-key/token");
    CHECK(list.at(0).at("body").at("api_key") == "***");
    CHECK(list.at(0).at("body").at("tenant_id") == tenant_a);
    CHECK(list.at(1).at("method") == "POST");
    CHECK(list.at(1).at("path") == "/api/v1/offers");
    CHECK(list.at(1).at("body") == Json::parse(R"({"name":"Múg","slug":"mug"})"));
    CHECK(list.at(1).at("time") == start_time);
    CHECK(list.at(1).at("headers").at("idempotency-key") == "k1");
    CHECK(list.at(1).at("headers").at("x-tenant-id") == tenant_a);
    CHECK(list.at(1).at("headers").at("x-request-id") == "r1");
    CHECK(list.at(2).at("query") == Json::parse(R"({"page":"1","limit":"20"})"));
    CHECK(list.at(2).at("body").is_null());
    CHECK(list.at(3).at("body") == "{broken");
    CHECK(whole.text.find("Bearer") == std::string::npos);
    CHECK(whole.text.find(test_key) == std::string::npos);
    CHECK(sandbox.control("DELETE", "requests").json.at("requests").empty());
}

TEST_CASE("the log of requests is bounded: the oldest go, and are counted") {
    RequestLog log;
    net::Request request;
    request.method = "GET";
    const auto target = *net::parse_target("/api/v1/health");
    for (int i = 0; i < 100'003; ++i) log.add(request, target, false, Timestamp());
    const auto json = Json::parse(log.to_json());
    CHECK(json.at("requests").size() == 100'000);
    CHECK(json.at("requests").at(0).at("seq") == 4);
    CHECK(json.at("total") == 100'003);
    CHECK(json.at("dropped") == 3);
}

TEST_CASE("the clock stands where it is put") {
    Sandbox sandbox;
    CHECK(sandbox.control("GET", "clock").json.at("now") == start_time);
    const auto moved = sandbox.control("POST", "clock", R"({"now":"2012-01-01T00:00:00-03:00"})");
    CHECK(moved.json.at("now") == "2012-01-01T03:00:00Z");
    Seller seller(sandbox, tenant_a);
    CHECK(
        seller.get("/offers/" + seller.offer("mug")).json.at("createdAt") == "2012-01-01T03:00:00Z"
    );
    check_error(sandbox.control("POST", "clock", R"({"now":"tomorrow"})"), 400, "now");
    check_error(sandbox.control("POST", "clock", "{}"), 400, "now");
    check_error(sandbox.control("POST", "clock", "nonsense"), 400, "JSON");
}

TEST_CASE("order lines are added all or none, with their header or without") {
    Sandbox sandbox;
    const std::string line = "o1,2011-03-20T10:00:00Z,mug,p1,1,1000,a,b,c,completed\n";
    const auto with_header = std::string(OrderBook::header) + "\n" + line;
    CHECK(sandbox.control("POST", "orders", line).json.at("added") == 1);
    CHECK(sandbox.control("POST", "orders", with_header).json.at("lines") == 2);
    check_error(sandbox.control("POST", "orders", line + "o2,bad\n"), 400, "line 2");
    Seller seller(sandbox, tenant_a);
    const auto id = seller.offer("mug");
    CHECK(seller.get("/offers/" + id + "/stats").json.at("revenue") == 2000);
}

TEST_CASE("faults are added, listed and cleared; a bad one is 400 and names its fault") {
    Sandbox sandbox;
    sandbox.faults(R"([{"path":"/offers","action":{"status":503},"times":2}])");
    sandbox.faults(R"([{"path":"/products","action":{"status":500}}])");
    check_error(
        sandbox.control("POST", "faults", R"({"rules":[{"action":{"status":503},"x":1}]})"),
        400,
        "x"
    );
    check_error(sandbox.control("POST", "faults", "{"), 400, "JSON");
    CHECK(sandbox.control("GET", "faults").json.at("rules").size() == 2);
    CHECK(sandbox.control("DELETE", "faults").json.at("rules").empty());
    CHECK(Seller(sandbox, tenant_a).get("/offers").status == 200);
}

TEST_CASE("other routes of the control plane are 404, other methods 405") {
    Sandbox sandbox;
    check_error(sandbox.control("GET", "nothing"), 404, "Cannot GET /_sandbox/nothing");
    check_error(sandbox.control("GET", "state/x"), 404, "Cannot GET");
    check_error(sandbox.control("POST", "state"), 405, "");
    check_error(sandbox.control("GET", "orders"), 405, "");
    check_error(sandbox.control("PUT", "faults"), 405, "");
}
