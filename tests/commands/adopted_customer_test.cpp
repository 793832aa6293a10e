#include "commands/adoption/adopted_customer.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using events::PersonText;

TEST_CASE(
    "a customer of the platform is taken in with each thing in its one spelling", "[customer]"
) {
    clubify::ListedCustomer listed;
    listed.id = ClubifyId("c1");
    listed.name = "Ana";
    listed.email = "ANA@Example.com";
    listed.phone = "11 98765-4321";
    listed.document = "529.982.247-25";
    listed.tags = {"vip", "não", "a", "vip"};
    listed.address = JsonText(R"({"city":"São Paulo","postal_code":"01001-000","number":10})");
    listed.metadata = JsonText(R"({"erp":1})");
    const auto adopted = adopted_customer(listed, events::CustomerId("k1"));
    REQUIRE(adopted.has_value());
    CHECK(adopted->source == "clubify");
    CHECK(adopted->clubify_customer_id == ClubifyId("c1"));
    CHECK(adopted->email == PersonText("ana@example.com"));
    CHECK(adopted->phone == PersonText("+5511987654321"));
    CHECK(adopted->document == PersonText("52998224725"));
    CHECK(adopted->document_type == "cpf");
    CHECK(adopted->tags == std::vector<std::string>{"a", "vip"});
    REQUIRE(adopted->address.has_value());
    CHECK(adopted->address->city == PersonText("São Paulo"));
    CHECK(adopted->address->zip_code == PersonText("01001-000"));
    CHECK(adopted->address->number == PersonText("10"));
    CHECK(adopted->metadata == PersonText(R"({"erp":1})"));
}

TEST_CASE("of a customer what has no spelling is left out, but not the address", "[customer]") {
    clubify::ListedCustomer listed;
    listed.id = ClubifyId("c1");
    listed.email = "ana@example.com";
    listed.phone = "123";
    listed.document = "111.111.111-11";
    const auto adopted = adopted_customer(listed, events::CustomerId("k1"));
    REQUIRE(adopted.has_value());
    CHECK_FALSE(adopted->phone.has_value());
    CHECK_FALSE(adopted->document.has_value());
    CHECK_FALSE(adopted->document_type.has_value());
    CHECK_FALSE(adopted->address.has_value());
    listed.email = "ana";
    CHECK_FALSE(adopted_customer(listed, events::CustomerId("k1")).has_value());
}
