// Pagar.me as a provider of payments, against its stand-in over a real socket.
#include "gateways/pagarme/payments.hpp"

#include <nlohmann/json.hpp>

#include "net/server.hpp"
#include "sandbox/peers/pagarme/pagarme.hpp"
#include "tests/net/support.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using gateways::Done;
using gateways::Effect;
using gateways::Refused;
using Json = nlohmann::ordered_json;

namespace {

namespace asio = boost::asio;

asio::awaitable<std::optional<payments::Buyer>> maria(TenantId, std::string customer_id) {
    payments::Buyer buyer;
    buyer.customer_id = customer_id;
    buyer.name = "Maria Souza";
    buyer.email = "m@example.com";
    buyer.document = "52998224725";
    buyer.address = {"Rua A", "1", "Centro", "", "São Paulo", "SP", "01310100", "BR"};
    co_return buyer;
}

struct Shop {
    static net::ServerOptions any_port() {
        net::ServerOptions options;
        options.address = "127.0.0.1";
        options.port = 0;
        return options;
    }

    gateways::Sent send(const Effect& effect) {
        return net::testing::run(loop, provider.send(effect, origin));
    }
    gateways::Settled settle(const Effect& effect) {
        return net::testing::run(loop, provider.settle(effect, origin));
    }
    Done done(const Effect& effect) { return std::get<Done>(send(effect)); }

    Effect charge(const std::string& method, const std::string& token = {}, int number = 1) const {
        payments::Order order;
        order.charge_id = "sale-" + std::to_string(number);
        order.checkout_id = "sale";
        order.customer_id = "customer-1";
        order.method = method;
        order.amount_cents = 2990;
        order.currency = "BRL";
        if (!token.empty()) order.card_token = token;
        if (token.empty()) order.expires_in = 3600;
        order.payable_until = parse_time("2036-12-01T13:00:00Z");
        return payments::issue(payments::pagarme, {order.charge_id}, order);
    }
    Effect refund(const std::string& id, std::int64_t cents, std::int64_t before = 0) const {
        return payments::refund(
            payments::pagarme, {"refund-" + std::to_string(before)}, id, {cents, before, ""}
        );
    }
    Json control(const std::string& target, const Json& body) {
        net::Request request;
        request.method = body.empty() ? "GET" : "POST";
        request.target = "/_sandbox" + target;
        request.headers.add("Content-Type", "application/json");
        if (!body.empty()) request.body = body.dump();
        return Json::parse(net::testing::run(loop, peer.handle(std::move(request))).body);
    }
    Json counted() { return control("/state", {}).at("payments"); }

    asio::io_context loop{1};
    sandbox::pagarme::Pagarme peer{
        loop.get_executor(), {.secret_key = "sk_test_1", .hooks = {}, .seed = 7, .clock = {}}
    };
    net::Server server{
        {&loop},
        any_port(),
        [this](net::Request request) { return peer.handle(std::move(request)); },
        [](net::Refusal, const net::Request&) { return net::Response(); }
    };
    pagarme::Pagarme client{loop.get_executor(), {}, system_clock()};
    std::string key = "sk_test_1";
    pagarme::PagarmePayments provider{
        client,
        [this](const TenantId& tenant) -> std::optional<pagarme::Account> {
            if (key.empty()) return std::nullopt;
            return pagarme::Account{
                tenant, net::parse_base_url("http://" + server.endpoint() + "/core/v5").value(), key
            };
        },
        maria
    };
    gateways::EffectOrigin origin{
        TenantId("acme"), CommandId("c-1"), "step", CorrelationId("c"), "", ""
    };
};

std::string status_in(const Done& done) {
    return Json::parse(done.told.text).at("status");
}

}  // namespace

TEST_CASE("a card is authorised, charged once under its key, and goes back in parts", "[pagarme]") {
    Shop shop;
    const auto charge = shop.charge("credit_card", "tok_approved_1");
    CHECK(std::holds_alternative<gateways::Absent>(shop.settle(charge)));
    const auto authorized = shop.done(charge);
    CHECK(status_in(authorized) == "authorized");
    CHECK(shop.done(charge).id == authorized.id);
    CHECK(std::get<Done>(shop.settle(charge)).id == authorized.id);
    const auto capture = payments::capture(payments::pagarme, {"k-capture"}, authorized.id, 2990);
    CHECK(std::holds_alternative<gateways::Absent>(shop.settle(capture)));
    CHECK(status_in(shop.done(capture)) == "captured");
    CHECK(status_in(shop.done(capture)) == "captured");
    CHECK(std::holds_alternative<Done>(shop.settle(capture)));
    CHECK(std::holds_alternative<gateways::Absent>(shop.settle(shop.refund(authorized.id, 990))));
    CHECK(std::holds_alternative<Done>(shop.send(shop.refund(authorized.id, 990))));
    CHECK(std::holds_alternative<Done>(shop.settle(shop.refund(authorized.id, 990))));
    CHECK(status_in(shop.done(shop.refund(authorized.id, 2000, 990))) == "refunded");
    const auto more = std::get<Refused>(shop.send(shop.refund(authorized.id, 1, 2990)));
    CHECK(more.refusal.problem == "payments-refused");
    CHECK(more.look_first);
    CHECK(shop.counted().size() == 1);
    CHECK(shop.counted().at(0).at("refunded_amount") == 2990);
}

TEST_CASE("a decline is one when it is sent and when it is found", "[pagarme]") {
    Shop shop;
    const auto charge = shop.charge("credit_card", "tok_insufficient_1");
    const auto sent = std::get<Refused>(shop.send(charge));
    CHECK(sent.refusal.problem == "payment-declined");
    CHECK(sent.told.text == R"({"code":"insufficient_funds","retryable":true})");
    CHECK(std::get<Refused>(shop.settle(charge)).told == sent.told);
}

TEST_CASE("a Pix that was paid is not let go of, which would give it back", "[pagarme]") {
    Shop shop;
    const auto pix = shop.done(shop.charge("pix"));
    CHECK(status_in(pix) == "pending");
    const auto let_go = payments::void_charge(payments::pagarme, {"k-void"}, pix.id);
    CHECK(shop.provider.manner(let_go).asks_first);
    CHECK(std::holds_alternative<gateways::Absent>(shop.settle(let_go)));
    shop.control("/payments/" + pix.id, {{"act", "pay"}});
    CHECK(std::holds_alternative<Refused>(shop.settle(let_go)));
    CHECK(status_in(shop.done(payments::look(payments::pagarme, pix.id))) == "captured");
    const auto other = shop.done(shop.charge("pix", {}, 2));
    CHECK(std::holds_alternative<Done>(
        shop.send(payments::void_charge(payments::pagarme, {"k-void-2"}, other.id))
    ));
}

TEST_CASE("a Pix is back when Pagar.me says so, and asked about until then", "[pagarme]") {
    Shop shop;
    const auto pix = shop.done(shop.charge("pix"));
    shop.control("/payments/" + pix.id, {{"act", "pay"}});
    shop.control("/refunds", {{"held", true}});
    CHECK(std::holds_alternative<gateways::Unknown>(shop.send(shop.refund(pix.id, 1000))));
    const auto waits = std::get<gateways::LookUpFailed>(shop.settle(shop.refund(pix.id, 1000)));
    CHECK_FALSE(waits.is_final);
    shop.control("/refunds", {{"held", false}});
    CHECK(std::holds_alternative<Done>(shop.settle(shop.refund(pix.id, 1000))));
}

TEST_CASE("a boleto says how it is paid, and has no way back", "[pagarme]") {
    Shop shop;
    const auto boleto = shop.done(shop.charge("boleto"));
    CHECK(Json::parse(boleto.told.text).at("boleto").at("due_date") == "2036-12-01");
    shop.control("/payments/" + boleto.id, {{"act", "pay"}});
    CHECK(std::holds_alternative<Refused>(shop.send(shop.refund(boleto.id, 2990))));
    CHECK(std::holds_alternative<gateways::Absent>(shop.settle(shop.refund(boleto.id, 2990))));
}

TEST_CASE("without a good key nothing is charged, and that is said", "[pagarme]") {
    Shop shop;
    shop.key = "sk_test_2";
    const auto charge = shop.charge("credit_card", "tok_approved_1");
    CHECK(std::get<Refused>(shop.send(charge)).refusal.problem == "payments-credentials");
    CHECK(std::get<gateways::LookUpFailed>(shop.settle(charge)).is_final);
    shop.key = "";
    CHECK(std::get<Refused>(shop.send(charge)).refusal.problem == "payments-credentials");
    CHECK(std::get<Refused>(shop.settle(charge)).refusal.problem == "payments-credentials");
}

TEST_CASE("what nobody knows at Pagar.me is refused", "[pagarme]") {
    Shop shop;
    const auto look = payments::look(payments::pagarme, "ch_nobody");
    CHECK(std::holds_alternative<Refused>(shop.send(look)));
    CHECK(std::holds_alternative<Refused>(shop.settle(look)));
}
