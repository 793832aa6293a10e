#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

namespace {

const std::string lines =
    "o1,2011-03-20T10:00:00Z,mug,p1,1,1000,google,cpc,spring,completed\n"
    "o1,2011-03-20T10:00:00Z,mug,p2,1,500,google,cpc,spring,completed\n"
    "o2,2011-03-21T10:00:00Z,mug,p1,1,1000,mail,news,,cancelled\n"
    "o3,2011-01-02T10:00:00Z,mug,p1,1,700,mail,news,,completed\n"
    "o4,2010-12-31T10:00:00Z,mug,p1,1,90000,mail,news,,completed\n";

void load(Sandbox& sandbox) {
    REQUIRE(sandbox.control("POST", "orders", lines).status == 200);
}

}  // namespace

TEST_CASE("stats come from the order lines of the slug, also for an offer made later") {
    Sandbox sandbox;
    load(sandbox);
    Seller seller(sandbox, tenant_a);
    const auto id = seller.offer("mug", R"(,"currency":"GBP")");
    const auto stats = seller.get("/offers/" + id + "/stats?period=30_days").json;
    CHECK(stats.at("offer_id") == id);
    CHECK(stats.at("offerId") == id);
    CHECK(stats.at("period") == "30_days");
    CHECK(stats.at("period_start") == "2011-03-02T03:00:00Z");
    CHECK(stats.at("period_end") == start_time);
    CHECK(stats.at("generated_at") == start_time);
    CHECK(stats.at("currency") == "GBP");
    CHECK(stats.at("views") == 2);
    CHECK(stats.at("conversions") == 1);
    CHECK(stats.at("transaction_count") == 1);
    CHECK(stats.at("checkouts_cancelled") == 1);
    CHECK(stats.at("conversion_rate") == 50.0);
    CHECK(stats.at("revenue") == 1500);
    CHECK(stats.at("total_revenue") == 1500);
    CHECK(stats.at("average_order_value") == 1500);
    REQUIRE(stats.at("traffic").size() == 2);
    CHECK(
        stats.at("traffic").at(0) ==
        Json::parse(
            R"({"source":"google","medium":"cpc","campaign":"spring","views":1,"conversions":1,)"
            R"("revenue":1500})"
        )
    );
    CHECK(stats.at("traffic_sources") == stats.at("traffic"));
    CHECK(seller.get("/offers/" + id + "/stats").json == stats);
}

TEST_CASE("every spelling of a period is a window; an unknown one is 400") {
    Sandbox sandbox;
    load(sandbox);
    Seller seller(sandbox, tenant_a);
    const auto path = "/offers/" + seller.offer("mug") + "/stats?";
    const auto revenue = [&](const std::string& query) {
        const auto answer = seller.get(path + query);
        INFO(query << " " << answer.text);
        REQUIRE(answer.status == 200);
        return answer.json.at("revenue").get<int>();
    };
    CHECK(revenue("period=last_30_days") == 1500);
    CHECK(revenue("period=month") == 1500);
    CHECK(revenue("period=90_days") == 2200);
    CHECK(revenue("period=last_90_days") == 2200);
    CHECK(revenue("period=previous_month") == 1500);
    CHECK(revenue("period=today") == 0);
    CHECK(revenue("period=week") == 0);
    CHECK(revenue("period=current_month") == 0);
    CHECK(revenue("period=current_quarter") == 0);
    CHECK(revenue("date_from=2011-01-02&date_to=2011-01-02") == 700);
    CHECK(revenue("start_date=2010-12-31&end_date=2011-03-20") == 92200);
    CHECK(revenue("date_from=2011-03-20T10:00:00Z&date_to=2011-03-20T10:00:00.000001Z") == 1500);
    CHECK(revenue("date_from=2011-03-20T10:00:00Z&date_to=2011-03-20T10:00:00Z") == 0);
    CHECK(revenue("date_from=2011-01-01") == 2200);
    check_error(seller.get(path + "period=fortnight"), 400, "period");
    check_error(seller.get(path + "date_from=yesterday"), 400, "date_from");
    check_error(seller.get(path + "date_from=2011-03-02&date_to=2011-03-01"), 400, "date_from");
    check_error(seller.get(path + "group_by=hour"), 400, "group_by");
}

TEST_CASE("include leaves the rest out, in one list or repeated") {
    Sandbox sandbox;
    load(sandbox);
    Seller seller(sandbox, tenant_a);
    const auto path = "/offers/" + seller.offer("mug") + "/stats?";
    const auto only = seller.get(path + "include=revenue").json;
    CHECK(only.contains("revenue"));
    CHECK_FALSE(only.contains("traffic"));
    CHECK_FALSE(only.contains("conversion_rate"));
    for (const auto* query :
         {"include=conversion_rate,traffic",
          "include=conversion_rate&include=traffic",
          "include[]=conversion_rate&include[]=traffic"}) {
        const auto both = seller.get(path + query).json;
        CHECK(both.contains("conversion_rate"));
        CHECK(both.contains("traffic"));
        CHECK_FALSE(both.contains("revenue"));
    }
    CHECK(seller.get(path + "group_by=month").json.at("timeline").size() == 1);
}

TEST_CASE("many offers' stats are one call: an object by id, unknown ids left out") {
    Sandbox sandbox;
    load(sandbox);
    Seller seller(sandbox, tenant_a);
    Seller other(sandbox, tenant_b);
    const auto mug = seller.offer("mug");
    const auto cup = seller.offer("cup");
    const auto foreign = other.offer("mug");
    const auto stats =
        seller.get("/offers/stats?period=90_days&ids=" + cup + ",nothing," + mug + ',' + foreign);
    REQUIRE(stats.json.size() == 2);
    CHECK(stats.json.at(mug) == seller.get("/offers/" + mug + "/stats?period=90_days").json);
    CHECK(stats.json.at(cup).at("revenue") == 0);
    CHECK(stats.json.at(cup).at("conversion_rate") == 0.0);
    CHECK(other.get("/offers/" + foreign + "/stats").json.at("revenue") == 1500);
    check_error(seller.get("/offers/stats"), 400, "ids");
    check_error(seller.get("/offers/stats?period=x&ids=" + mug), 400, "period");
    std::string many = mug;
    for (int i = 1; i < 100; ++i) many += ",x" + std::to_string(i);
    CHECK(seller.get("/offers/stats?ids=" + many).json.size() == 1);
    check_error(seller.get("/offers/stats?ids=" + many + ",y"), 400, "ids");
}

TEST_CASE("the public twin needs no token") {
    Sandbox sandbox;
    load(sandbox);
    Seller(sandbox, tenant_a).offer("mug");
    const auto target = "/api/v1/offers/public/mug/stats?period=90_days";
    CHECK(sandbox.send("GET", target, "").json.at("revenue") == 2200);
    CHECK(sandbox.send("GET", target, "", {{"X-Tenant-Id", tenant_a}}).status == 200);
    CHECK(sandbox.send("GET", target, "", {{"X-Tenant-Id", tenant_b}}).status == 404);
    CHECK(sandbox.send("GET", "/api/v1/offers/public/cup/stats", "").status == 404);
}
