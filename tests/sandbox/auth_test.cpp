#include "sandbox/auth.hpp"

#include "sandbox/credentials.hpp"
#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

TEST_CASE("every spelling of an API key is known, and its mode and scope read") {
    const std::string hex = "0123456789abcdef0123456789abcdef";
    using Scope = ApiKey::Scope;
    const auto reads = [](const std::string& key, const std::string& mode, Scope scope) {
        const auto read = parse_api_key(key);
        return read && read->mode == mode && read->scope == scope;
    };
    CHECK(reads("clb_test_" + hex, "test", Scope::tenant));
    CHECK(reads("clb_live_" + hex, "live", Scope::tenant));
    CHECK(reads("clb_org_test_" + hex, "test", Scope::organization));
    CHECK(reads("clb_multi_live_" + hex, "live", Scope::cross_tenant));
    CHECK(reads("clb_tenant_test_" + hex, "test", Scope::tenant));
    CHECK(reads("org_live_AbC123", "live", Scope::organization));
    CHECK(reads("ct_live_AbC123", "live", Scope::cross_tenant));
    CHECK(reads("tenant_live_AbC123", "live", Scope::tenant));
    const std::vector<std::string> malformed{
        "",
        "clb_test_" + hex.substr(1),
        "clb_test_" + hex + "0",
        "clb_prod_" + hex,
        "clb_test_0123456789ABCDEF0123456789ABCDEF",
        "CLB_test_" + hex,
        "org_live_",
        "sk_live_1234",
        "clb_ct_test_" + hex
    };
    for (const auto& wrong : malformed) {
        INFO(wrong);
        CHECK_FALSE(parse_api_key(wrong));
    }
}

TEST_CASE("a tenant id is a UUID of version 1 to 5 or 24 hex digits") {
    CHECK(is_tenant_id(tenant_a));
    CHECK(is_tenant_id(tenant_b));
    CHECK_FALSE(is_tenant_id("0190a3f2-5d4a-7c3b-9a8f-0123456789ab"));
    CHECK_FALSE(is_tenant_id("acme"));
    CHECK_FALSE(is_tenant_id(""));
}

TEST_CASE("start-up of the SDK: the exchange of an API key, then health (10.1)") {
    Sandbox sandbox;
    const auto token = sandbox.send(
        "POST",
        "/api/v1/auth/api-key/token",
        R"({"api_key":"clb_test_0123456789abcdef0123456789abcdef",)"
        R"("tenant_id":"507f1f77bcf86cd799439011","grant_type":"api_key"})"
    );
    CHECK(token.status == 200);
    CHECK(token.json.at("expires_in") == 3600);
    CHECK(token.json.at("expiresIn") == 3600);
    CHECK(token.json.at("token_type") == "Bearer");
    CHECK(token.json.at("scope") == "tenant");
    CHECK(token.json.at("permissions").is_array());
    CHECK(token.json.at("access_token") == token.json.at("accessToken"));
    CHECK(token.json.at("refresh_token") == token.json.at("refreshToken"));
    CHECK(sandbox.send("GET", "/api/v1/health", "").json.at("status") == "ok");
}

TEST_CASE("a malformed key or tenant id is 401, also for the SDK's second way in") {
    Sandbox sandbox;
    const auto ask = [&](const std::string& path, const std::string& body) {
        return sandbox.send("POST", "/api/v1" + path, body);
    };
    const std::string path = "/auth/api-key/token";
    check_error(
        ask(path, R"({"api_key":"clb_test_xyz","tenant_id":"507f1f77bcf86cd799439011"})"),
        401,
        "key"
    );
    check_error(
        ask(path, R"({"api_key":")" + test_key + R"(","tenant_id":"acme"})"), 401, "tenant"
    );
    check_error(ask(path, ""), 401, "key");
    check_error(
        ask(path,
            R"({"api_key":")" + test_key + R"(","tenant_id":")" + tenant_a +
                R"(","grant_type":"password"})"),
        400,
        "grant_type"
    );
    const std::string validate = "/api-keys/public/validate";
    check_error(ask(validate, R"({"apiKey":"nonsense","endpoint":"\/users"})"), 401, "key");
    const auto good = sandbox.send(
        "POST",
        "/api/v1" + validate,
        R"({"apiKey":")" + test_key + R"(","endpoint":"\/users","clientIp":"127.0.0.1"})",
        {{"X-Tenant-Id", tenant_a}}
    );
    CHECK(good.status == 200);
    CHECK(good.json.at("isValid") == true);
    CHECK(good.json.at("tenantId") == tenant_a);
}

TEST_CASE("calls without a good token are 401") {
    Sandbox sandbox;
    check_error(sandbox.send("GET", "/api/v1/offers", ""), 401, "token");
    const auto with = [&](const std::string& value) {
        return sandbox.send("GET", "/api/v1/offers", "", {{"Authorization", value}});
    };
    check_error(with("Bearer nonsense"), 401, "token");
    check_error(with("Bearer a.b.c"), 401, "token");
    check_error(with("Basic eDp5"), 401, "token");
    Seller seller(sandbox, tenant_a);
    auto forged = seller.headers.front().second;
    forged[forged.size() - 4] = forged[forged.size() - 4] == 'A' ? 'B' : 'A';
    check_error(with(forged), 401, "token");
}

TEST_CASE("a token expires by the sandbox's clock, and is refreshed once by each refresh token") {
    Sandbox sandbox;
    const auto pair = sandbox.send(
        "POST",
        "/api/v1/auth/api-key/token",
        R"({"api_key":")" + test_key + R"(","tenant_id":")" + tenant_a + R"("})"
    );
    const auto bearer = "Bearer " + pair.json.at("access_token").get<std::string>();
    const auto offers = [&](const std::string& value) {
        return sandbox.send("GET", "/api/v1/offers", "", {{"Authorization", value}}).status;
    };
    CHECK(offers(bearer) == 200);
    sandbox.control("POST", "clock", R"({"now":"2011-04-01T03:59:59Z"})");
    CHECK(offers(bearer) == 200);
    sandbox.control("POST", "clock", R"({"now":"2011-04-01T04:00:00Z"})");
    CHECK(offers(bearer) == 401);

    const Json body{{"refreshToken", pair.json.at("refreshToken")}};
    const auto fresh = sandbox.send("POST", "/api/v1/auth/refresh", body.dump());
    CHECK(fresh.status == 200);
    CHECK(offers("Bearer " + fresh.json.at("accessToken").get<std::string>()) == 200);
    check_error(sandbox.send("POST", "/api/v1/auth/refresh", body.dump()), 401, "refresh");
    const Json access{{"refreshToken", fresh.json.at("access_token")}};
    check_error(sandbox.send("POST", "/api/v1/auth/refresh", access.dump()), 401, "refresh");
}

TEST_CASE("an organization's token chooses its tenant, within what it may use") {
    Sandbox sandbox;
    const std::string body = R"({"api_key":"clb_org_test_0123456789abcdef0123456789abcdef",)"
                             R"("organization_id":"65f0000000000000000000aa")";
    const auto token = sandbox.send(
        "POST",
        "/api/v1/auth/api-key/organization/token",
        body + R"(,"grant_type":"organization_api_key"})"
    );
    CHECK(token.status == 200);
    CHECK(token.json.at("scope") == "organization");
    CHECK(token.json.at("organization_id") == "65f0000000000000000000aa");
    CHECK(token.json.at("accessible_tenants") == Json::array({"*"}));
    const auto bearer = "Bearer " + token.json.at("access_token").get<std::string>();
    const auto made = sandbox.send(
        "POST",
        "/api/v1/offers",
        R"({"name":"Mug","slug":"mug"})",
        {{"Authorization", bearer}, {"X-Tenant-Id", tenant_a}}
    );
    CHECK(made.status == 201);
    CHECK(Seller(sandbox, tenant_a).get("/offers/slug/mug").status == 200);
    CHECK(Seller(sandbox, tenant_b).get("/offers/slug/mug").status == 404);
    const auto other_organization = sandbox.send(
        "GET",
        "/api/v1/offers",
        "",
        {{"Authorization", bearer}, {"X-Organization-Id", "65f0000000000000000000bb"}}
    );
    check_error(other_organization, 403, "organization");

    const auto narrow = sandbox.send(
        "POST",
        "/api/v1/auth/organization",
        body + R"(,"scope":"CROSS_TENANT","allowed_tenant_ids":[")" + tenant_a + R"("]})"
    );
    CHECK(narrow.json.at("scope") == "cross_tenant");
    const auto narrow_bearer = "Bearer " + narrow.json.at("access_token").get<std::string>();
    const auto as = [&](const std::string& tenant) {
        return sandbox.send(
            "GET", "/api/v1/offers", "", {{"Authorization", narrow_bearer}, {"X-Tenant-Id", tenant}}
        );
    };
    CHECK(as(tenant_a).status == 200);
    check_error(as(tenant_b), 403, "tenant");
}

TEST_CASE("tenants, and a tenant's test and live modes, never see each other") {
    Sandbox sandbox;
    Seller a(sandbox, tenant_a);
    Seller b(sandbox, tenant_b);
    Seller a_live(sandbox, tenant_a, "clb_live_0123456789abcdef0123456789abcdef");
    const auto id = a.offer("mug");
    for (auto* other : {&b, &a_live}) {
        check_error(other->get("/offers/" + id), 404, "not found");
        check_error(other->post("/offers/" + id + "/publish"), 404, "not found");
        check_error(other->call("DELETE", "/offers/" + id), 404, "not found");
        CHECK(other->get("/offers/" + id + "/stats").status == 404);
        CHECK(other->get("/offers/stats?ids=" + id).json == Json::object());
        CHECK(other->get("/offers").json.at("total") == 0);
        other->offer("mug");
    }
    a.headers.emplace_back("X-Tenant-Id", tenant_b);
    check_error(a.get("/offers/" + id), 403, "tenant");
}
