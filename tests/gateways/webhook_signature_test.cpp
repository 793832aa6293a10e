#include "gateways/webhooks_out/signature.hpp"

#include "core/base64.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::webhooks_out;

namespace {

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string other = "whsec_" + encode_base64(std::string(32, 'k'));
const Message message{
    "msg_2f1e9d5c7a",
    "order.completed",
    R"({"type":"order.completed","timestamp":"2026-11-23T12:00:00Z","data":{"id":"ord_1","total_amount":12345}})"
};
const auto at = Timestamp(std::chrono::seconds(1795435200)) + std::chrono::microseconds(999'999);

}  // namespace

TEST_CASE("a message is signed as the standard's libraries do", "[webhooks_out]") {
    const std::string expected = "v1,VKHMinBoktw0N1LYgo0sNStPZ9LdZS2OdBaGI2A8h+8=";
    CHECK(signature_of(*key_of(secret), message.id, 1795435200, message.body) == expected);
    const auto headers = headers_of(message, {{secret}, ""}, at);
    CHECK(headers.find("webhook-id") == "msg_2f1e9d5c7a");
    CHECK(headers.find("webhook-timestamp") == "1795435200");
    CHECK(headers.find("webhook-signature") == expected);
    CHECK(headers.find("Content-Type") == "application/cloudevents+json; charset=utf-8");
    CHECK_FALSE(headers.find("X-Clubify-Signature"));
}

TEST_CASE("two secrets sign beside each other, the newest first", "[webhooks_out]") {
    const auto newest = signature_of(*key_of(other), message.id, 1795435200, message.body);
    const auto before = signature_of(*key_of(secret), message.id, 1795435200, message.body);
    const auto headers = headers_of(message, {{other, secret}, ""}, at);
    CHECK(headers.find("webhook-signature") == newest + ' ' + before);
}

TEST_CASE(
    "older receivers get an HMAC over the body alone, under the name they know", "[webhooks_out]"
) {
    const auto headers = headers_of(message, {{secret, other}, "X-Webhook-Signature"}, at);
    CHECK(
        headers.find("X-Webhook-Signature") ==
        "sha256=ce0a24c5d89d69aa206116a3d12c9ac4e462856b19e84ca3c010b9c62e597c85"
    );
    CHECK(headers.find("X-Clubify-Event") == "order.completed");
    CHECK(headers.find("X-Clubify-Timestamp") == "1795435200");
    CHECK(headers.find("X-Clubify-Webhook-Id") == "msg_2f1e9d5c7a");
    CHECK(headers.count("webhook-signature") == 1);
}

TEST_CASE(
    "a secret is whsec_ and 24 to 64 bytes in base64; a new one is like no other", "[webhooks_out]"
) {
    CHECK(key_of(secret)->size() == 24);
    for (const auto& wrong :
         {std::string("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
          std::string("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"),
          std::string("whsec_"),
          "whsec_" + encode_base64(std::string(23, 'a')),
          "whsec_" + encode_base64(std::string(65, 'a'))}) {
        CAPTURE(wrong);
        CHECK_FALSE(key_of(wrong));
    }
    const auto fresh = new_secret();
    CHECK(key_of(fresh)->size() == 32);
    CHECK(fresh != new_secret());
}
