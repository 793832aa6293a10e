
#include "sandbox/peers/pagarme/book.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::pagarme;

namespace {

constexpr Timestamp noon{std::chrono::seconds(1'800'000'000)};

Json order_by(Json payment) {
    return {
        {"code", "sale-1"},
        {"items", Json::array({Json{{"description", "Curso"}, {"amount", 2990}, {"quantity", 2}}})},
        {"customer",
         {{"name", "Maria"},
          {"email", "m@example.com"},
          {"document", "52998224725"},
          {"address", {{"line_1", "1, Rua A"}}}}},
        {"payments", Json::array({std::move(payment)})},
        {"metadata", {{"saga_id", "s1"}}}
    };
}

Json card(const std::string& token, bool capture = false) {
    return {
        {"payment_method", "credit_card"},
        {"credit_card", {{"card_token", token}, {"capture", capture}}}
    };
}

Json pix() {
    return {{"payment_method", "pix"}, {"pix", {{"expires_in", 3600}}}};
}

Json boleto() {
    return {{"payment_method", "boleto"}, {"boleto", Json::object()}};
}

struct Shop {
    Book book{7};

    /// The charge of a new order.
    Json charged(Json payment) {
        const auto made = book.create(order_by(std::move(payment)), noon);
        REQUIRE(made);
        return made->body.at("charges").at(0);
    }
    std::string id_of(Json payment) { return charged(std::move(payment)).at("id"); }
    Json charge(const std::string& id, Timestamp now = noon) {
        return book.charge(id, now).value().body;
    }
    Json counted() { return book.payments().at(0); }
    std::vector<std::string> told() {
        std::vector<std::string> types;
        for (const auto& hook : book.take_hooks()) types.push_back(hook.type);
        return types;
    }
};

using Types = std::vector<std::string>;

}  // namespace

TEST_CASE("a card is authorised, captured in part and given back, as its charge tells") {
    Shop shop;
    const auto charge = shop.charged(card("tok_approved_1"));
    CHECK(charge["amount"] == 5980);
    CHECK(charge["status"] == "pending");
    CHECK(charge["last_transaction"]["status"] == "authorized_pending_capture");
    CHECK(shop.counted()["status"] == "authorized");
    CHECK(shop.told() == Types{"order.created", "charge.pending"});
    const std::string id = charge["id"];
    CHECK(shop.book.capture(id, {{"amount", 5981}}, noon).error().status == 412);
    const auto captured = shop.book.capture(id, {{"amount", 5000}}, noon);
    REQUIRE(captured);
    CHECK(captured->body["status"] == "paid");
    CHECK(captured->body["paid_amount"] == 5000);
    CHECK(shop.told() == Types{"charge.paid", "order.paid"});
    CHECK(shop.book.capture(id, {}, noon).error().status == 412);

    CHECK(shop.book.cancel(id, {{"amount", 5001}}, noon).error().status == 412);
    REQUIRE(shop.book.cancel(id, {{"amount", 2000}}, noon));
    CHECK(shop.counted()["status"] == "partially_refunded");
    CHECK(shop.told() == Types{"charge.partial_canceled"});
    REQUIRE(shop.book.cancel(id, Json::object(), noon));
    CHECK(shop.charge(id)["status"] == "canceled");
    CHECK(shop.counted()["refunded_amount"] == 5000);
    CHECK(shop.told() == Types{"charge.refunded"});
    CHECK_FALSE(shop.book.cancel(id, Json::object(), noon));
}

TEST_CASE("a decline is an order that failed, answered as one that was made") {
    Shop shop;
    const auto token = GENERATE("tok_declined_1", "tok_insufficient_1", "tok_nobody_knows");
    const auto made = shop.book.create(order_by(card(token)), noon);
    REQUIRE(made);
    CHECK(made->body["status"] == "failed");
    const auto& transaction = made->body["charges"][0]["last_transaction"];
    CHECK(transaction["success"] == false);
    CHECK(transaction.contains("acquirer_return_code"));
    CHECK(shop.counted()["status"] == "failed");
    CHECK(shop.told() == Types{"order.created", "charge.payment_failed", "order.payment_failed"});
}

TEST_CASE("a card that wants its owner's word waits for it; one that is slow has acted") {
    Shop shop;
    const auto id = shop.id_of(card("tok_3ds_1", true));
    CHECK(shop.charge(id)["last_transaction"]["status"] == "waiting_authentication");
    REQUIRE(shop.book.act(id, "pay", noon));
    CHECK(shop.charge(id)["last_transaction"]["status"] == "authorized_pending_capture");
    const auto slow = shop.book.create(order_by(card("tok_timeout_1", true)), noon);
    CHECK(slow->after == std::chrono::seconds(60));
    CHECK(slow->body["status"] == "paid");
}

TEST_CASE("what is authorised and not captured is voided, without money") {
    Shop shop;
    const auto id = shop.id_of(card("tok_approved_1"));
    REQUIRE(shop.book.cancel(id, Json::object(), noon));
    CHECK(shop.counted()["status"] == "voided");
    CHECK(shop.counted()["refunded_amount"] == 0);
    CHECK_FALSE(shop.book.capture(id, Json::object(), noon));
}

TEST_CASE("a Pix is paid, or is over when its time is; late money is taken all the same") {
    Shop shop;
    const auto id = shop.id_of(pix());
    CHECK(shop.charge(id)["last_transaction"]["status"] == "waiting_payment");
    CHECK(shop.charge(id, noon + std::chrono::minutes(59))["status"] == "pending");
    CHECK(shop.charge(id, noon + std::chrono::hours(1))["status"] == "canceled");
    CHECK(shop.counted()["status"] == "expired");
    CHECK(shop.told() == Types{"order.created", "charge.pending", "order.canceled"});
    REQUIRE(shop.book.act(id, "pay", noon));
    CHECK(shop.counted()["status"] == "paid");
    CHECK(shop.told() == Types{"charge.paid", "order.paid"});
}

TEST_CASE("a Pix is given back after the answer, and not while refunds are held") {
    Shop shop;
    const auto id = shop.id_of(pix());
    REQUIRE(shop.book.act(id, "pay", noon));
    shop.book.hold_refunds(true);
    const auto asked = shop.book.cancel(id, {{"amount", 980}}, noon);
    REQUIRE(asked);
    CHECK(asked->body["last_transaction"]["status"] == "pending_refund");
    CHECK(shop.book.cancel(id, {{"amount", 5001}}, noon).error().status == 412);  // 5,000 are left
    shop.book.settle_refunds(noon);
    CHECK(shop.counted()["refunded_amount"] == 0);
    shop.book.hold_refunds(false);
    shop.book.settle_refunds(noon);
    CHECK(shop.counted()["refunded_amount"] == 980);
    CHECK(shop.counted()["status"] == "partially_refunded");
}

TEST_CASE("a boleto that is paid goes back by no way of Pagar.me's") {
    Shop shop;
    const auto charge = shop.charged(boleto());
    CHECK(charge["last_transaction"]["line"].get<std::string>().size() == 47);
    const std::string id = charge["id"];
    REQUIRE(shop.book.act(id, "pay", noon));
    CHECK(shop.book.cancel(id, Json::object(), noon).error().status == 412);
    REQUIRE(shop.book.act(id, "chargeback", noon));
    CHECK(shop.counted()["status"] == "disputed");
}

TEST_CASE("what is wrong with an order is told all at once, by its member") {
    Shop shop;
    auto body = order_by(card("tok_approved"));
    body["items"][0]["quantity"] = 0;
    body["customer"].erase("email");
    body["payments"][0]["credit_card"] = {{"card", {{"number", "4111"}}}};
    const auto refused = shop.book.create(body, noon);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().status == 422);
    std::vector<std::string> members;
    for (const auto& [member, text] : refused.error().errors) members.push_back(member);
    CHECK(
        members ==
        Types{
            "payments[0].credit_card.card",
            "payments[0].credit_card.card_token",
            "items[0].quantity",
            "customer.email"
        }
    );
    CHECK(shop.book.payments().empty());
    CHECK(shop.told().empty());
}

TEST_CASE("orders are found by the merchant's code") {
    Shop shop;
    shop.id_of(pix());
    const auto found = shop.book.orders("sale-1", "", noon);
    CHECK(found["paging"]["total"] == 1);
    CHECK(found["data"][0]["metadata"]["saga_id"] == "s1");
    CHECK(shop.book.orders("sale-2", "", noon)["data"].empty());
    CHECK(shop.book.orders("", "paid", noon)["data"].empty());
}
