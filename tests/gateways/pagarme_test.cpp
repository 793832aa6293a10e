// What Pagar.me says and is told, without a network.
#include <nlohmann/json.hpp>

#include "core/base64.hpp"
#include "core/time.hpp"
#include "gateways/pagarme/charge.hpp"
#include "gateways/pagarme/credentials.hpp"
#include "gateways/pagarme/hook.hpp"
#include "gateways/pagarme/order.hpp"
#include "gateways/pagarme/peer.hpp"
#include "gateways/pagarme/refusals.hpp"
#include "gateways/payments/payments.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::pagarme;
using Json = nlohmann::ordered_json;

namespace {

Json charge_of(const std::string& status, Json transaction, Json more = Json::object()) {
    Json charge{
        {"id", "ch_1"},
        {"code", "sale-1-1"},
        {"amount", 2990},
        {"status", status},
        {"payment_method", "credit_card"},
        {"last_transaction", std::move(transaction)}
    };
    charge.update(more);
    return charge;
}

std::string status_of(
    const std::string& status, const std::string& transaction, Json more = Json::object()
) {
    return read_charge(charge_of(status, {{"status", transaction}}, std::move(more)))
        .value()
        .status;
}

payments::Buyer maria() {
    payments::Buyer buyer;
    buyer.customer_id = "customer-1";
    buyer.name = "Maria Souza";
    buyer.email = "m@example.com";
    buyer.document = "52998224725";
    buyer.phone = "+5511999999999";
    buyer.address = {"Rua A", "1", "Centro", "", "São Paulo", "SP", "01310100", ""};
    return buyer;
}

JsonText effect_by(const std::string& method) {
    payments::Order order;
    order.charge_id = "sale-1-1";
    order.checkout_id = "sale-1";
    order.customer_id = "customer-1";
    order.method = method;
    order.amount_cents = 2990;
    order.currency = "BRL";
    if (method == "credit_card") order.card_token = "tok_approved_1";
    if (method != "credit_card") {
        order.expires_in = 3600;
        order.payable_until = parse_time("2026-12-01T13:00:00Z");
    }
    return payments::issue(payments::pagarme, {"sale-1-1"}, order).body;
}

std::string refused_code(const std::string& method, const std::optional<payments::Buyer>& buyer) {
    const auto body = order_body(effect_by(method), buyer);
    return Json::parse(body.error().told.text).at("code");
}

std::string basic(const std::string& pair) {
    return "Basic " + encode_base64(pair);
}

}  // namespace

TEST_CASE("what a charge of Pagar.me has become is said in the words of the port", "[pagarme]") {
    CHECK(status_of("pending", "authorized_pending_capture") == "authorized");
    CHECK(status_of("pending", "waiting_payment") == "pending");
    CHECK(status_of("pending", "generated") == "pending");
    CHECK(status_of("processing", "viewed") == "pending");
    CHECK(status_of("underpaid", "underpaid") == "pending");
    CHECK(status_of("pending", "waiting_authentication") == "requires_action");
    CHECK(status_of("paid", "captured") == "captured");
    CHECK(status_of("overpaid", "overpaid") == "captured");
    CHECK(
        status_of("paid", "refunded", {{"paid_amount", 2990}, {"canceled_amount", 990}}) ==
        "captured"
    );
    CHECK(
        status_of(
            "paid", "pending_refund", {{"paid_amount", 2990}, {"pending_cancel_amount", 2990}}
        ) == "refunded"
    );
    CHECK(
        status_of("canceled", "refunded", {{"paid_amount", 2990}, {"canceled_amount", 2990}}) ==
        "refunded"
    );
    CHECK(status_of("canceled", "voided", {{"canceled_amount", 2990}}) == "voided");
    CHECK(status_of("canceled", "expired") == "expired");
    CHECK(status_of("chargedback", "captured") == "disputed");
    CHECK(status_of("failed", "not_authorized") == "declined");
}

TEST_CASE("200 with failed is a decline, by what the bank answered", "[pagarme]") {
    const auto declined_by = [](const char* code) {
        const auto charge = read_charge(charge_of(
            "failed",
            {{"status", "not_authorized"},
             {"success", false},
             {"transaction_type", "credit_card"},
             {"acquirer_return_code", code}}
        ));
        return std::pair(charge->decline_code, charge->retryable);
    };
    using Pair = std::pair<std::string, bool>;
    CHECK(declined_by("1000") == Pair("card_declined", false));
    CHECK(declined_by("1016") == Pair("insufficient_funds", true));
    CHECK(declined_by("1011") == Pair("invalid_card", false));
    CHECK(declined_by("") == Pair("card_declined", false));
    const auto pix = read_charge(charge_of("failed", {{"transaction_type", "pix"}})).value();
    CHECK(pix.decline_code == "charge_failed");
}

TEST_CASE(
    "amounts are what was paid and what went back, the buyer is shown what to pay by", "[pagarme]"
) {
    const auto part =
        read_charge(
            charge_of(
                "paid",
                {{"status", "refunded"}},
                {{"paid_amount", 2990}, {"canceled_amount", 990}, {"pending_cancel_amount", 100}}
            )
        )
            .value();
    CHECK(part.captured_cents == 2990);
    CHECK(part.refunded_cents == 990);
    CHECK(part.refunding_cents == 100);
    CHECK(part.told.text == R"({"status":"captured","captured_cents":2990,"refunded_cents":990})");
    const auto pix = read_charge(charge_of(
                                     "pending",
                                     {{"status", "waiting_payment"},
                                      {"qr_code", "000201"},
                                      {"expires_at", "2026-12-01T13:00:00Z"}},
                                     {{"payment_method", "pix"}}
                                 ))
                         .value();
    CHECK(Json::parse(pix.told.text).at("pix").at("qr_code") == "000201");
    const auto boleto = read_charge(charge_of(
                                        "pending",
                                        {{"status", "generated"},
                                         {"line", "0"},
                                         {"url", "https://b"},
                                         {"due_at", "2026-12-04T13:00:00Z"}},
                                        {{"payment_method", "boleto"}}
                                    ))
                            .value();
    CHECK(Json::parse(boleto.told.text).at("boleto").at("due_date") == "2026-12-04");
}

TEST_CASE("a charge is read of an order too, and found by its order's code", "[pagarme]") {
    const auto charge = charge_of("paid", {{"status", "captured"}});
    const Json order{
        {"id", "or_1"}, {"code", "sale-1-1"}, {"status", "paid"}, {"charges", {charge}}
    };
    CHECK(read_charge(order)->id == "ch_1");
    CHECK(find_charge({{"data", {order}}}, "sale-1-1")->id == "ch_1");
    CHECK_FALSE(find_charge({{"data", {order}}}, "sale-1-2"));
    CHECK_FALSE(find_charge({{"data", Json::array()}}, "sale-1-1"));
    CHECK_FALSE(read_charge(Json::array()));
    CHECK_FALSE(read_charge({{"charges", Json::array()}}));
    CHECK_FALSE(read_charge({{"id", "ch_1"}}));
}

TEST_CASE("an order names the buyer, one line and the method's own terms", "[pagarme]") {
    const auto card = Json::parse(order_body(effect_by("credit_card"), maria()).value().text);
    CHECK(card.at("code") == "sale-1-1");
    CHECK(card.at("items").at(0).at("amount") == 2990);
    CHECK(card.at("metadata").at("saga_id") == "sale-1");
    const Json terms{
        {"card_token", "tok_approved_1"},
        {"installments", 1},
        {"capture", false},
        {"operation_type", "auth_only"}
    };
    CHECK(card.at("payments").at(0).at("credit_card") == terms);
    const auto& customer = card.at("customer");
    CHECK(customer.at("document_type") == "CPF");
    CHECK(customer.at("address").at("line_1") == "1, Rua A, Centro");
    CHECK(customer.at("address").at("country") == "BR");
    CHECK(customer.at("phones").at("mobile_phone").at("area_code") == "11");
    const auto pix = Json::parse(order_body(effect_by("pix"), maria()).value().text);
    CHECK(pix.at("payments").at(0).at("pix").at("expires_in") == 3600);
    const auto boleto = Json::parse(order_body(effect_by("boleto"), maria()).value().text);
    CHECK(boleto.at("payments").at(0).at("boleto").at("due_at") == "2026-12-01T13:00:00Z");
    auto company = maria();
    company.document = "11222333000181";
    company.phone = "+14155550100";
    const auto by_company = Json::parse(order_body(effect_by("pix"), company).value().text);
    CHECK(by_company.at("customer").at("type") == "company");
    CHECK_FALSE(by_company.at("customer").contains("phones"));
}

TEST_CASE("what Pagar.me would not take of a buyer is not sent", "[pagarme]") {
    CHECK(refused_code("credit_card", std::nullopt) == "buyer_unknown");
    auto nameless = maria();
    nameless.name.clear();
    CHECK(refused_code("credit_card", nameless) == "buyer_unknown");
    auto undocumented = maria();
    undocumented.document.clear();
    CHECK(refused_code("pix", undocumented) == "document_required");
    CHECK(order_body(effect_by("credit_card"), undocumented));
    auto homeless = maria();
    homeless.address.city.clear();
    CHECK(refused_code("boleto", homeless) == "address_required");
    CHECK(order_body(effect_by("pix"), homeless));
}

TEST_CASE("a hook says that there is something to look at, and nothing else is read", "[pagarme]") {
    const auto read = [](const char* text) { return read_hook(Json::parse(text)); };
    const auto of_charge = read(
        R"({"id":"hook_1","type":"charge.paid","data":{"id":"ch_1","metadata":{"saga_id":"sale-1"}}})"
    );
    REQUIRE(of_charge);
    CHECK(of_charge->signal == "payment.paid");
    CHECK(of_charge->charge_id == "ch_1");
    CHECK(of_charge->checkout_id == "sale-1");
    const auto of_order = read(
        R"({"id":"hook_2","type":"order.canceled","data":{"id":"or_1","charges":[{"id":"ch_1"}],)"
        R"("metadata":{"saga_id":"sale-1"}}})"
    );
    CHECK(of_order->signal == "payment.cancelled");
    CHECK(of_order->charge_id == "ch_1");
    const auto within = read(
        R"({"id":"hook_3","type":"charge.odd","data":{"id":"ch_1","order":{"metadata":{"saga_id":"s"}}}})"
    );
    CHECK(within->signal == "charge.odd");
    CHECK(within->checkout_id == "s");
    CHECK(read(R"({"id":"hook_4","type":"order.paid","data":[]})")->checkout_id.empty());
    CHECK_FALSE(read(R"({"id":"hook_5"})"));
    CHECK_FALSE(read(R"({"type":"order.paid","id":5})"));
    CHECK_FALSE(read("[]"));
}

TEST_CASE("hooks come in by their own password, else by the key", "[pagarme]") {
    Credentials credentials{true, "sk_test_1", "hooks", "p4ss:word"};
    CHECK(is_hook_of(credentials, basic("hooks:p4ss:word")));
    for (const auto* pair : {"hooks:p4ss", "hooks:", "hooks:p4ss:word ", "sk_test_1:", ":", ""})
        CHECK_FALSE(is_hook_of(credentials, basic(pair)));
    CHECK_FALSE(is_hook_of(credentials, "Bearer hooks:p4ss:word"));
    CHECK_FALSE(is_hook_of(credentials, "Basic !"));
    credentials.hook_user = credentials.hook_password = "";
    CHECK(is_hook_of(credentials, basic("sk_test_1:")));
    CHECK_FALSE(is_hook_of(credentials, basic(":")));
    CHECK_FALSE(is_hook_of({}, basic(":")));
}

TEST_CASE("credentials are kept as they are, and faults name no secret", "[pagarme]") {
    const Credentials credentials{true, "sk_test_1", "h \"quoted\"", "p\\:w"};
    CHECK(credentials_in(secret_of(credentials)) == credentials);
    CHECK(credentials_in(secret_of({})) == Credentials{});
    CHECK_THROWS_WITH(
        credentials_in(JsonText(R"({"secret_key":"sk_test_1"})")),
        "the credentials for Pagar.me are not what this program wrote"
    );
    CHECK(key_faults("sk_test_0123").empty());
    for (const auto* key : {"", "sk_", "pk_test_1", "sk_a b", "sk_a\n"}) {
        const auto faults = key_faults(key);
        REQUIRE(faults.size() == 1);
        CHECK(faults[0].members.front() == "payments_key");
    }
    CHECK(hook_in("hooks:a:b").value() == std::pair<std::string, std::string>("hooks", "a:b"));
    for (const auto* hook : {"", "hooks", ":password", "a:b\n"})
        CHECK(hook_faults(hook).size() == 1);
}

TEST_CASE("Pagar.me is called by Basic with the key as the user", "[pagarme]") {
    const PagarmePeer peer(
        {TenantId("acme"), net::parse_base_url("http://127.0.0.1:1").value(), "sk_1"}
    );
    rest::Call call;
    call.method = "DELETE";
    call.path = "/charges/ch_1";
    call.idempotency_key = "sale-1-1-void";
    const auto request = peer.request(call, "");
    CHECK(request.headers.find("Authorization") == basic("sk_1:"));
    CHECK(request.headers.find("Idempotency-Key") == "sale-1-1-void");
    CHECK_FALSE(peer.sign_in());
    CHECK(peer.secrets() == std::vector<std::string_view>{"sk_1"});
}

TEST_CASE("a definite no is one, but for what may be there already", "[pagarme]") {
    rest::CallError error;
    error.kind = rest::CallError::Kind::refused;
    error.status = 412;
    CHECK(std::get<gateways::Refused>(sent_of(error, false)).look_first);
    CHECK_FALSE(std::get<gateways::Refused>(sent_of(error, true)).look_first);
    CHECK(look_up_failed(error).is_final);
    error.kind = rest::CallError::Kind::credentials;
    CHECK(
        std::get<gateways::Refused>(sent_of(error, true)).refusal.problem == "payments-credentials"
    );
    error.kind = rest::CallError::Kind::unavailable;
    error.retry_after = std::chrono::seconds(7);
    CHECK(
        std::get<gateways::Answered>(sent_of(error, true)).retry_after == std::chrono::seconds(7)
    );
    CHECK_FALSE(look_up_failed(error).is_final);
    error.kind = rest::CallError::Kind::unknown;
    CHECK(std::holds_alternative<gateways::Unknown>(sent_of(error, true)));
    error.kind = rest::CallError::Kind::not_sent;
    CHECK(std::holds_alternative<gateways::NotSent>(sent_of(error, true)));
}
