#include <boost/asio/co_spawn.hpp>

#include "gateways/clubify/checkout.hpp"
#include "gateways/clubify/customers.hpp"
#include "gateways/clubify/funnel.hpp"
#include "gateways/clubify/webhooks.hpp"
#include "gateways/clubify/wire.hpp"
#include "tests/sandbox/fixture.hpp"

// The request sequences of the platform's own client, as it writes them (10.1 to 10.7), against the
// sandbox in strict mode; and those of our client, compared with what the sandbox received.

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

namespace {

Setting strict() {
    Setting setting;
    setting.strict = true;
    return setting;
}

/// The platform's own client: its headers on every request, the token once there is one.
struct OwnClient {
    explicit OwnClient(Sandbox& at) : sandbox(at) {}

    Answer send(const std::string& method, const std::string& path, const std::string& body = "") {
        return sandbox.send(method, "/api/v1" + path, body, headers);
    }
    /// 10.1
    void initialise() {
        const auto signed_in = send(
            "POST",
            "/auth/api-key/token",
            R"({"api_key":")" + test_key + R"(","tenant_id":")" + tenant_a +
                R"(","grant_type":"api_key"})"
        );
        REQUIRE(signed_in.status == 200);
        CHECK(signed_in.json.at("expires_in") == 3600);
        CHECK(signed_in.json.at("token_type") == "Bearer");
        CHECK(signed_in.json.contains("refresh_token"));
        const auto token = signed_in.json.at("access_token").get<std::string>();
        headers.emplace_back("Authorization", "Bearer " + token);
        CHECK(send("GET", "/health").json.at("status") == "ok");
    }

    Sandbox& sandbox;
    Sandbox::Fields headers{
        {"Content-Type", "application/json"},
        {"Accept", "application/json"},
        {"User-Agent", "ClubifyCheckoutSDK-PHP/1.0.0"},
        {"X-SDK-Version", "1.0.0"},
        {"X-SDK-Language", "php"},
        {"X-Tenant-Id", tenant_a},
    };
};

/// Ours, on a loop that the test runs.
struct OurClient {
    explicit OurClient(Sandbox& sandbox) {
        account.tenant = TenantId("acme");
        account.base.host = "127.0.0.1";
        account.base.port = sandbox.port();
        account.base.prefix = "/api/v1";
        account.api_key = test_key;
        account.tenant_id = tenant_a;
    }

    template <class T>
    T run(boost::asio::awaitable<T> work) {
        std::optional<T> result;
        boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error, T value) {
            if (error) std::rethrow_exception(error);
            result = std::move(value);
        });
        loop.restart();
        while (!result && loop.run_one() > 0) continue;
        return *std::move(result);
    }
    template <class T>
    T ask(clubify::Question<T> question) {
        auto answer = run(clubify::ask(&clubify, account, std::move(question)));
        if (!answer) FAIL(answer.error().message.english());
        return *std::move(answer);
    }
    ClubifyId made(clubify::Call call) {
        const auto answer = run(clubify.send(account, std::move(call)));
        if (!answer) FAIL(answer.error().message.english());
        return ClubifyId(Json::parse(answer->body.text).at("_id").get<std::string>());
    }

    boost::asio::io_context loop;
    clubify::Account account;
    clubify::Clubify clubify{loop.get_executor(), {}, system_clock()};
};

/// "METHOD path?query body" of everything received, sign-ins left out; ids by the names given.
std::vector<std::string> received(
    Sandbox& sandbox, const std::vector<std::pair<std::string, std::string>>& names
) {
    std::vector<std::string> lines;
    for (const auto& request : sandbox.requests()) {
        const auto path = request.at("path").get<std::string>();
        if (path == "/api/v1/auth/api-key/token") continue;
        auto line = request.at("method").get<std::string>() + ' ' + path;
        for (const auto& [name, value] : request.at("query").items()) {
            line += (line.find('?') == std::string::npos ? '?' : '&') + name + '=' +
                    (value.is_string() ? value.get<std::string>() : value.dump());
        }
        const auto& body = request.at("body");
        if (!body.is_null())
            line += ' ' + (body.is_string() ? body.get<std::string>() : body.dump());
        while (line.ends_with(' ')) line.pop_back();
        for (const auto& [id, name] : names) {
            for (auto at = line.find(id); at != std::string::npos; at = line.find(id)) {
                line.replace(at, id.size(), name);
            }
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace

TEST_CASE("the platform's own client makes an offer of a product and publishes it (10.1–10.5)") {
    Sandbox sandbox(strict());
    OwnClient client(sandbox);
    client.initialise();
    CHECK(client.send("GET", "/offers?page=1&limit=20").json.at("data").empty());
    const auto product = client.send(
        "POST", "/products", R"({"name":"Curso \u00e9","type":"digital","description":"a\/b"})"
    );
    CHECK(product.status == 201);
    CHECK(product.json.at("name") == "Curso é");
    CHECK(product.json.at("description") == "a/b");
    const auto product_id = product.json.at("_id").get<std::string>();
    CHECK(
        client
            .send(
                "PATCH",
                "/products/" + product_id,
                R"({"pricing":{"price":19990,"currency":"BRL"}})"
            )
            .status == 200
    );
    check_error(client.send("GET", "/offers/slug/curso"), 404, "not found");
    const auto offer = client.send(
        "POST",
        "/offers",
        R"({"name":"Curso","type":"single","slug":"curso","settings":{"maxQuantity":10},)"
        R"("metadata":{"pricing":{"salePrice":19990}}})"
    );
    CHECK(offer.status == 201);
    const auto id = offer.json.at("_id").get<std::string>();
    CHECK(client.send("GET", "/offers/slug/curso").status == 200);
    CHECK(client.send("GET", "/offers/slug/curso-1").status == 404);

    const auto line = R"({"productId":")" + product_id +
                      R"(","quantity":1,"position":0,"isOptional":false,"customPrice":19990,)"
                      R"("discountType":"percentage","discountValue":33})";
    const auto added = client.send("POST", "/offers/" + id + "/products", line);
    CHECK(added.status < 300);
    CHECK(added.json.at("products").size() == 1);
    check_error(
        client.send("POST", "/offers/" + id + "/products", line), 400, "Product already exists"
    );
    CHECK(client.send("GET", "/offers/" + id).json.at("products").size() == 1);
    const auto changed = client.send(
        "PUT",
        "/offers/" + id + "/products/" + product_id,
        R"({"productData":{"price":9990},"discountType":null,"discountValue":null})"
    );
    CHECK(changed.status == 200);
    const auto published = client.send("POST", "/offers/" + id + "/publish");
    CHECK(published.status == 200);
    CHECK(published.json.is_object());
    CHECK(client.send("GET", "/offers/" + id).json.at("status") == "active");
    const auto flow = client.send(
        "POST",
        "/navigation/flow/" + id,
        R"({"name":"Main","flowConfig":{"startStep":"a","steps":[]}})"
    );
    CHECK(flow.json.at("success") == true);
    const auto flow_id = flow.json.at("flowId").get<std::string>();
    CHECK(
        client.send("POST", "/navigation/flow/" + flow_id + "/publish").json.at("flowId") == flow_id
    );
    const auto url = client.send(
        "POST", "/offers/" + id + "/generate-url", R"({"utmParams":{"source":"mail"}})"
    );
    CHECK(url.json.contains("checkoutUrl"));
    CHECK(url.json.contains("qrCode"));
    CHECK(client.send("GET", "/offers/" + id + "/urls").json.is_array());
    CHECK(client.send("GET", "/offers/" + id + "/stats").status == 200);
}

TEST_CASE("its customers and webhooks (10.7)") {
    Sandbox sandbox(strict());
    OwnClient client(sandbox);
    client.initialise();
    CHECK(client.send("GET", "/customers/email/a@b.co").status == 404);
    const auto customer = client.send(
        "POST",
        "/customers",
        R"({"name":"Ana","email":"a@b.co","phone":"+55","id":"cust_1","status":"active","tags":[],)"
        R"("total_spent":0,"total_orders":0,"created_at":"2025-01-01 00:00:00",)"
        R"("updated_at":"2025-01-01 00:00:00"})"
    );
    CHECK(customer.status == 201);
    const auto id = customer.json.at("_id").get<std::string>();
    CHECK(client.send("GET", "/customers/" + id).status == 200);
    const auto updated = client.send(
        "PUT", "/customers/" + id, R"({"phone":"+551","updated_at":"2025-01-02 00:00:00"})"
    );
    CHECK(updated.json.at("phone") == "+551");

    const std::string path = "/webhooks/configurations";
    CHECK(client.send("GET", path + "?organization_id=o&count_only=1").json.at("total") == 0);
    CHECK(client.send("GET", path + "?url=https%3A%2F%2Fh%2Fa").json.at("configurations").empty());
    const std::string endpoint =
        R"({"eventType":"order.paid","url":"https:\/\/h\/a","secret":)"
        R"("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","httpMethod":"POST",)"
        R"("isActive":true,"retryConfig":{"maxRetries":3,"timeout":30000,)"
        R"("backoffStrategy":"exponential"}})";
    const auto webhook = client.send(
        "POST",
        path,
        R"({"tenantId":"o","name":"Webhook Configuration for h","description":"","isActive":true,)"
        R"("endpoints":[)" +
            endpoint +
            R"(],"defaultTimeout":30000,"defaultMaxRetries":3,"signatureAlgorithm":"sha256",)"
            R"("verifySSL":true})"
    );
    CHECK(webhook.status == 201);
    const auto webhook_id = webhook.json.at("_id").get<std::string>();
    const auto listed = client.send("GET", path).json;
    for (const auto* name : {"configurations", "total", "page", "pages"}) {
        CHECK(listed.contains(name));
    }
    CHECK(
        client.send("PUT", path + "/" + webhook_id, R"({"endpoints":[)" + endpoint + "]}").status ==
        200
    );
}

TEST_CASE("organizations sign in by their own request; /api/v1 may come twice (10.1, 10.6 C)") {
    Sandbox sandbox(strict());
    OwnClient client(sandbox);
    const auto signed_in = client.send(
        "POST",
        "/auth/api-key/organization/token",
        R"({"api_key":"clb_org_test_0123456789abcdef0123456789abcdef","organization_id":)"
        R"("65f0000000000000000000aa","grant_type":"organization_api_key","tenant_id":")" +
            tenant_a + "\"}"
    );
    REQUIRE(signed_in.status == 200);
    CHECK(signed_in.json.at("scope") == "tenant");
    client.headers.emplace_back(
        "Authorization", "Bearer " + signed_in.json.at("access_token").get<std::string>()
    );
    CHECK(client.send("GET", "/api/v1/offers").status == 200);
}

TEST_CASE("our client makes an offer of a product and publishes it, to the byte (10.1–10.4)") {
    Sandbox sandbox(strict());
    OurClient client(sandbox);
    CHECK(client.run(client.clubify.check(client.account, {})));
    clubify::ProductFields mug;
    mug.name = "Café \"1/2\"";
    mug.type = "digital";
    const auto product = client.made(clubify::create_product(mug));
    client.made(clubify::price_product(product, 19990, "BRL", {}));
    CHECK_FALSE(*client.run(client.clubify.find_offer_by_slug(client.account, "curso")));
    clubify::OfferFields fields;
    fields.name = "Curso";
    fields.slug = "curso";
    fields.type = "single";
    const auto offer = client.made(clubify::create_offer(fields));
    clubify::OfferProduct line;
    line.product = product;
    line.price_cents = 19990;
    line.discount = clubify::Discount{"percentage", JsonText("33")};
    client.made(clubify::add_product(offer, line));
    CHECK((*client.run(client.clubify.find_offer(client.account, offer)))->products.size() == 1);
    client.made(clubify::publish_offer(offer));
    clubify::FlowFields flow_fields;
    flow_fields.name = "Main";
    flow_fields.flow_config = JsonText(R"({"startStep":"a","steps":{}})");
    const auto flow = client.ask(clubify::create_flow(offer, flow_fields));
    CHECK_FALSE(client.ask(clubify::publish_flow(flow.id)).published_at.empty());
    clubify::UtmParams utm;
    utm.source = "mail";
    CHECK(client.run(client.clubify.generate_url(client.account, offer, utm, {})));

    CHECK(
        received(sandbox, {{product.str(), "P"}, {offer.str(), "O"}, {flow.id.str(), "F"}}) ==
        std::vector<std::string>{
            "GET /api/v1/health",
            R"(POST /api/v1/products {"name":"Café \"1/2\"","type":"digital"})",
            R"(PATCH /api/v1/products/P {"pricing":{"price":19990,"currency":"BRL"}})",
            "GET /api/v1/offers/slug/curso",
            R"(POST /api/v1/offers {"name":"Curso","slug":"curso","type":"single"})",
            R"(POST /api/v1/offers/O/products {"productId":"P","quantity":1,"position":0,)"
            R"("isOptional":false,"customPrice":19990,"discountType":"percentage",)"
            R"("discountValue":33})",
            "GET /api/v1/offers/O",
            "POST /api/v1/offers/O/publish",
            R"(POST /api/v1/navigation/flow/O {"name":"Main","flowConfig":{"startStep":"a","steps":{}}})",
            "POST /api/v1/navigation/flow/F/publish",
            R"(POST /api/v1/offers/O/generate-url {"utmParams":{"source":"mail"}})",
        }
    );
    for (const auto& request : sandbox.requests()) {
        const auto& headers = request.at("headers");
        CHECK(headers.at("content-type") == "application/json");
        CHECK(headers.at("accept") == "application/json");
        CHECK(headers.at("user-agent") == "ClubifyCheckoutSDK-CPP/0.1.0");
        CHECK(headers.at("x-sdk-language") == "cpp");
        CHECK(headers.at("x-tenant-id") == tenant_a);
        if (request.at("method") == "GET") CHECK_FALSE(headers.contains("idempotency-key"));
    }
}

TEST_CASE("our client sells: customer, checkout, order, webhook, to the byte (10.6 A, 10.7)") {
    Sandbox sandbox(strict());
    Seller seller(sandbox, tenant_a);
    const auto offer = seller.offer("mug");
    seller.post("/offers/" + offer + "/publish");
    CHECK(sandbox.control("DELETE", "requests").status == 200);

    OurClient client(sandbox);
    const auto find = clubify::find_customer_by_email("a@b.co");
    CHECK_FALSE(*client.run(clubify::look_for(&client.clubify, client.account, find)));
    clubify::CustomerFields ana;
    ana.name = "Ana";
    ana.email = "a@b.co";
    const auto customer = client.ask(clubify::create_customer(ana));
    CHECK(
        (*client.run(clubify::look_for(&client.clubify, client.account, find)))->id == customer.id
    );
    clubify::CustomerFields tagged;
    tagged.tags = {"vip"};
    CHECK(client.ask(clubify::update_customer(customer.id, tagged)).tags.size() == 1);

    clubify::CheckoutFields fields;
    fields.offer = ClubifyId(offer);
    fields.customer = customer.id;
    fields.pricing.emplace().total_cents = 40835;
    fields.metadata = JsonText(R"({"saga_id":"s"})");
    const auto checkout = client.ask(clubify::create_checkout(fields));
    CHECK(checkout.status == "active");
    CHECK(checkout.total_cents == 40835);
    const auto order = client.ask(clubify::complete_checkout(checkout.id));
    CHECK(order.status == "completed");
    CHECK(order.total_cents == 40835);
    const auto cancelled = client.run(
        clubify::ask(&client.clubify, client.account, clubify::cancel_checkout(checkout.id))
    );
    REQUIRE_FALSE(cancelled);
    CHECK(cancelled.error().status == 409);
    CHECK(client.ask(clubify::get_customer(customer.id)).total_spent_cents == 40835);

    CHECK(client.ask(clubify::count_webhooks("org")) == 0);
    CHECK(client.ask(clubify::list_webhooks("https://h/a")).empty());
    clubify::WebhookFields webhook;
    webhook.owner = "org";
    webhook.name = "Sales";
    clubify::WebhookEndpoint endpoint;
    endpoint.event = "order.paid";
    endpoint.url = "https://h/a";
    endpoint.secret = "whsec_0123456789abcdef0123456789abcdef";
    webhook.endpoints = {endpoint};
    const auto hook = client.ask(clubify::create_webhook(webhook));
    CHECK(hook.active);
    CHECK(client.ask(clubify::list_webhooks("https://h/a")).size() == 1);
    client.ask(clubify::delete_webhook(hook.id));

    const auto lines = received(
        sandbox,
        {{customer.id.str(), "C"}, {checkout.id.str(), "S"}, {offer, "O"}, {hook.id.str(), "W"}}
    );
    REQUIRE(lines.size() == 13);
    const std::vector<std::string> expected{
        "GET /api/v1/customers/email/a@b.co",
        R"(POST /api/v1/customers {"name":"Ana","email":"a@b.co"})",
        "GET /api/v1/customers/email/a@b.co",
        R"(PUT /api/v1/customers/C {"tags":["vip"]})",
        R"(POST /api/v1/checkout/sessions {"offer_id":"O","customer_id":"C",)"
        R"("pricing":{"total":40835},"metadata":{"saga_id":"s"}})",
        "POST /api/v1/checkout/S/complete",
        "POST /api/v1/checkout/S/cancel",
        "GET /api/v1/customers/C",
        "GET /api/v1/webhooks/configurations?organization_id=org&count_only=1",
        "GET /api/v1/webhooks/configurations?url=https://h/a",
    };
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(lines[i] == expected[i]);
    CHECK(lines[12] == "DELETE /api/v1/webhooks/configurations/W");
}
