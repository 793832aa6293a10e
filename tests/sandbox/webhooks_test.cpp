#include <condition_variable>
#include <mutex>

#include "core/hmac.hpp"
#include "core/text.hpp"
#include "sandbox/receiver_key.hpp"
#include "tests/net/support.hpp"
#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

namespace {

const std::string secret = "whsec_0123456789abcdef0123456789abcdef";

/// Someone whom the platform delivers to.
class Receiver {
public:
    explicit Receiver(std::vector<int> statuses = {})
        : statuses_(std::move(statuses)),
          server_([this](net::Request request) { return answer(std::move(request)); }, large()) {}

    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_.url().port) + "/Hooks/A?x=1";
    }

    /// The first so many deliveries.
    std::vector<net::Request> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        REQUIRE(changed_.wait_for(lock, std::chrono::seconds(20), [&] {
            return received_.size() >= count;
        }));
        return received_;
    }

private:
    static net::ServerOptions large() {
        net::ServerOptions options;
        options.body_limit = 16UL * 1024 * 1024;
        return options;
    }
    boost::asio::awaitable<net::Response> answer(net::Request request) {
        const std::scoped_lock lock(mutex_);
        net::Response response;
        if (received_.size() < statuses_.size()) response.status = statuses_[received_.size()];
        response.drop = response.status == 0;
        received_.push_back(std::move(request));
        changed_.notify_all();
        co_return response;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<int> statuses_;
    std::vector<net::Request> received_;
    net::testing::TestServer server_;
};

Setting hasty() {
    Setting setting;
    setting.platform.webhooks.speed = 1000;
    return setting;
}

std::string endpoint(const Receiver& receiver, const std::string& event, int retries = 3) {
    return R"({"eventType":")" + event + R"(","url":")" + receiver.url() + R"(","secret":")" +
           secret + R"(","httpMethod":"POST","isActive":true,"retryConfig":{"maxRetries":)" +
           std::to_string(retries) + R"(,"timeout":30000,"backoffStrategy":"exponential"}})";
}

std::string configuration(const std::string& endpoints, const std::string& name = "Sales") {
    return R"({"tenantId":"org","name":")" + name + R"(","isActive":true,"endpoints":[)" +
           endpoints + "]}";
}

Json body_of(const net::Request& request) {
    return Json::parse(request.body);
}

}  // namespace

TEST_CASE("signatures are those of the platform's recipe and of its own receiver (8.3)") {
    struct Row {
        const char* secret;
        const char* raw;
        const char* derived;  // nullptr: rejected
    };
    const std::string body = R"({"event":"order.paid","data":{},"timestamp":1697472000})";
    const auto same = [](const char* text, const char* raw) { return Row{text, raw, raw}; };
    const auto row = GENERATE_COPY(
        same(
            "test-webhook-secret-123",
            "3f871a28c9e96b9033c5b65a7eff1e1c8266ec6a020b25351e0a7b12d5c34aef"
        ),
        same(
            "webhook_secret_super_seguro_32_chars",
            "22bd494a2975e87ee2c3a750673e4436313678d0dda7f3204e8ed2e92d437f07"
        ),
        Row{"0123456789abcdef0123456789abcdef",
            "23a665e9b784fd5e8ec58ed43a67af67628eec1a8d4c1cc86e5ec9d9af3eb33d",
            "865db8d00f13817dadfe4f37f13fa12c73b4718e23a056d57404ebb5a009e9bc"},
        Row{"c2VjcmV0LXNlY3JldC1zZWNyZXQhIQ==",
            "862e026805093e777326c3ceb5fa5eba51537dcf3c208a847250e094c4424d0d",
            "23cda282863c67c5b6c1abde9089b9badfd162dd1f8132bf4dba4346a89c98ff"},
        Row{"abcdefghijklmnopqrst",
            "dd53775d75e67b93d693455cd0070baaf6824edae71587d1b478a1be0a26cd36",
            nullptr},
        Row{"abcdefghijklmnopqrstuv",
            "e42ba0f038d91c8694fa8b9af8611a5caa52959a54122a3c00b8a0650820b349",
            "2b74b4b802ff11f5e8ad0b3e0c741f89cc3b52320269bffe2fe4e20b4aa96714"},
        same(
            "whsec_0123456789abcdef0123456789abcdef",
            "ef412128ce536c538b59d92f136df94ce9f7e0e4ed0b9715b3fa78a4337dd230"
        )
    );
    CAPTURE(row.secret);
    CHECK(to_hex(bytes_of(hmac_sha256(row.secret, body))) == row.raw);
    const auto key = receiver_key(row.secret);
    REQUIRE(key.has_value() == (row.derived != nullptr));
    if (key) CHECK(to_hex(bytes_of(hmac_sha256(*key, body))) == row.derived);
}

TEST_CASE("base64 is read as strictly as PHP does") {
    CHECK(receiver_key("YWJj ZGVm\nZ2hpamtsbW5vcA==") == "abcdefghijklmnop");
    CHECK(receiver_key("YWJjZGVmZ2hpamtsbW5vcA") == "abcdefghijklmnop");
    CHECK(receiver_key("YWJjZGVmZ2hpamtsbW5vcA=") == "YWJjZGVmZ2hpamtsbW5vcA=");
    CHECK(receiver_key("YWJj=ZGVmZ2hpamtsbW5vcA") == "YWJj=ZGVmZ2hpamtsbW5vcA");
    CHECK(receiver_key("abcdefghijklmnopq") == "abcdefghijklmnopq");  // 17: no base64
    CHECK_FALSE(receiver_key("too_short"));
    CHECK_FALSE(receiver_key(std::string(513, '_')));
}

TEST_CASE("a configuration is kept by name, found by its URL, counted, changed and deleted (10.7)"
) {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const std::string path = "/webhooks/configurations";
    CHECK(seller.get(path + "?organization_id=org&count_only=1").json == Json({{"total", 0}}));
    CHECK(seller.get(path + "?url=https%3A%2F%2Fh%2Fa").json.at("configurations").empty());
    const auto one = R"({"eventType":"order.paid","url":"https://h/a","secret":")" + secret + "\"}";
    const auto made = seller.post(path, configuration(one));
    CHECK(made.status == 201);
    const auto id = made.json.at("_id").get<std::string>();
    CHECK(made.json.at("tenantId") == "org");
    check_error(seller.post(path, configuration(one)), 409, "already exists");
    CHECK(seller.get(path + "?count_only=1").json == Json({{"total", 1}}));
    CHECK(
        seller.get(path + "?url=https%3A%2F%2Fh%2Fa").json.at("configurations").at(0) == made.json
    );
    CHECK(seller.get(path + "?url=https%3A%2F%2Fh%2Fb").json.at("configurations").empty());
    const auto two = R"({"eventType":"order.refunded","url":"https://h/a","headers":{}})";
    const auto changed = seller.put(path + "/" + id, R"({"endpoints":[)" + one + "," + two + "]}");
    CHECK(changed.json.at("endpoints").size() == 2);
    CHECK(changed.json.at("endpoints").at(1).at("secret").get<std::string>().starts_with("whsec_"));
    CHECK(
        seller.call("PATCH", path + "/" + id + "/status", R"({"isActive":false})")
            .json.at("isActive") == false
    );
    CHECK(seller.call("DELETE", path + "/" + id).status == 204);
    CHECK(seller.get(path + "/" + id).status == 404);
    const auto flat =
        seller.post(path, R"({"event":"order.paid","url":"https://h/a","active":true})");
    CHECK(flat.status == 201);
    CHECK(flat.json.at("name") == "Webhook Configuration for h");
    CHECK(flat.json.at("endpoints").at(0).at("eventType") == "order.paid");
}

TEST_CASE("unknown events and URLs elsewhere without TLS are refused") {
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto* bad = GENERATE(
        R"({"eventType":"payment.approved","url":"https://h/a"})",
        R"({"eventType":"order.paid","url":"http://h/a"})",
        R"({"eventType":"order.paid","url":"ftp://h/a"})",
        R"({"eventType":"order.paid"})",
        R"("order.paid")"
    );
    CHECK(seller.post("/webhooks/configurations", configuration(bad)).status == 400);
}

TEST_CASE("a sale is told to who asked for it, signed over the bytes sent") {
    Receiver receiver;
    Sandbox sandbox(hasty());
    Seller seller(sandbox, tenant_a);
    std::string endpoints;
    for (const auto* event :
         {"checkout.created",
          "checkout.confirmed",
          "order.created",
          "payment.paid",
          "order.paid",
          "order.completed",
          "offer.updated"}) {
        endpoints += (endpoints.empty() ? "" : ",") + endpoint(receiver, event);
    }
    CHECK(seller.post("/webhooks/configurations", configuration(endpoints)).status == 201);
    const auto offer = seller.offer("mug");
    CHECK(seller.post("/offers/" + offer + "/publish").status == 200);
    const auto body = R"({"offer_id":")" + offer + R"(","pricing":{"total":700}})";
    const auto checkout = seller.post("/checkout/sessions", body).json.at("_id").get<std::string>();
    const auto order = seller.post("/checkout/" + checkout + "/complete").json;

    std::map<std::string, net::Request> by_event;
    for (auto& request : receiver.wait_for(7)) {
        by_event.emplace(body_of(request).at("event").get<std::string>(), std::move(request));
    }
    CHECK(by_event.size() == 7);
    const auto& paid = by_event.at("order.paid");
    CHECK(paid.method == "POST");
    CHECK(paid.target == "/Hooks/A?x=1");
    const auto told = body_of(paid);
    CHECK(told.at("id").get<std::string>().starts_with("evt_"));
    CHECK(told.at("organization_id") == "org");
    CHECK(told.at("metadata").at("attempt") == 1);
    CHECK(told.at("data").at("orderId") == order.at("_id"));
    CHECK(told.at("data").at("order_id") == order.at("_id"));
    CHECK(told.at("data").at("offer_id") == offer);
    CHECK(told.at("data").at("total_amount") == 700);
    CHECK(body_of(by_event.at("payment.paid")).at("data").at("status") == "paid");
    CHECK(body_of(by_event.at("offer.updated")).at("data").at("status") == "active");
    const auto signature = to_hex(bytes_of(hmac_sha256(secret, paid.body)));
    CHECK(paid.headers.find("X-Clubify-Signature") == signature);
    CHECK(paid.headers.find("X-Webhook-Signature") == "sha256=" + signature);
    CHECK(
        paid.headers.find("X-Clubify-Timestamp") ==
        std::to_string(told.at("timestamp").get<std::int64_t>())
    );
    CHECK(paid.headers.find("X-Clubify-Event") == "order.paid");
    CHECK(paid.headers.find("X-Organization-ID") == "org");
    CHECK(paid.headers.find("User-Agent") == "Clubify-Webhook/1.0");
    // Another tenant's sales are not told here.
    Seller other(sandbox, tenant_b);
    other.offer("cup");
    CHECK(receiver.wait_for(7).size() == 7);
}

TEST_CASE("a delivery that fails is tried again, with one id, until it is taken") {
    Receiver receiver({500, 0, 200});
    Sandbox sandbox(hasty());
    Seller seller(sandbox, tenant_a);
    CHECK(
        seller
            .post("/webhooks/configurations", configuration(endpoint(receiver, "product.created")))
            .status == 201
    );
    seller.product();
    const auto attempts = receiver.wait_for(3);
    for (int i = 0; i < 3; ++i) {
        const auto body = body_of(attempts[static_cast<std::size_t>(i)]);
        CHECK(body.at("id") == body_of(attempts[0]).at("id"));
        CHECK(body.at("metadata").at("attempt") == i + 1);
    }
}

TEST_CASE("a refused delivery is not tried again, and five failures end the configuration") {
    Receiver receiver({400, 500, 500, 400, 400, 400});
    Sandbox sandbox(hasty());
    Seller seller(sandbox, tenant_a);
    const auto made = seller.post(
        "/webhooks/configurations", configuration(endpoint(receiver, "product.created", 1))
    );
    const auto path = "/webhooks/configurations/" + made.json.at("_id").get<std::string>();
    const auto failures = [&] { return seller.get(path).json.at("failureCount"); };
    const std::size_t deliveries[] = {1, 3, 4, 5, 6};  // the second is tried twice
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(seller.get(path).json.at("isActive") == true);
        seller.product();
        receiver.wait_for(deliveries[i]);
        while (failures() != i + 1) continue;
    }
    CHECK(seller.get(path).json.at("isActive") == false);
    CHECK(seller.get(path + "/stats").json.at("failedDeliveries") == 5);
    seller.product();
    CHECK(
        seller.call("PATCH", path + "/status", R"({"isActive":true})").json.at("failureCount") == 0
    );
    seller.product();
    CHECK(receiver.wait_for(7).size() == 7);
}

TEST_CASE("the control plane delivers at will: forged, old, repeated, out of order, oversized") {
    Receiver receiver({202, 200, 200, 200, 200, 200, 413});
    Sandbox sandbox;
    const auto deliver = [&](const std::string& more) {
        return sandbox.control(
            "POST",
            "webhooks/deliver",
            R"({"url":")" + receiver.url() + R"(","secret":")" + secret + "\"," + more + "}"
        );
    };
    const auto now = [] {
        return std::chrono::floor<std::chrono::seconds>(system_clock()())
            .time_since_epoch()
            .count();
    };
    const auto plain = deliver(R"("event":"order.paid","data":{"orderId":"o1"},"id":"evt_1")");
    CHECK(plain.status == 200);
    CHECK(plain.json.at("deliveries").at(0).at("status") == 202);
    CHECK(deliver(R"("event":"order.paid","forge":true)").status == 200);
    CHECK(deliver(R"("event":"order.paid","age_seconds":600)").status == 200);
    CHECK(
        deliver(
            R"("events":[{"event":"order.created","id":"a"},{"event":"order.paid","id":"b"}],"reverse":true)"
        )
            .status == 200
    );
    CHECK(deliver(R"("event":"order.paid","key":"sdk")").status == 200);
    const auto large = deliver(R"("event":"order.paid","pad_bytes":2000000,"repeat":2)");
    CHECK(large.json.at("deliveries").size() == 2);
    CHECK(large.json.at("deliveries").at(0).at("status") == 413);
    const auto got = receiver.wait_for(8);
    const auto is_signed = [](const net::Request& request) {
        return request.headers.find("X-Clubify-Signature") ==
               to_hex(bytes_of(hmac_sha256(secret, request.body)));
    };
    const auto age = [&](const net::Request& request) {
        return now() - body_of(request).at("timestamp").get<std::int64_t>();
    };
    CHECK(body_of(got[0]).at("data") == Json({{"orderId", "o1"}}));
    CHECK((is_signed(got[0]) && age(got[0]) < 30));
    CHECK_FALSE(is_signed(got[1]));
    CHECK(is_signed(got[2]));
    CHECK((age(got[2]) >= 600 && age(got[2]) < 630));
    CHECK(body_of(got[3]).at("id") == "b");
    CHECK(body_of(got[4]).at("id") == "a");
    CHECK(got[6].body.size() > 2'000'000);
    CHECK(body_of(got[6]).at("id") == body_of(got[7]).at("id"));
    CHECK(sandbox.control("GET", "webhooks").json.at("attempts").size() == 8);
    check_error(
        sandbox.control("POST", "webhooks/deliver", R"({"event":"order.paid"})"), 400, "no webhook"
    );
    CHECK(sandbox.control("POST", "webhooks/deliver", "{}").status == 400);
    CHECK(sandbox.control("POST", "webhooks/other", "{}").status == 404);
}

TEST_CASE("a test delivery goes to the URL that was asked for") {
    Receiver receiver;
    Sandbox sandbox;
    Seller seller(sandbox, tenant_a);
    const auto answer = seller.post(
        "/notifications/test-webhook",
        R"({"partnerId":"clubify-checkout","webhookUrl":")" + receiver.url() +
            R"(","testData":{"event":"test","id":"evt_test_1","timestamp":1,"data":{"test":true}}})"
    );
    CHECK(answer.json.at("success") == true);
    CHECK(body_of(receiver.wait_for(1)[0]).at("id") == "evt_test_1");
}
