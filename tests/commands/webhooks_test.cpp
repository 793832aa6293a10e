#include "commands/webhooks/delivery.hpp"
#include "commands/webhooks/signature.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

constexpr const char* body = R"({"event":"order.paid","data":{},"timestamp":1697472000})";

Delivery parsed(const std::string& text) {
    auto delivery = parse_delivery(text);
    REQUIRE(delivery.has_value());
    return *delivery;
}

}  // namespace

TEST_CASE("a signature is good with the secret's text or with what it decodes to", "[webhooks]") {
    struct Row {
        std::string secret, raw, decoded;
    };
    const auto row = GENERATE(
        Row{"test-webhook-secret-123",
            "3f871a28c9e96b9033c5b65a7eff1e1c8266ec6a020b25351e0a7b12d5c34aef",
            ""},
        Row{"webhook_secret_super_seguro_32_chars",
            "22bd494a2975e87ee2c3a750673e4436313678d0dda7f3204e8ed2e92d437f07",
            ""},
        Row{"0123456789abcdef0123456789abcdef",
            "23a665e9b784fd5e8ec58ed43a67af67628eec1a8d4c1cc86e5ec9d9af3eb33d",
            "865db8d00f13817dadfe4f37f13fa12c73b4718e23a056d57404ebb5a009e9bc"},
        Row{"c2VjcmV0LXNlY3JldC1zZWNyZXQhIQ==",
            "862e026805093e777326c3ceb5fa5eba51537dcf3c208a847250e094c4424d0d",
            "23cda282863c67c5b6c1abde9089b9badfd162dd1f8132bf4dba4346a89c98ff"},
        Row{"abcdefghijklmnopqrst",
            "dd53775d75e67b93d693455cd0070baaf6824edae71587d1b478a1be0a26cd36",
            ""},
        Row{"abcdefghijklmnopqrstuv",
            "e42ba0f038d91c8694fa8b9af8611a5caa52959a54122a3c00b8a0650820b349",
            "2b74b4b802ff11f5e8ad0b3e0c741f89cc3b52320269bffe2fe4e20b4aa96714"},
        Row{"whsec_0123456789abcdef0123456789abcdef",
            "ef412128ce536c538b59d92f136df94ce9f7e0e4ed0b9715b3fa78a4337dd230",
            ""}
    );
    CAPTURE(row.secret);
    CHECK(webhook_keys(row.secret).size() == (row.decoded.empty() ? 1 : 2));
    CHECK(is_signed_with(row.secret, body, row.raw));
    CHECK(is_signed_with(row.secret, body, "sha256=" + row.raw));
    CHECK_FALSE(is_signed_with(row.secret, std::string(body) + "\n", row.raw));
    CHECK_FALSE(is_signed_with(row.secret + "x", body, row.raw));
    auto other = row.raw;
    other.back() = other.back() == '0' ? '1' : '0';
    CHECK_FALSE(is_signed_with(row.secret, body, other));
    if (!row.decoded.empty()) CHECK(is_signed_with(row.secret, body, row.decoded));
}

TEST_CASE("a signature's case does not matter, its length does", "[webhooks]") {
    constexpr const char* secret = "test-webhook-secret-123";
    constexpr const char* upper =
        "3F871A28C9E96B9033C5B65A7EFF1E1C8266EC6A020B25351E0A7B12D5C34AEF";
    CHECK(is_signed_with(secret, body, upper));
    CHECK(is_signed_with(secret, body, std::string("SHA256=") + upper));
    CHECK_FALSE(is_signed_with(secret, body, std::string(upper).substr(1)));
    CHECK_FALSE(is_signed_with(secret, body, std::string(upper) + "0"));
    CHECK_FALSE(is_signed_with(secret, body, ""));
    CHECK_FALSE(is_signed_with(secret, body, std::string("md5=") + upper));
}

TEST_CASE("a secret that is too short or too long opens nothing", "[webhooks]") {
    CHECK(webhook_keys("short_secret_15").empty());
    CHECK(webhook_keys(std::string(513, '_')).empty());
    CHECK(webhook_keys(std::string(512, '_')).size() == 1);
    CHECK(webhook_keys("").empty());
}

TEST_CASE("both ways of naming an order's members are understood", "[webhooks]") {
    const auto text = GENERATE(
        R"({"id":"evt_1","event":"order.completed","timestamp":1301626800,"data":{"orderId":"o1",
            "total":19900,"currency":"BRL","offerId":"65f0","metadata":{"utm_source":"google"}}})",
        R"({"id":"evt_1","type":"order.completed","timestamp":"2011-04-01T03:00:00Z","data":{"id":"o1",
            "total_amount":19900,"currency":"BRL","items":[{"offer_id":"65f0"}],
            "tracking":{"source":"google"}}})"
    );
    const auto delivery = parsed(text);
    CHECK(delivery.id == "evt_1");
    CHECK(delivery.stream == "order-o1");
    REQUIRE(delivery.order.has_value());
    CHECK(delivery.order->type.text() == "ClubifyOrderCompleted");
    CHECK(delivery.order->order_id == "o1");
    CHECK(delivery.order->amount_cents == 19900);
    CHECK(delivery.order->clubify_offer_id == ClubifyId("65f0"));
    CHECK(delivery.order->source == "google");
    CHECK(format_time(delivery.order->sent_at) == "2011-04-01T03:00:00Z");
}

TEST_CASE("a refund counts what was given back, a payment stands by itself", "[webhooks]") {
    const auto refund = parsed(
        R"({"event":"order.refunded","timestamp":1,"data":{"order_id":"o1","amount":100,"refund_amount":40}})"
    );
    CHECK(refund.order->amount_cents == 40);
    const auto payment =
        parsed(R"({"event":"payment.declined","timestamp":1,"data":{"id":"p1","order_id":"o1"}})");
    CHECK(payment.stream == "payment-p1");
    CHECK(payment.order->type.text() == "ClubifyPaymentFailed");
    CHECK_FALSE(payment.order->amount_cents.has_value());
}

TEST_CASE("what leads to no event says why", "[webhooks]") {
    const auto reason = [](const std::string& event, const std::string& data) {
        const auto delivery =
            parsed(R"({"event":")" + event + R"(","timestamp":1,"data":)" + data + "}");
        CHECK_FALSE(delivery.order.has_value());
        CHECK_FALSE(delivery.ignored.in(Language::portuguese) == delivery.ignored.english());
        return delivery.ignored.english();
    };
    CHECK(reason("coupon.applied", "{}") == "no event of ours comes of coupon.applied");
    CHECK(reason("order.paid", "{}") == "it names no order");
    CHECK(reason("order.paid", R"({"id":"with space"})") == "it names no order");
    CHECK(reason("payment.paid", R"({"orderId":"o1"})") == "it names no payment");
    CHECK(reason("order.paid", R"({"id":"o1","total":19.9})") == "the amount is not integer cents");
    CHECK(reason("order.paid", R"({"id":"o1","total":-1})") == "the amount is below zero");
}

TEST_CASE("an id is what it says, however it is written", "[webhooks]") {
    const auto id = [](const std::string& written) {
        return parsed(R"({"id":)" + written + R"(,"event":"test","timestamp":1,"data":{}})").id;
    };
    CHECK(id(R"("evt_1")") == "evt_1");
    CHECK(id(R"(" evt_1 ")") == "evt_1");
    CHECK(id("17") == "17");
    CHECK(id("17.0") == "17");
    CHECK(id("18446744073709551615") == "18446744073709551615");
    CHECK(id(R"("pedido 7")").starts_with("id-"));
    CHECK(id(R"("pedido 7")") == id(R"("pedido\u00207")"));
    CHECK(id(R"("pedido 7")") != id(R"("pedido 8")"));
    CHECK(id('"' + std::string(300, 'x') + '"') != id('"' + std::string(301, 'x') + '"'));
    CHECK(id(R"("\u00a017\u200b")") == "17");
    for (const auto* none :
         {"null",
          R"("")",
          R"(" \t")",
          R"("\u00a0")",
          R"("\u2003\u3000")",
          R"("\u200b\ufeff")",
          R"("\udb40\udc61")",
          R"("\ufffe")",
          "[]",
          "{}",
          "true",
          "1.5",
          "1e400"})
        CHECK(id(none).starts_with("told-"));
    // What could be taken for one of ours is not taken as it is.
    CHECK(id(R"("told-1")").starts_with("id-"));
    CHECK(id('"' + std::string(64, 'a') + '"').starts_with("id-"));
}

TEST_CASE("without an id a delivery is known by what it says, not by how", "[webhooks]") {
    const auto id = [](const std::string& text) { return parsed(text).id; };
    const auto first =
        id(R"({"event":"order.refunded","timestamp":1,"data":{"orderId":"o1","refund_amount":300}})"
        );
    CHECK(first.starts_with("told-"));
    const auto again = GENERATE(
        R"({"event":"order.refunded","timestamp":9,"data":{"orderId":"o1","refund_amount":300}})",
        R"({"timestamp":1,"data":{"refund_amount":300.0,"order_id":"o1"},"event":"order.refunded","id":""})",
        R"({"event":"ORDER.REFUNDED","timestamp":1,"metadata":{"attempt":2},"data":{"orderId":"o1",
            "refund_amount":"300","attempt":3,"sent_at":"2026-01-01T00:00:00Z"}})",
        R"({"event":"order.refunded","timestamp":1,"data":{"orderId":"o1","refund_amount":300,
            "updated_at":"2026-01-01T00:00:07Z","tries":2}})"
    );
    CHECK(id(again) == first);
    const auto other = GENERATE(
        R"({"event":"order.refunded","timestamp":1,"data":{"orderId":"o2","refund_amount":300}})",
        R"({"event":"order.refunded","timestamp":1,"data":{"orderId":"o1","refund_amount":301}})",
        R"({"event":"order.refunded","timestamp":1,"data":{"orderId":"o1","refund_amount":300,"refund_id":"r"}})",
        R"({"event":"order.refunded","timestamp":1,"data":{"orderId":"o1","refund_amount":300,"refunded_at":"x"}})",
        R"({"event":"payment.refunded","timestamp":1,"data":{"orderId":"o1","id":"o1","refund_amount":300}})"
    );
    CHECK(id(other) != first);
    CHECK(
        id(R"({"event":"coupon.applied","timestamp":1,"data":{"a":1,"b":{"attempt":1,"c":2}}})") ==
        id(R"({"event":"coupon.applied","timestamp":2,"data":{"b":{"c":2,"Tries":2},"a":1}})")
    );
    CHECK(
        id(R"({"event":"coupon.applied","timestamp":1,"data":{"a":1}})") !=
        id(R"({"event":"coupon.applied","timestamp":1,"data":{"a":2}})")
    );
}

namespace {

events::ClubifyOrderEvent told(const std::string& event, const std::string& data) {
    const auto delivery =
        parsed(R"({"event":")" + event + R"(","timestamp":1,"data":)" + data + "}");
    CAPTURE(delivery.ignored.english());
    REQUIRE(delivery.order.has_value());
    return *delivery.order;
}

}  // namespace

TEST_CASE("what can only mean one amount is taken as that", "[webhooks]") {
    const auto* total = GENERATE("19900", "19900.0", "199e2", R"("19900")", R"(" 19900 ")");
    CHECK(
        told("order.paid", R"({"id":"o1","total":)" + std::string(total) + "}").amount_cents ==
        19900
    );
    CHECK(told("order.paid", R"({"id":12,"total":1})").order_id == "12");
    CHECK(told("order.paid", R"({"orderId":"","id":"o1","total":1})").order_id == "o1");
    CHECK(told("order.paid", R"({"id":"o1","total":1,"currency":" brl"})").currency == "BRL");
}

TEST_CASE("an order within an object of its own is read whole", "[webhooks]") {
    const auto order = told(
        "order.paid",
        R"({"id":null,"order":{"id":"o9","total":700,"currency":"BRL","offer_id":"f1"}})"
    );
    CHECK(order.order_id == "o9");
    CHECK(order.amount_cents == 700);
    CHECK(order.currency == "BRL");
    CHECK(order.clubify_offer_id == ClubifyId("f1"));
    CHECK(
        told("order.paid", R"({"id":"o1","total":7,"order":{"id":"x","total":7}})").order_id == "o1"
    );

    const auto* unclear = GENERATE(
        R"({"id":"o1","total":7,"order":{"total":8}})",
        R"({"id":"o1","total":7,"order":{"total_amount":8}})",
        R"({"orderId":"a","order_id":"b","total":7})"
    );
    CAPTURE(unclear);
    const auto delivery =
        parsed(std::string(R"({"event":"order.paid","timestamp":1,"data":)") + unclear + "}");
    CHECK_FALSE(delivery.order);
    CHECK_FALSE(delivery.unclear.empty());
}

TEST_CASE("a refund says what it gave back, or what was given back so far", "[webhooks]") {
    struct Row {
        const char* data;
        std::optional<std::int64_t> this_one, so_far;
    };
    const auto row = GENERATE(
        Row{R"({"id":"o1","refunded_amount":40,"total":100})", {}, 40},
        Row{R"({"id":"o1","refundedAmount":40,"amount":100})", {}, 40},
        Row{R"({"id":"o1","refunded_amount":40,"total_refunded":90})", 40, 90},
        Row{R"({"id":"o1","refundAmount":40,"refunded_amount":40})", 40, {}},
        Row{R"({"id":"o1","refund_amount":40,"refunded_amount":90})", 40, 90},
        Row{R"({"id":"o1","refund":{"id":"r1","amount":40},"total_refunded":90})", 40, 90},
        Row{R"({"id":"o1","total_refunded":90,"total":100})", {}, 90},
        Row{R"({"id":"o1","refunds":[{"amount":40},{"amount":50}]})", {}, 90},
        Row{R"({"id":"o1","amount":40,"total":100,"status":"partially_refunded"})", 40, {}},
        Row{R"({"id":"o1","total":100})", 100, {}},
        Row{R"({"id":"o1"})", {}, {}}
    );
    CAPTURE(row.data);
    const auto refund = told("order.refunded", row.data);
    CHECK(refund.amount_cents == row.this_one);
    CHECK(refund.refunded_total_cents == row.so_far);
    CHECK(told("order.refunded", R"({"id":"o1","refund":{"id":7,"amount":1}})").refund_id == "7");
}

TEST_CASE(
    "what is not understood is said to be unclear, with what is certain of it", "[webhooks]"
) {
    struct Row {
        const char* event;
        const char* data;
        const char* unclear;
        bool taken;
    };
    const auto row = GENERATE(
        Row{"order.paid", R"({"id":"o1","total":19.9})", "the amount is not integer cents", false},
        Row{"order.paid", R"({"id":"o1","total":"R$ 19"})", "the amount is not integer cents", false
        },
        Row{"order.paid",
            R"({"id":"o1","total":1,"total_amount":2})",
            "it tells the same amount twice, and not alike",
            false},
        Row{"order.refunded",
            R"({"id":"o1","total":9,"status":"partially_refunded"})",
            "it does not tell how much was given back",
            false},
        Row{"order.refunded", R"({"id":"o1","refund_amount":-1})", "the amount is below zero", false
        },
        Row{"order.paid", R"({"id":"o1","total":"-5"})", "the amount is below zero", false},
        Row{"order.paid", R"({"id":"o1","total":-1e400})", "the amount is below zero", false},
        Row{"order.paid",
            R"({"id":"o1","total":-9223372036854775808})",
            "the amount is below zero",
            false},
        Row{"order.paid",
            R"({"id":"o1","total":-9223372036854775809})",
            "the amount is below zero",
            false},
        Row{"order.paid",
            R"({"id":"o1","total":9223372036854775807})",
            "the amount is above 10^12 cents",
            false},
        Row{"order.paid",
            R"({"id":"o1","total":9223372036854775808})",
            "the amount is above 10^12 cents",
            false},
        Row{"order.paid",
            R"({"id":"o1","total":18446744073709551615})",
            "the amount is above 10^12 cents",
            false},
        Row{"order.paid",
            R"({"id":"o1","total":18446744073709551616})",
            "the amount is above 10^12 cents",
            false},
        Row{"order.paid", R"({"id":"o1","total":1e-400})", "the amount is not integer cents", false
        },
        Row{"order.paid", R"({"id":"o1","total":-1e-400})", "the amount is not integer cents", false
        },
        Row{"order.paid",
            R"({"id":"o1","total":100.0000000000000000001})",
            "the amount is not integer cents",
            false},
        Row{"order.paid",
            R"({"id":"o1","total":99.9999999999999999999})",
            "the amount is not integer cents",
            false},
        Row{"order.refunded",
            R"({"id":"o1","refunds":[{"amount":1},{"amount":1e-400}]})",
            "the amount is not integer cents",
            false},
        Row{"order.paid",
            R"({"id":"o1","total":1000000000001})",
            "the amount is above 10^12 cents",
            false},
        Row{"order.paid",
            R"({"id":"o1","total":"99999999999999999999"})",
            "the amount is above 10^12 cents",
            false},
        Row{"order.paid", R"({"id":"o1","total":1e400})", "the amount is above 10^12 cents", false},
        Row{"order.refunded",
            R"({"id":"o1","refunds":[{"id":"r1"}]})",
            "it does not tell how much was given back",
            false},
        Row{"order.paid",
            R"({"id":"o1","total":1,"weight":1e400})",
            "a number in it is larger than any that is kept",
            true},
        Row{"order.paid", R"({"total":1})", "it names no order", false},
        Row{"order.chargeback", R"({"id":"o1"})", "nobody knows what order.chargeback means", false
        },
        Row{"order.paid",
            R"({"id":"o1","total":1,"currency":"R$"})",
            "its currency is not one",
            false},
        Row{"order.paid",
            R"({"id":"o1","total":1,"currency":"ZZZ"})",
            "its currency is not one",
            false},
        Row{"order.cancelled", R"({"id":"o1","currency":"R$"})", "its currency is not one", true},
        Row{"order.paid", R"({"id":"o1"})", "it tells no amount", true},
        Row{"payment.paid",
            R"({"id":"p1","amount":1})",
            "it names no order, so that it counts nowhere",
            true},
        Row{"order.shipped", R"({"id":"o1"})", "", false},
        Row{"anything.else", R"({})", "", false},
        Row{"order.cancelled", R"({"id":"o1"})", "", true}
    );
    CAPTURE(row.event, row.data);
    const auto delivery = parsed(
        std::string(R"({"event":")") + row.event + R"(","timestamp":1,"data":)" + row.data + "}"
    );
    CHECK(delivery.unclear.english() == row.unclear);
    CHECK((delivery.unclear.in(Language::portuguese) == row.unclear) == delivery.unclear.empty());
    CHECK(delivery.order.has_value() == row.taken);
    CHECK(delivery.ignored.empty() == row.taken);
}

TEST_CASE("a time is taken in whichever way it is written", "[webhooks]") {
    for (const auto* time : {"1301626800", "1301626800.0", "1301626800.25"})
        CHECK(format_time(*parse_webhook_time(time)) == "2011-04-01T03:00:00Z");
    CHECK_FALSE(parse_webhook_time("nan"));
    CHECK_FALSE(parse_webhook_time("inf"));
}

TEST_CASE("an envelope that lacks what it needs is refused with a pointer", "[webhooks]") {
    const auto pointer = [](const char* text) {
        const auto delivery = parse_delivery(text);
        REQUIRE_FALSE(delivery.has_value());
        return delivery.error().pointer;
    };
    CHECK(pointer(R"({"timestamp":1,"data":{}})") == "/event");
    CHECK(pointer(R"({"event":7,"timestamp":1,"data":{}})") == "/event");
    CHECK(pointer(R"({"event":"test","data":{}})") == "/timestamp");
    CHECK(pointer(R"({"event":"test","timestamp":"soon","data":{}})") == "/timestamp");
    CHECK(pointer(R"({"event":"test","timestamp":99999999999999,"data":{}})") == "/timestamp");
    CHECK(pointer(R"({"event":"test","timestamp":-1,"data":{}})") == "/timestamp");
    CHECK(pointer(R"({"event":"test","timestamp":1})") == "/data");
    CHECK(pointer(R"({"event":"test","timestamp":1,"data":[]})") == "/data");
    CHECK(pointer("[]") == "");
}
