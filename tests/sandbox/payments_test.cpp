#include "tests/sandbox/fixture.hpp"

// Payments of the platform: how they are made, what becomes of them, what a repeat finds.

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

namespace {

struct Till {
    Sandbox sandbox;
    Seller seller{sandbox, tenant_a};

    Answer pay(const std::string& token, const std::string& more = "") {
        return seller.post(
            "/payments",
            R"({"amount":1000,"currency":"BRL","payment_method":"credit_card","card_token":")" +
                token + R"(","capture":false)" + more + "}"
        );
    }
    Answer act(const std::string& id, const std::string& act) {
        return sandbox.control("POST", "payments/" + id, R"({"act":")" + act + R"("})");
    }
};

std::string id_of(const Answer& answer) {
    return answer.json.at("_id").get<std::string>();
}

}  // namespace

TEST_CASE("a card is authorised, charged and given back in parts, never more than was charged") {
    Till till;
    const auto made = till.pay("tok_approved_1");
    REQUIRE(made.status == 201);
    CHECK(made.json.at("status") == "authorized");
    const auto id = id_of(made);
    const auto path = "/payments/" + id;
    CHECK(till.seller.post(path + "/refund", R"({"amount":1})").status == 409);
    CHECK(till.seller.post(path + "/capture", R"({"amount":999})").status == 400);
    CHECK(till.seller.post(path + "/capture").json.at("captured_amount") == 1000);
    CHECK(till.seller.post(path + "/capture").status == 200);
    CHECK(till.seller.post(path + "/void").status == 409);
    const auto part = till.seller.post(path + "/refund", R"({"amount":400})");
    CHECK(part.json.at("status") == "partially_refunded");
    CHECK(till.seller.post(path + "/refund", R"({"amount":601})").status == 400);
    CHECK(till.seller.post(path + "/refund").json.at("status") == "refunded");
    const auto state = till.sandbox.state().at("payments").at(0);
    CHECK(state.at("refunded_amount") == 1000);
    CHECK(state.at("refunds").size() == 2);
}

TEST_CASE("tokens of stand-ins say what becomes of a card; data of a card is refused") {
    Till till;
    CHECK(till.pay("tok_declined_1").json.at("code") == "card_declined");
    const auto insufficient = till.pay("tok_insufficient_1").json;
    CHECK(insufficient.at("status") == "failed");
    CHECK(insufficient.at("retryable") == true);
    CHECK(till.pay("tok_nothing_1").status == 400);
    const auto asked = till.pay("tok_3ds_0001");
    CHECK(asked.json.at("status") == "requires_action");
    CHECK(till.act(id_of(asked), "pay").json.at("status") == "authorized");
    const auto card = till.seller.post(
        "/payments",
        R"({"amount":1,"currency":"BRL","payment_method":"credit_card","card_data":{"number":"4"}})"
    );
    CHECK(card.status == 400);
    CHECK(card.json.dump().find("token") != std::string::npos);
}

TEST_CASE("a Pix waits until it is paid, or its time is over; a boleto is never given back") {
    Till till;
    const auto issue = [&](const std::string& method, const std::string& currency = "BRL") {
        return till.seller.post(
            "/payments",
            R"({"amount":1000,"currency":")" + currency + R"(","payment_method":")" + method +
                R"(","metadata":{"key":"k-)" + method + R"("}})"
        );
    };
    CHECK(issue("pix", "USD").status == 400);
    const auto pix = issue("pix");
    CHECK(pix.json.at("status") == "pending");
    CHECK(pix.json.at("pix").at("qr_code").get<std::string>().starts_with("000201"));
    CHECK(till.act(id_of(pix), "pay").json.at("captured_amount") == 1000);
    const auto boleto = issue("boleto");
    CHECK(boleto.json.at("boleto").at("line").get<std::string>().size() == 47);
    CHECK(till.act(id_of(boleto), "pay").status == 200);
    CHECK(till.seller.post("/payments/" + id_of(boleto) + "/refund").status == 400);

    const auto found = till.seller.get("/payments?metadata.key=k-pix").json.at("data");
    REQUIRE(found.size() == 1);
    CHECK(found.at(0).at("_id") == id_of(pix));
    CHECK(till.seller.get("/payments?metadata.key=other").json.at("data").empty());

    const auto late = issue("pix");
    till.sandbox.control("POST", "clock", R"({"now":"2011-04-01T05:00:00Z"})");
    Seller later{till.sandbox, tenant_a};  // the token is over too
    CHECK(later.get("/payments/" + id_of(late)).json.at("status") == "expired");
    CHECK(till.act(id_of(late), "pay").json.at("status") == "paid");
}
