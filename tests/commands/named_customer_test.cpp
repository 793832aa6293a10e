#include "commands/webhooks/named_customer.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using commands::named_customer;

TEST_CASE("a webhook names its customer in each of the platform's shapes", "[webhook]") {
    const auto* body = GENERATE(
        R"({"event":"order.paid","data":{"id":"o1","customer":{"id":"c1","email":"ANA@example.com"}}})",
        R"({"event":"order.paid","data":{"order":{"customer":{"_id":"c1","email":"ana@example.com"}}}})",
        R"({"type":"customer.updated","data":{"_id":"c1","email":"ana@example.com"}})",
        R"({"event":"payment.paid","data":{"customerId":"c1","customerEmail":"ana@example.com"}})"
    );
    const auto named = named_customer(body);
    CHECK(named.clubify_id == ClubifyId("c1"));
    CHECK(named.email == "ana@example.com");
}

TEST_CASE("a webhook that names nobody names nobody", "[webhook]") {
    const auto* body = GENERATE(
        "no JSON",
        "[]",
        R"({"event":"order.paid","data":{"id":"o1","email":"shop@example.com"}})",
        R"({"event":"order.paid","data":{"customer":{"email":"nobody"}}})"
    );
    const auto named = named_customer(body);
    CHECK_FALSE(named.clubify_id.has_value());
    CHECK_FALSE(named.email.has_value());
}
