#include "gateways/clubify/analytics.hpp"
#include "gateways/clubify/checkout.hpp"
#include "gateways/clubify/customers.hpp"
#include "gateways/clubify/design.hpp"
#include "gateways/clubify/funnel.hpp"
#include "gateways/clubify/webhooks.hpp"
#include "tests/gateways/platform.hpp"
#include "tests/support/catch.hpp"

// What the calls beside those of products and offers look like on the wire, to the byte, and how
// their answers are read in the shapes that the platform is known to use.

using namespace vitrine;
using namespace vitrine::clubify;
using namespace vitrine::clubify::testing;

namespace {

const ClubifyId offer_id("65f0000000000000000000o1");
const ClubifyId product_id("65f0000000000000000000p1");

struct Wire {
    std::string method, path, body;
    bool operator==(const Wire&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Wire& wire) {
    return out << wire.method << ' ' << wire.path << ' ' << wire.body;
}

template <class T>
Wire wire(const Question<T>& question) {
    CHECK(question.call.idempotency_key.empty());
    return {question.call.method, question.call.path, question.call.body.text};
}

template <class T>
std::optional<T> read(const Question<T>& question, std::string answer) {
    return question.read(JsonText(std::move(answer)));
}

}  // namespace

TEST_CASE("customers on the wire") {
    CHECK(
        wire(find_customer_by_email("a+b@c.co")) == Wire{"GET", "/customers/email/a%2Bb@c.co", ""}
    );
    CustomerFields fields;
    fields.name = "Ana \"Lu\"";
    fields.email = "ana@x.br";
    fields.phone = "+5511";
    fields.tags = {"vip", "new"};
    fields.address = JsonText(R"({"city":"SP"})");
    fields.crm_id = "crm-1";
    fields.metadata = JsonText(R"({"a":1})");
    const std::string body =
        R"({"name":"Ana \"Lu\"","email":"ana@x.br","phone":"+5511","tags":["vip","new"],)"
        R"("address":{"city":"SP"},"crm_id":"crm-1","metadata":{"a":1}})";
    CHECK(wire(create_customer(fields)) == Wire{"POST", "/customers", body});
    CustomerFields change;
    change.document = "123";
    change.document_type = "cpf";
    change.source = "crm";
    change.last_crm_sync = "2024-01-01T00:00:00Z";
    CHECK(
        wire(update_customer(ClubifyId("c/1"), change)) ==
        Wire{
            "PUT",
            "/customers/c%2F1",
            R"({"document":"123","document_type":"cpf","source":"crm",)"
            R"("last_crm_sync":"2024-01-01T00:00:00Z"})"
        }
    );
    CHECK(wire(get_customer(ClubifyId("c1"))) == Wire{"GET", "/customers/c1", ""});
    CHECK(
        wire(get_customer(ClubifyId("c1"), {"orders.items.product", "analytics", "segments"})) ==
        Wire{"GET", "/customers/c1?include=orders.items.product,analytics,segments", ""}
    );
    CHECK(
        wire(customer_metrics(ClubifyId("c1"), {"lifetime_value"})) ==
        Wire{"GET", "/customers/c1/metrics?include=lifetime_value", ""}
    );
}

TEST_CASE("a customer is read bare or wrapped, money in cents") {
    const auto* answer = GENERATE(
        R"({"_id":"c1","name":"Ana","email":"a@b.c","status":"active","tags":["x",5],"total_spent":1990,"total_orders":2})",
        R"({"customer":{"id":"c1","name":"Ana","email":"a@b.c","status":"active","tags":["x"],"totalSpent":1990,"totalOrders":2}})",
        R"({"data":{"id":"c1","name":"Ana","email":"a@b.c","status":"active","tags":["x"],"total_spent":1990.0,"total_orders":2}})"
    );
    const auto customer = read(get_customer(ClubifyId("c1")), answer);
    REQUIRE(customer);
    CHECK(customer->id == ClubifyId("c1"));
    CHECK(customer->email == "a@b.c");
    CHECK(customer->tags == std::vector<std::string>{"x"});
    CHECK(customer->total_spent_cents == 1990);
    CHECK(customer->total_orders == 2);
    CHECK_FALSE(read(get_customer(ClubifyId("c1")), R"({"name":"nobody"})"));
    // A price in decimals is none that could be believed.
    CHECK_FALSE(
        read(get_customer(ClubifyId("c1")), R"({"id":"c","total_spent":19.9})")->total_spent_cents
    );
}

TEST_CASE("customer metrics are read with their units") {
    const auto metrics = read(
        customer_metrics(ClubifyId("c1")),
        R"({"lifetime_value":5000,"average_order_value":2500,"total_orders":2,)"
        R"("purchase_frequency":1.5,"churn_probability":0.25,)"
        R"("segment_evolution":[{"date":"2024-01-01","segment":"new"}]})"
    );
    REQUIRE(metrics);
    CHECK(metrics->lifetime_value_cents == 5000);
    CHECK(metrics->average_order_value_cents == 2500);
    CHECK(metrics->purchase_frequency == 1.5);
    CHECK(metrics->churn_probability == 0.25);
    REQUIRE(metrics->segment_evolution.size() == 1);
    CHECK(metrics->segment_evolution[0].segment == "new");
}

TEST_CASE("the checkout on the wire, by the contract of 10.6 A") {
    CheckoutFields fields;
    fields.offer = ClubifyId("o1");
    fields.customer = ClubifyId("c1");
    fields.pricing.emplace().total_cents = 40835;
    fields.metadata = JsonText(R"({"saga_id":"s"})");
    CHECK(
        wire(create_checkout(fields)) ==
        Wire{
            "POST",
            "/checkout/sessions",
            R"({"offer_id":"o1","customer_id":"c1","pricing":{"total":40835},)"
            R"("metadata":{"saga_id":"s"}})"
        }
    );
    CheckoutFields personal;
    personal.offer = ClubifyId("o1");
    personal.pricing = Pricing{1, 2, 3, 4, 5, "BRL"};
    personal.layout = JsonText("{}");
    personal.order_bumps = JsonText(R"(["b1"])");
    personal.ml_insights = JsonText(R"({"conversion_probability":0.5})");
    personal.expires_in = std::chrono::seconds(900);
    personal.utm.source = "mail";
    personal.utm.campaign = "c";
    CHECK(
        wire(create_checkout(personal)).body ==
        R"({"offer_id":"o1","pricing":{"subtotal":1,"discount":2,"shipping":3,"tax":4,"total":5,)"
        R"("currency":"BRL"},"layout":{},"order_bumps":["b1"],)"
        R"("ml_insights":{"conversion_probability":0.5},"expires_in":900,"utm_source":"mail",)"
        R"("utm_campaign":"c"})"
    );
    const ClubifyId id("s1");
    CHECK(wire(complete_checkout(id)) == Wire{"POST", "/checkout/s1/complete", ""});
    CHECK(wire(cancel_checkout(id)) == Wire{"POST", "/checkout/s1/cancel", ""});
    CHECK(wire(get_checkout(id)) == Wire{"GET", "/checkout/s1", ""});

    const auto checkout = read(
        get_checkout(id),
        R"({"checkout_id":"s1","status":"active","offer_id":"o1","customer_id":"c1",)"
        R"("order_id":null,"total_amount":40835,"currency":"BRL","checkout_url":"https://x"})"
    );
    REQUIRE(checkout);
    CHECK(checkout->id == id);
    CHECK(checkout->order.empty());
    CHECK(checkout->total_cents == 40835);
    const auto order = read(
        complete_checkout(id),
        R"({"_id":"r1","status":"completed","payment_status":"paid","total":5,"currency":"BRL"})"
    );
    REQUIRE(order);
    CHECK(order->total_cents == 5);
    CHECK(order->status == "completed");
    CHECK_FALSE(read(complete_checkout(id), "{}"));
}

TEST_CASE("layout and theme on the wire") {
    CHECK(
        wire(get_layout(offer_id)) ==
        Wire{"GET", "/offers/65f0000000000000000000o1/config/layout", ""}
    );
    CHECK(
        wire(put_layout(offer_id, JsonText(R"({"type":"single_column"})"))) ==
        Wire{
            "PUT",
            "/offers/65f0000000000000000000o1/config/layout",
            R"({"layout":{"type":"single_column"}})"
        }
    );
    CHECK(
        wire(get_theme(offer_id)) ==
        Wire{"GET", "/offers/65f0000000000000000000o1/config/theme", ""}
    );
    CHECK(
        wire(put_theme(offer_id, JsonText(R"({"name":"dark"})"))) ==
        Wire{"PUT", "/offers/65f0000000000000000000o1/config/theme", R"({"theme":{"name":"dark"}})"}
    );
    CHECK(read(get_layout(offer_id), R"({"type":"x"})")->text == R"({"type":"x"})");
    CHECK_FALSE(read(get_layout(offer_id), "[]"));
    CHECK(read(put_theme(offer_id, {}), R"({"_id":"o1","slug":"s"})")->slug == "s");
}

TEST_CASE("order bumps, upsells and flows on the wire") {
    OrderBumpFields bump;
    bump.offer = offer_id;
    bump.product = product_id;
    bump.discount_percentage = 20;
    bump.title = "More";
    bump.show_original_price = true;
    bump.display_rules = JsonText(R"({"cart_value_min":100})");
    CHECK(
        wire(create_order_bump(bump)) ==
        Wire{
            "POST",
            "/order-bumps",
            R"({"offer_id":"65f0000000000000000000o1","product_id":"65f0000000000000000000p1",)"
            R"("position":"after_products","discount_percentage":20,"title":"More",)"
            R"("show_original_price":true,"display_rules":{"cart_value_min":100}})"
        }
    );
    CHECK(
        wire(list_order_bumps(offer_id)) ==
        Wire{"GET", "/order-bumps?offer_id=65f0000000000000000000o1", ""}
    );
    UpsellFields step;
    step.product = product_id;
    step.type = upsell_type("upsell");
    step.trigger = "purchase";
    step.price_cents = 990;
    step.discount_percentage = 12.5;
    step.sequence_order = 1;
    step.conditions = JsonText("[]");
    CHECK(
        wire(create_upsell(offer_id, step)) ==
        Wire{
            "POST",
            "/offers/65f0000000000000000000o1/upsells",
            R"({"product_id":"65f0000000000000000000p1","type":"one_time_offer",)"
            R"("trigger":"purchase","price":990,"discount_percentage":12.5,"sequence_order":1,)"
            R"("conditions":[]})"
        }
    );
    CHECK(upsell_type("downsell") == "downsell");
    CHECK(
        wire(list_upsells(offer_id)) == Wire{"GET", "/offers/65f0000000000000000000o1/upsells", ""}
    );
    FlowFields flow;
    flow.name = "Main";
    flow.type = "standard";
    flow.flow_config = JsonText(R"({"startStep":"a","steps":{}})");
    CHECK(
        wire(create_flow(offer_id, flow)) ==
        Wire{
            "POST",
            "/navigation/flow/65f0000000000000000000o1",
            R"({"name":"Main","type":"standard","flowConfig":{"startStep":"a","steps":{}}})"
        }
    );
    CHECK(wire(publish_flow(ClubifyId("f1"))) == Wire{"POST", "/navigation/flow/f1/publish", ""});
    const auto made =
        read(create_flow(offer_id, flow), R"({"success":true,"flowId":"f1","message":"m"})");
    REQUIRE(made);
    CHECK(made->id == ClubifyId("f1"));
    CHECK(
        read(publish_flow(made->id), R"({"flowId":"f1","publishedAt":"2024"})")->published_at ==
        "2024"
    );
    const auto* steps = GENERATE(
        R"([{"_id":"u1","type":"downsell"},{"no":"id"}])",
        R"({"data":[{"id":"u1","type":"downsell"}]})"
    );
    const auto listed = read(list_upsells(offer_id), steps);
    REQUIRE((listed && listed->size() == 1));
    CHECK(listed->front().type == "downsell");
    CHECK_FALSE(read(list_upsells(offer_id), "{}"));
}

TEST_CASE("webhook configuration on the wire") {
    CHECK(
        wire(count_webhooks("org 1")) ==
        Wire{"GET", "/webhooks/configurations?organization_id=org%201&count_only=1", ""}
    );
    CHECK(wire(list_webhooks()) == Wire{"GET", "/webhooks/configurations", ""});
    CHECK(
        wire(list_webhooks("https://h/a")) ==
        Wire{"GET", "/webhooks/configurations?url=https%3A%2F%2Fh%2Fa", ""}
    );
    WebhookEndpoint endpoint;
    endpoint.event = "order.paid";
    endpoint.url = "https://h/a";
    endpoint.secret = "whsec_0123456789abcdef0123456789abcdef";
    WebhookFields fields;
    fields.owner = "org";
    fields.name = "Sales";
    fields.endpoints = {endpoint};
    const std::string endpoints =
        R"("endpoints":[{"eventType":"order.paid","url":"https://h/a",)"
        R"("secret":"whsec_0123456789abcdef0123456789abcdef","httpMethod":"POST","isActive":true,)"
        R"("retryConfig":{"maxRetries":3,"timeout":30000,"backoffStrategy":"exponential"}}])";
    CHECK(
        wire(create_webhook(fields)) ==
        Wire{
            "POST",
            "/webhooks/configurations",
            R"({"tenantId":"org","name":"Sales","isActive":true,)" + endpoints +
                R"(,"defaultTimeout":30000,"defaultMaxRetries":3,"signatureAlgorithm":"sha256",)"
                R"("verifySSL":true})"
        }
    );
    const ClubifyId id("w1");
    CHECK(
        wire(set_webhook_endpoints(id, {endpoint})) ==
        Wire{"PUT", "/webhooks/configurations/w1", "{" + endpoints + "}"}
    );
    CHECK(
        wire(set_webhook_active(id, false)) ==
        Wire{"PATCH", "/webhooks/configurations/w1/status", R"({"isActive":false})"}
    );
    CHECK(wire(delete_webhook(id)) == Wire{"DELETE", "/webhooks/configurations/w1", ""});
    CHECK(
        wire(test_webhook("https://h/a", JsonText(R"({"event":"test"})"))) ==
        Wire{
            "POST",
            "/notifications/test-webhook",
            R"({"partnerId":"clubify-checkout","webhookUrl":"https://h/a",)"
            R"("testData":{"event":"test"}})"
        }
    );
    CHECK(read(count_webhooks("o"), R"({"total":3})") == 3);
    const auto* list = GENERATE(
        R"({"configurations":[{"_id":"w1","name":"n","isActive":true,"endpoints":[{"eventType":"e","url":"u"}]}],"total":1})",
        R"({"webhooks":[{"id":"w1","name":"n","active":true,"endpoints":[{"event":"e","url":"u"}]}]})"
    );
    const auto read_list = read(list_webhooks(), list);
    REQUIRE((read_list && read_list->size() == 1));
    CHECK(read_list->front().active);
    CHECK(read_list->front().urls == std::vector<std::string>{"u"});
    CHECK(read_list->front().events == std::vector<std::string>{"e"});
    CHECK(read(create_webhook(fields), R"({"config":{"_id":"w2"}})")->id == ClubifyId("w2"));
}

TEST_CASE("analytics on the wire, rates as fractions inside") {
    CHECK(
        wire(business_metrics("current_month")) ==
        Wire{"GET", "/analytics/metrics?period=current_month", ""}
    );
    CHECK(
        wire(business_metrics("today", "revenue")) ==
        Wire{"GET", "/analytics/metrics?period=today&type=revenue", ""}
    );
    const auto metrics = read(
        business_metrics("today"),
        R"({"mrr":1,"annual_recurring_revenue":12,"customer_acquisition_cost":7,)"
        R"("average_lifetime_value":100,"churn_rate":0.05,"revenue":9,"conversion_rate":12.5})"
    );
    REQUIRE(metrics);
    CHECK(metrics->monthly_recurring_revenue_cents == 1);
    CHECK(metrics->annual_recurring_revenue_cents == 12);
    CHECK(metrics->churn_rate == 0.05);
    CHECK(metrics->conversion_rate == 0.125);
    CHECK_FALSE(metrics->orders);

    CohortQuestion question;
    question.start_date = "2024-01-01";
    question.end_date = "2024-06-30";
    question.metrics = {"retention", "revenue", "ltv"};
    CHECK(
        wire(cohort_analysis(question)) ==
        Wire{
            "GET",
            "/analytics/cohort?period=monthly&start_date=2024-01-01&end_date=2024-06-30"
            "&metrics=retention,revenue,ltv",
            ""
        }
    );
    const auto cohorts = read(
        cohort_analysis(question),
        R"({"period":"monthly","cohorts":{"2024-01":{"size":4,"retention":[100.0,92.5,null],)"
        R"("revenue":[500,0],"ltv":[125]}}})"
    );
    REQUIRE((cohorts && cohorts->cohorts.size() == 1));
    const auto& cohort = cohorts->cohorts.front();
    CHECK(cohort.name == "2024-01");
    REQUIRE(cohort.retention.size() == 3);
    CHECK(cohort.retention[1] == 0.925);
    CHECK_FALSE(cohort.retention[2]);
    CHECK(cohort.revenue_cents[0] == 500);
    CHECK(cohort.lifetime_value_cents[0] == 125);

    CHECK(
        wire(churn_analysis({"recency", "monetary"})) ==
        Wire{"GET", "/analytics/churn?include_features=recency,monetary", ""}
    );
    const auto churn = read(
        churn_analysis(),
        R"({"overall_rate":0.2,"segments":{"new":{"churn_rate":0.3,"customers":4}},)"
        R"("at_risk_customers":[{"customer_id":"c1","churn_probability":0.9,"segment":"new"}]})"
    );
    REQUIRE(churn);
    CHECK(churn->overall_rate == 0.2);
    REQUIRE(churn->segments.size() == 1);
    CHECK(churn->segments[0].churn_rate == 0.3);
    CHECK(churn->at_risk.at(0).customer == ClubifyId("c1"));

    CHECK(
        wire(predictions("customer_growth", "3_months")) ==
        Wire{"GET", "/analytics/predictions/customer_growth?horizon=3_months", ""}
    );
    const auto prediction = read(
        predictions("revenue", "1_month"),
        R"({"type":"revenue","horizon":"1_month","current":5,)"
        R"("projections":[{"month":"2024-07","value":10,"lower":8,"upper":12,"confidence":90}]})"
    );
    REQUIRE((prediction && prediction->months.size() == 1));
    CHECK(prediction->months[0].value == 10);
    CHECK(prediction->months[0].confidence == 0.9);
    CHECK_FALSE(read(predictions("revenue", "1_month"), "{}"));
}

TEST_CASE("a question is asked over the wire, and what is not there is told") {
    Platform platform;
    platform.next(json_answer(404, R"({"message":"Customer not found"})"));
    Gateway gateway;
    const auto nobody =
        gateway.run(look_for(&gateway.clubify, platform.account(), find_customer_by_email("a@b.co"))
        );
    REQUIRE(nobody);
    CHECK_FALSE(nobody->has_value());
    platform.next(json_answer(201, R"({"_id":"c1","name":"Ana"})"));
    CustomerFields fields;
    fields.name = "Ana";
    const auto made =
        gateway.run(ask(&gateway.clubify, platform.account(), create_customer(fields)));
    REQUIRE(made);
    CHECK(made->id == ClubifyId("c1"));
    platform.next(json_answer(200, R"({"odd":1})"));
    const auto odd =
        gateway.run(ask(&gateway.clubify, platform.account(), get_customer(ClubifyId("c1"))));
    REQUIRE_FALSE(odd);
    CHECK(odd.error().kind == CallError::Kind::unknown);
    CHECK(platform.calls().at(0).target == "/api/v1/customers/email/a@b.co");
}
