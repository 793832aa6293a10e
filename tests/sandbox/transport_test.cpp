#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

TEST_CASE("an unknown route is the platform's 404, with or without a token") {
    Sandbox sandbox;
    const auto answer = sandbox.send("GET", "/api/v1/refunds", "");
    check_error(answer, 404, "Cannot GET /api/v1/refunds");
    CHECK_THAT(
        answer.text,
        Catch::StartsWith(
            R"({"message":"Cannot GET /api/v1/refunds","error":"Not Found","statusCode":404)"
        )
    );
    check_error(sandbox.send("GET", "/offers", ""), 404, "Cannot GET /offers");
    check_error(sandbox.send("PATCH", "/api/v1/offers", "{}"), 404, "Cannot PATCH");
    check_error(sandbox.send("GET", "/", ""), 404, "Cannot GET /");
}

TEST_CASE("a repeated /api/v1 is one") {
    Sandbox sandbox;
    CHECK(sandbox.send("GET", "/api/v1/api/v1/health", "").status == 200);
    CHECK(sandbox.send("GET", "/api/v1/api/v1/api/v1/health", "").status == 200);
}

TEST_CASE("bodies as PHP writes them are understood") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto made = seller.post(
        "/offers",
        R"({"name":"Caf\u00e9 \/ p\u00e3o &amp; ch\u00e1","slug":"cafe","theme":[],"metadata":[],)"
        R"("settings":[]})"
    );
    CHECK(made.status == 201);
    CHECK(made.json.at("name") == "Café / pão &amp; chá");
    CHECK(made.json.at("theme") == Json::object());
    CHECK(made.json.at("metadata") == Json::object());
    const auto id = made.json.at("id").get<std::string>();
    CHECK(seller.post("/offers/" + id + "/duplicate", "[]").status == 201);
    CHECK(seller.post("/offers/" + id + "/publish", "").status == 200);
}

TEST_CASE("what is no JSON object is 400 and changes nothing") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    for (const auto& body :
         {std::string("{"),
          std::string("nonsense"),
          std::string(R"(["a"])"),
          std::string(R"("text")"),
          std::string("12"),
          std::string("{\"name\":\"\xff\xfe\"}"),
          std::string(200, '[') + std::string(200, ']')}) {
        check_error(seller.post("/offers", body), 400, "");
    }
    std::string many = R"({"name":"Mug")";
    for (int i = 0; i < 5000; ++i) many += ",\"k" + std::to_string(i) + "\":1";
    check_error(seller.post("/offers", many + '}'), 400, "too many members");
    CHECK(sandbox.state().at("offers").empty());
}

TEST_CASE("every reply has a request id and rate-limit headers") {
    Sandbox sandbox;
    const auto made = sandbox.send("GET", "/api/v1/health", "");
    CHECK_FALSE(made.header("X-Request-Id").empty());
    CHECK(made.header("X-RateLimit-Limit") == "1000000000");
    CHECK(made.header("X-RateLimit-Remaining") == "1000000000");
    CHECK_FALSE(made.header("X-RateLimit-Reset").empty());
    const auto echoed =
        sandbox.send("GET", "/api/v1/offers", "", {{"X-Request-Id", "my-request-1"}});
    CHECK(echoed.header("X-Request-Id") == "my-request-1");
    CHECK(echoed.json.at("requestId") == "my-request-1");
    CHECK_FALSE(echoed.header("X-RateLimit-Limit").empty());
}

TEST_CASE("a rate limit counts each tenant apart, and says when to come again") {
    Setting setting;
    setting.platform.rate_rule = parse_rate_rule("3/60");
    Sandbox sandbox(setting);
    Seller a(sandbox, tenant_a);
    Seller b(sandbox, tenant_b);
    CHECK(a.get("/offers").header("X-RateLimit-Remaining") == "2");
    a.get("/offers");
    CHECK(a.get("/offers").header("X-RateLimit-Remaining") == "0");
    const auto refused = a.get("/offers");
    check_error(refused, 429, "Rate limit exceeded");
    CHECK(refused.header("X-RateLimit-Limit") == "3");
    CHECK(std::stoi(refused.header("Retry-After")) > 50);
    CHECK(refused.json.at("retry_after") == std::stoi(refused.header("Retry-After")));
    CHECK(b.get("/offers").status == 200);
    sandbox.control("POST", "clock", R"({"now":"2011-04-01T03:01:00Z"})");
    CHECK(a.get("/offers").status == 200);
}

TEST_CASE("a window of the rate limit ends by either clock") {
    RateLimit limit(parse_rate_rule("1/10"));
    const std::chrono::steady_clock::time_point machine{};
    const auto sandbox = *parse_time(start_time);
    using std::chrono::seconds;
    CHECK(limit.take("a", machine, sandbox).allowed);
    const auto refused = limit.take("a", machine + seconds(4), sandbox);
    CHECK_FALSE(refused.allowed);
    CHECK(refused.retry_after == 6);
    CHECK(limit.take("a", machine + seconds(10), sandbox).allowed);
    CHECK_FALSE(limit.take("a", machine + seconds(10), sandbox + seconds(9)).allowed);
    CHECK(limit.take("a", machine + seconds(10), sandbox + seconds(10)).allowed);
    CHECK_FALSE(parse_rate_rule("0/10"));
    CHECK_FALSE(parse_rate_rule("10"));
    CHECK_FALSE(parse_rate_rule("10/"));
    CHECK_FALSE(parse_rate_rule("x/1"));
}

TEST_CASE("Idempotency-Key means nothing unless it is asked for") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    seller.headers.emplace_back("Idempotency-Key", "k1");
    const auto first = seller.post("/products", R"({"name":"Mug"})");
    const auto second = seller.post("/products", R"({"name":"Mug"})");
    CHECK(first.json.at("id") != second.json.at("id"));
    CHECK(sandbox.state().at("products").size() == 2);
}

TEST_CASE("with --idempotency an equal request is answered again, another body is 409") {
    Setting setting;
    setting.platform.idempotency = true;
    Sandbox sandbox(setting);
    Seller seller(sandbox, tenant_a);
    const auto plain = seller.headers;
    seller.headers.emplace_back("Idempotency-Key", "k1");
    const auto first = seller.post("/products", R"({"name":"Mug"})");
    const auto second = seller.post("/products", R"({"name":"Mug"})");
    CHECK(first.text == second.text);
    CHECK(first.header("Idempotency-Replayed").empty());
    CHECK(second.header("Idempotency-Replayed") == "true");
    const auto other = seller.post("/products", R"({"name":"Cup"})");
    check_error(other, 409, "Idempotency-Key");
    CHECK(other.json.at("conflict_type") == "idempotency_key_reuse");
    CHECK(sandbox.state().at("products").size() == 1);
    sandbox.control("POST", "clock", R"({"now":"2011-04-02T03:00:00Z"})");
    Seller later(sandbox, tenant_a);
    later.headers.emplace_back("Idempotency-Key", "k1");
    CHECK(later.post("/products", R"({"name":"Cup"})").status == 201);
}
