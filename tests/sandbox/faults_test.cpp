#include "sandbox/fault_rules.hpp"

#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

namespace {

std::vector<std::string> path(std::vector<std::string> segments) {
    return segments;
}

FaultRules rules_of(const std::string& list, std::uint64_t seed = 7) {
    FaultRules rules(seed);
    const auto added = rules.add(Json::parse(R"({"rules":)" + list + "}"));
    if (!added) FAIL(added.error().message);
    return rules;
}

bool fires(
    FaultRules& rules,
    const std::string& method,
    const std::vector<std::string>& segments,
    bool is_auth = false
) {
    return rules.decide(method, segments, is_auth).has_value();
}

std::size_t offers_in(Sandbox& sandbox) {
    return sandbox.state().at("offers").size();
}

const std::string offer_body = R"({"name":"Mug","slug":"mug"})";

}  // namespace

TEST_CASE("a path is a prefix of whole segments, a missing method any method") {
    auto rules = rules_of(R"([{"path":"/offers","action":{"status":503}}])");
    CHECK(fires(rules, "GET", path({"offers"})));
    CHECK(fires(rules, "POST", path({"offers", "x", "publish"})));
    CHECK_FALSE(fires(rules, "GET", path({"offersx"})));
    CHECK_FALSE(fires(rules, "GET", path({"products"})));
    CHECK_FALSE(fires(rules, "GET", {}));
    auto deep =
        rules_of(R"([{"method":"post","path":"/offers/x/publish","action":{"status":503}}])");
    CHECK(fires(deep, "POST", path({"offers", "x", "publish"})));
    CHECK_FALSE(fires(deep, "GET", path({"offers", "x", "publish"})));
    CHECK_FALSE(fires(deep, "POST", path({"offers", "x"})));
    auto any = rules_of(R"([{"method":"*","path":"/api/v1/offers","action":{"status":503}}])");
    CHECK(fires(any, "DELETE", path({"offers", "x"})));
}

TEST_CASE("authentication is hit only by a rule whose path names it") {
    auto everywhere =
        rules_of(R"([{"action":{"status":503}},{"path":"/","action":{"status":503}}])");
    CHECK(fires(everywhere, "GET", path({"health"})));
    CHECK_FALSE(fires(everywhere, "POST", path({"auth", "refresh"}), true));
    auto named = rules_of(R"([{"path":"/auth","action":{"status":503}}])");
    CHECK(fires(named, "POST", path({"auth", "refresh"}), true));
}

TEST_CASE("rules are tried in order, the first that fires decides, times spend them") {
    auto rules = rules_of(R"([{"path":"/offers","action":{"status":500},"times":2},)"
                          R"({"path":"/offers","action":{"status":501},"times":1},)"
                          R"({"action":{"status":502}}])");
    std::vector<int> statuses;
    for (int i = 0; i < 4; ++i) {
        statuses.push_back(rules.decide("GET", path({"offers"}), false)->status);
    }
    CHECK(statuses == std::vector<int>{500, 500, 501, 502});
    CHECK(Json::parse(rules.to_json()).at("rules").size() == 1);
    rules.clear();
    CHECK_FALSE(fires(rules, "GET", path({"offers"})));
}

TEST_CASE("each rule rolls for itself, and the seed decides the rolls") {
    const std::string list = R"([{"path":"/a","action":{"status":500},"probability":0.5},)"
                             R"({"path":"/b","action":{"status":500},"probability":0.5}])";
    const auto rolls = [&](std::uint64_t seed, bool others_between) {
        auto rules = rules_of(list, seed);
        std::string seen;
        for (int i = 0; i < 200; ++i) {
            seen += fires(rules, "GET", path({"a"})) ? '1' : '0';
            if (others_between) fires(rules, "GET", path({"b"}));
        }
        return seen;
    };
    CHECK(rolls(1, false) == rolls(1, true));
    CHECK(rolls(1, false) != rolls(2, false));
    const auto seen = rolls(1, false);
    const auto fired = std::count(seen.begin(), seen.end(), '1');
    CHECK(fired > 60);
    CHECK(fired < 140);
    auto never = rules_of(R"([{"action":{"status":500},"probability":0}])");
    CHECK_FALSE(fires(never, "GET", path({"a"})));
}

TEST_CASE("unknown members and impossible rules are refused by name, and none is kept") {
    FaultRules rules(7);
    const auto refused = [&](const std::string& rule, const std::string& what) {
        const auto good = std::string(R"({"action":{"status":503}},)");
        const auto added = rules.add(Json::parse(R"({"rules":[)" + good + rule + "]}"));
        INFO(rule);
        REQUIRE_FALSE(added);
        CHECK(added.error().status == 400);
        CHECK_THAT(added.error().message, Catch::Contains(what));
        CHECK(Json::parse(rules.to_json()).at("rules").empty());
    };
    refused(R"({"path":"/a","acton":{}})", "acton");
    refused(R"({"action":{"statu":503}})", "statu");
    refused(R"({"action":{"status":503},"tims":1})", "tims");
    refused(R"({"path":"/a"})", "action");
    refused(R"({"action":{}})", "one of");
    refused(R"({"action":{"status":503,"drop":"after"}})", "one of");
    refused(R"({"action":{"status":99}})", "status");
    refused(R"({"action":{"delay_ms":-1}})", "delay_ms");
    refused(R"({"action":{"delay_ms":1,"effect":false}})", "effect");
    refused(R"({"action":{"drop":"now"}})", "drop");
    refused(R"({"action":{"garbage":false}})", "garbage");
    refused(R"({"action":{"status":503},"times":0})", "times");
    refused(R"({"action":{"status":503},"probability":1.5})", "probability");
    refused(R"({"path":"offers","action":{"status":503}})", "path");
    refused("7", "object");
    CHECK_FALSE(rules.add(Json::parse(R"({"rulez":[]})")));
    CHECK_FALSE(rules.add(Json::parse("[]")));
}

TEST_CASE("a status answers without effect, with its headers and body") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    sandbox.faults(
        R"([{"method":"POST","path":"/offers","times":1,)"
        R"("action":{"status":429,"headers":{"Retry-After":"2"},"body":{"retry_after":2}}},)"
        R"({"method":"POST","path":"/offers","times":1,"action":{"status":503}},)"
        R"({"method":"POST","path":"/offers","times":1,"action":{"status":502,"body":"plain"}}])"
    );
    const auto limited = seller.post("/offers", offer_body);
    CHECK(limited.status == 429);
    CHECK(limited.header("Retry-After") == "2");
    CHECK(limited.text == R"({"retry_after":2})");
    CHECK_FALSE(limited.header("X-RateLimit-Limit").empty());
    check_error(seller.post("/offers", offer_body), 503, "");
    CHECK(seller.post("/offers", offer_body).text == "plain");
    CHECK(offers_in(sandbox) == 0);
    CHECK(seller.post("/offers", offer_body).status == 201);
}

TEST_CASE("effect overrides what a status or garbage does") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    sandbox.faults(R"([{"method":"POST","times":1,"action":{"status":503,"effect":true}},)"
                   R"({"method":"POST","times":1,"action":{"garbage":true,"effect":false}}])");
    check_error(seller.post("/offers", offer_body), 503, "");
    CHECK(offers_in(sandbox) == 1);
    CHECK(seller.post("/offers", R"({"name":"Cup","slug":"cup"})").status == 200);
    CHECK(offers_in(sandbox) == 1);
}

TEST_CASE("garbage acts, then answers 200 with bytes that are no JSON") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    sandbox.faults(R"([{"method":"POST","path":"/offers","times":1,"action":{"garbage":true}}])");
    const auto answer = seller.post("/offers", offer_body);
    CHECK(answer.status == 200);
    CHECK(answer.json.is_discarded());
    CHECK(offers_in(sandbox) == 1);
}

TEST_CASE("a dropped connection has its effect after, and none before") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    sandbox.faults(R"([{"method":"POST","path":"/offers","times":1,"action":{"drop":"before"}},)"
                   R"({"method":"POST","path":"/offers","times":1,"action":{"drop":"after"}}])");
    const auto cut = [&] {
        return !sandbox.try_send("POST", "/api/v1/offers", offer_body, seller.headers);
    };
    CHECK(cut());
    CHECK(offers_in(sandbox) == 0);
    CHECK(cut());
    CHECK(offers_in(sandbox) == 1);
    CHECK(sandbox.requests().size() == 3);  // both were received, after the sign-in
}

TEST_CASE("a delayed request is carried out even if the client has gone") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    sandbox.faults(R"([{"method":"POST","path":"/offers","times":1,"action":{"delay_ms":300}}])");
    const auto answer = sandbox.try_send(
        "POST", "/api/v1/offers", offer_body, seller.headers, std::chrono::milliseconds(50)
    );
    CHECK_FALSE(answer);
    // Nothing tells the client that left when it was done: it asks until then.
    while (offers_in(sandbox) == 0) std::this_thread::yield();
    CHECK(seller.get("/offers/slug/mug").status == 200);
}

TEST_CASE("a delayed request is answered as if it came later") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    sandbox.faults(R"([{"method":"POST","path":"/offers","action":{"delay_ms":20}}])");
    CHECK(seller.post("/offers", offer_body).status == 201);
    check_error(seller.post("/offers", offer_body), 409, "exists");
}
