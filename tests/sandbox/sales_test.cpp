#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

namespace {

/// A seller with one published offer of one product at 10.00.
struct Shop {
    explicit Shop(Setting setting = {}) : sandbox(std::move(setting)), seller(sandbox, tenant_a) {
        product = seller.product();
        CHECK(
            seller
                .call(
                    "PATCH",
                    "/products/" + product,
                    R"({"pricing":{"price":1000,"currency":"BRL"}})"
                )
                .status == 200
        );
        offer = seller.offer("mug");
        CHECK(
            seller.post("/offers/" + offer + "/products", R"({"productId":")" + product + R"("})")
                .status < 300
        );
        CHECK(seller.post("/offers/" + offer + "/publish").status == 200);
    }

    std::string customer(const std::string& email = "ana@x.br") {
        const auto made = seller.post("/customers", R"({"name":"Ana","email":")" + email + R"("})");
        REQUIRE(made.status == 201);
        return made.json.at("_id");
    }
    Answer checkout(const std::string& more = "") {
        return seller.post("/checkout/sessions", R"({"offer_id":")" + offer + '"' + more + '}');
    }
    Json buy(const std::string& customer_id, const std::string& more = "") {
        const auto made = checkout(R"(,"customer_id":")" + customer_id + '"' + more);
        REQUIRE(made.status == 201);
        const auto id = made.json.at("_id").get<std::string>();
        const auto order = seller.post("/checkout/" + id + "/complete");
        REQUIRE(order.status == 200);
        return order.json;
    }
    /// …and signs in anew, as the token may be over by then.
    void set_clock(const std::string& now) {
        CHECK(sandbox.control("POST", "clock", R"({"now":")" + now + "\"}").status == 200);
        seller.headers = Seller(sandbox, tenant_a).headers;
    }

    Sandbox sandbox;
    Seller seller;
    std::string product, offer;
};

}  // namespace

TEST_CASE("a customer is looked for, created once, and updated (10.7)") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    check_error(seller.get("/customers/email/a@b.co"), 404, "Customer not found");
    const auto made = seller.post(
        "/customers",
        R"({"name":"Ana","email":"A@b.co","phone":"+55","id":"cust_1","status":"active","tags":[],)"
        R"("total_spent":99,"total_orders":9,"created_at":"x","updated_at":"x"})"
    );
    CHECK(made.status == 201);
    const auto id = made.json.at("_id").get<std::string>();
    CHECK(id.size() == 24);
    CHECK(made.json.at("email") == "a@b.co");
    CHECK(made.json.at("total_spent") == 0);
    CHECK(made.json.at("created_at") == start_time);
    CHECK(seller.get("/customers/email/a@b.co").json == made.json);
    CHECK(seller.get("/customers/email/A%40B.co").json.at("_id") == id);
    const auto again = seller.post("/customers", R"({"name":"Bob","email":"a@B.co"})");
    check_error(again, 409, "already exists");
    CHECK(again.json.at("conflict_type") == "email_exists");
    CHECK(again.json.at("existing_resource_id") == id);
    const auto changed =
        seller.put("/customers/" + id, R"({"tags":["vip"],"crm_id":"7","updated_at":"y"})");
    CHECK(changed.status == 200);
    CHECK(changed.json.at("tags") == Json::array({"vip"}));
    CHECK(changed.json.at("crm_id") == "7");
    CHECK(changed.json.at("name") == "Ana");
    Seller other(sandbox, tenant_b);
    check_error(other.get("/customers/" + id), 404, "Customer not found");
    CHECK(other.post("/customers", R"({"name":"Ana","email":"a@b.co"})").status == 201);
}

TEST_CASE("what is no customer is refused") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto* body = GENERATE(
        R"({"name":"Ana"})",
        R"({"email":"a@b.co"})",
        R"({"name":"A","email":"a@b.co"})",
        R"({"name":"Ana","email":"nobody"})",
        R"({"name":"Ana","email":"a@b@c"})",
        R"({"name":"Ana","email":"a@b.co","tags":["with space"]})",
        R"({"name":"Ana","email":"a@b.co","document_type":"passport"})"
    );
    CHECK(seller.post("/customers", body).status == 400);
}

TEST_CASE("a checkout is created, completed once, and gives its order (10.6)") {
    Shop shop;
    const auto customer = shop.customer();
    const auto made = shop.checkout(
        R"(,"customer_id":")" + customer +
        R"(","metadata":{"saga_id":"s"},"utm_source":"mail","utm_campaign":"a,b")"
    );
    CHECK(made.status == 201);
    CHECK(made.json.at("status") == "active");
    CHECK(made.json.at("total_amount") == 1000);
    CHECK(made.json.at("pricing").at("total") == 1000);
    CHECK(made.json.at("token").get<std::string>().size() == 67);
    CHECK(made.json.at("expires_at") == "2011-04-01T04:00:00Z");
    const auto id = made.json.at("id").get<std::string>();
    const auto order = shop.seller.post("/checkout/" + id + "/complete");
    CHECK(order.status == 200);
    CHECK(order.json.at("status") == "completed");
    CHECK(order.json.at("payment_status") == "paid");
    CHECK(order.json.at("total_amount") == 1000);
    CHECK(order.json.at("customer").at("email") == "ana@x.br");
    CHECK(order.json.at("metadata").at("saga_id") == "s");
    CHECK(shop.seller.post("/checkout/" + id + "/complete").json == order.json);
    const auto order_id = order.json.at("_id").get<std::string>();
    CHECK(shop.seller.get("/orders/" + order_id).json == order.json);
    const auto status = shop.seller.get("/checkout/" + id + "/status").json;
    CHECK(status.at("status") == "completed");
    CHECK(status.at("order_id") == order_id);
    check_error(shop.seller.post("/checkout/" + id + "/cancel"), 409, "completed");
    // The sale counts in the offer's figures and for the customer.
    shop.set_clock("2011-04-01T03:00:01Z");
    const auto stats = shop.seller.get("/offers/" + shop.offer + "/stats?period=today").json;
    CHECK(stats.at("revenue") == 1000);
    CHECK(stats.at("traffic").at(0).at("source") == "mail");
    CHECK(stats.at("traffic").at(0).at("campaign") == "a,b");
    const auto buyer = shop.seller.get("/customers/" + customer).json;
    CHECK(buyer.at("total_spent") == 1000);
    CHECK(buyer.at("total_orders") == 1);
}

TEST_CASE("a checkout can be cancelled, once and for all, and expires") {
    Shop shop;
    const auto id = shop.checkout().json.at("_id").get<std::string>();
    CHECK(shop.seller.post("/checkout/" + id + "/cancel").json.at("status") == "cancelled");
    CHECK(shop.seller.post("/checkout/" + id + "/cancel").status == 200);
    check_error(shop.seller.post("/checkout/" + id + "/complete"), 409, "cancelled");
    const auto late = shop.checkout(R"(,"expires_in":60)").json.at("_id").get<std::string>();
    shop.set_clock("2011-04-01T03:01:00Z");
    CHECK(shop.seller.get("/checkout/" + late).json.at("status") == "expired");
    check_error(shop.seller.post("/checkout/" + late + "/complete"), 409, "expired");
}

TEST_CASE("a checkout needs a published offer and a known customer, and cents") {
    Shop shop;
    check_error(shop.checkout(R"(,"customer_id":"nobody")"), 404, "Customer not found");
    check_error(shop.checkout(R"(,"pricing":{"total":9.5})"), 400, "pricing.total");
    check_error(shop.seller.post("/checkout/sessions", R"({"offer_id":"x"})"), 404, "Offer");
    check_error(shop.seller.post("/checkout/sessions", "{}"), 400, "offer_id");
    shop.seller.post("/offers/" + shop.offer + "/unpublish");
    check_error(shop.checkout(), 400, "not published");
    CHECK(shop.seller.get("/checkout/nothing").status == 404);
}

TEST_CASE("the price adds up products, discounts and bumps; one that is given wins") {
    Shop shop;
    const auto extra = shop.seller.product("Extra");
    shop.seller.call(
        "PATCH", "/products/" + extra, R"({"pricing":{"price":29900,"currency":"BRL"}})"
    );
    const auto bump = shop.seller.post(
        "/order-bumps",
        R"({"offer_id":")" + shop.offer + R"(","product_id":")" + extra +
            R"(","position":"before_payment","discount_percentage":20})"
    );
    CHECK(bump.status == 201);
    const auto bumps = R"(,"order_bumps":[")" + bump.json.at("_id").get<std::string>() + "\"]";
    const auto made = shop.checkout(bumps);
    CHECK(made.json.at("total_amount") == 1000 + 23920);
    CHECK(made.json.at("items").at(1).at("type") == "order_bump");
    CHECK(shop.checkout(bumps + R"(,"pricing":{"total":5})").json.at("total_amount") == 5);
}

TEST_CASE("order bumps and steps of the funnel are kept by offer") {
    Shop shop;
    const auto bump = shop.seller.post(
        "/offers/" + shop.offer + "/order-bumps",
        R"({"product_id":")" + shop.product +
            R"(","design":{"position":"before_payment"},"pricing":{"discount_type":"percentage","discount_value":15}})"
    );
    CHECK(bump.status == 201);
    CHECK(bump.json.at("position") == "before_payment");
    CHECK(bump.json.at("discount_percentage") == 15);
    CHECK(bump.json.at("status") == "active");
    CHECK(shop.seller.get("/order-bumps?offer_id=" + shop.offer).json.at("total") == 1);
    CHECK(shop.seller.get("/order-bumps?offer_id=other").json.at("total") == 0);

    const auto path = "/offers/" + shop.offer + "/upsells";
    const auto product = R"("product_id":")" + shop.product + '"';
    const auto first =
        shop.seller.post(path, "{" + product + R"(,"type":"downsell","trigger":"decline"})");
    CHECK(first.status == 201);
    CHECK(first.json.at("sequence_order") == 1);
    const auto second = shop.seller.post(path, "{" + product + R"(,"step_type":"upsell"})");
    CHECK(second.json.at("type") == "one_time_offer");
    CHECK(second.json.at("sequence_order") == 2);
    CHECK(shop.seller.get(path).json.at("total") == 2);
    check_error(shop.seller.post(path, "{" + product + R"(,"type":"gift"})"), 400, "type");
    check_error(shop.seller.post(path, R"({"type":"downsell","product_id":"x"})"), 404, "Product");
}

TEST_CASE("a flow is created, published and deleted (10.4)") {
    Shop shop;
    const auto made = shop.seller.post(
        "/navigation/flow/" + shop.offer, R"({"name":"Main","flowConfig":{"steps":[]}})"
    );
    CHECK(made.status == 201);
    CHECK(made.json.at("success") == true);
    const auto id = made.json.at("flowId").get<std::string>();
    const auto published = shop.seller.post("/navigation/flow/" + id + "/publish");
    CHECK(published.json == Json({{"flowId", id}, {"publishedAt", start_time}}));
    CHECK(shop.seller.call("DELETE", "/navigation/flow/" + id).status == 204);
    CHECK(shop.seller.post("/navigation/flow/" + id + "/publish").status == 404);
}

TEST_CASE("a refund takes the sale back from the customer") {
    Shop shop;
    const auto customer = shop.customer();
    const auto order = shop.buy(customer);
    const auto transaction = order.at("transaction_id").get<std::string>();
    check_error(
        shop.seller.post("/payments/" + transaction + "/refund", R"({"amount":1})"), 400, "whole"
    );
    const auto refund =
        shop.seller.post("/payments/" + transaction + "/refund", R"({"amount":1000})");
    CHECK(refund.status == 200);
    CHECK(refund.json.at("status") == "refunded");
    CHECK(shop.seller.get("/customers/" + customer).json.at("total_spent") == 0);
    const auto id = order.at("_id").get<std::string>();
    CHECK(shop.seller.get("/orders/" + id).json.at("status") == "refunded");
}

TEST_CASE("customers, metrics, cohorts, churn and predictions follow from the orders") {
    Shop shop;
    const auto ana = shop.customer("ana@x.br");
    const auto bob = shop.customer("bob@x.br");
    shop.set_clock("2011-01-10T12:00:00Z");
    shop.buy(ana);
    shop.buy(bob);
    shop.set_clock("2011-03-15T12:00:00Z");
    shop.buy(ana);
    shop.set_clock("2011-04-20T12:00:00Z");

    const auto path = "/customers/" + ana + "/metrics";
    const auto metrics = shop.seller.get(path).json;
    CHECK(metrics.at("lifetime_value") == 2000);
    CHECK(metrics.at("average_order_value") == 1000);
    CHECK(metrics.at("days_since_last_purchase") == 36);
    CHECK(metrics.at("purchase_frequency") == 0.6);
    CHECK(metrics.at("churn_probability") == 0.3297);
    CHECK(metrics.at("segment_evolution").at(1).at("segment") == "returning");
    CHECK(
        shop.seller.get(path + "?include=lifetime_value").json ==
        Json({{"customer_id", ana}, {"lifetime_value", 2000}})
    );
    const auto full =
        shop.seller.get("/customers/" + ana + "?include=orders.items.product,analytics,segments")
            .json;
    CHECK(full.at("orders").size() == 2);
    CHECK(full.at("orders").at(0).at("items").at(0).at("product").at("name") == "Mug");
    CHECK(full.at("segments") == Json::array({"returning"}));

    const auto business =
        shop.seller.get("/analytics/metrics?date_from=2011-01-01&date_to=2011-01-31").json;
    CHECK(business.at("revenue") == 2000);
    CHECK(business.at("orders") == 2);
    CHECK(business.at("new_customers") == 2);
    CHECK(business.at("average_lifetime_value") == 1500);
    CHECK(business.at("churn_rate") == 0.5);
    CHECK(business.at("mrr") == 0);
    CHECK_FALSE(shop.seller.get("/analytics/metrics?type=revenue").json.contains("churn_rate"));
    CHECK(shop.seller.get("/analytics/metrics?type=luck").status == 400);

    const auto cohort = shop.seller.get("/analytics/cohort?period=monthly").json.at("cohorts");
    CHECK(cohort.size() == 1);
    CHECK(cohort.at("2011-01").at("size") == 2);
    CHECK(cohort.at("2011-01").at("retention") == Json::array({100.0, 0.0, 50.0, 0.0}));
    CHECK(cohort.at("2011-01").at("revenue") == Json::array({2000, 0, 1000, 0}));
    CHECK(cohort.at("2011-01").at("ltv") == Json::array({1000, 1000, 1500, 1500}));

    const auto churn = shop.seller.get("/analytics/churn?include_features=recency,monetary").json;
    CHECK(churn.at("overall_rate") == 0.5);
    CHECK(churn.at("segments").at("new").at("churn_rate") == 1.0);
    CHECK(churn.at("segments").at("returning").at("customers") == 1);
    CHECK(churn.at("features").at("monetary").at("mean_retained") == 2000.0);

    const auto prediction = shop.seller.get("/analytics/predictions/revenue?horizon=3_months").json;
    CHECK(prediction.at("current") == 1000);
    CHECK(prediction.at("projections").size() == 3);
    CHECK(prediction.at("projections").at(0).at("month") == "2011-04");
    CHECK(shop.seller.get("/analytics/predictions/weather").status == 404);
}

TEST_CASE("strict mode takes attested names and routes of sales only") {
    Setting setting;
    setting.strict = true;
    Shop shop(setting);
    CHECK(
        shop.seller.post("/customers", R"({"name":"Ana","email":"a@b.co","hobby":"x"})").status ==
        400
    );
    CHECK(shop.seller.post("/checkout", R"({"offer_id":")" + shop.offer + "\"}").status == 404);
    CHECK(shop.checkout(R"(,"wish":1)").status == 400);
    CHECK(shop.checkout().status == 201);
    const auto url = R"("url":"https://h.example/x")";
    CHECK(
        shop.seller
            .post("/webhooks/configurations", std::string(R"({"event":"order.paid",)") + url + "}")
            .status == 400
    );
    CHECK(
        shop.seller
            .post(
                "/webhooks/configurations",
                std::string(R"({"endpoints":[{"eventType":"offer.created",)") + url + "}]}"
            )
            .status == 400
    );
}

TEST_CASE("what was sold outlives a restart") {
    TemporaryFolder folder;
    Setting setting;
    setting.state_file = folder.file("state");
    std::string offer;
    {
        Shop shop(setting);
        offer = shop.offer;
        shop.buy(shop.customer());
    }
    setting.clock = parse_time("2011-04-01T03:00:01Z");
    Sandbox sandbox(setting);
    Seller seller(sandbox, tenant_a);
    CHECK(seller.get("/customers/email/ana@x.br").json.at("total_spent") == 1000);
    CHECK(seller.get("/offers/" + offer + "/stats?period=today").json.at("revenue") == 1000);
    CHECK(seller.get("/orders").json.at("total") == 1);
}
