#include "projections/customers/tag_word.hpp"
#include "projections/listed.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using events::CustomerEvent;
using events::CustomerId;
using events::PersonText;

events::CustomerRegistered customer(const std::string& id, const std::string& email) {
    events::CustomerRegistered registered;
    registered.customer_id = CustomerId(id);
    registered.clubify_customer_id = ClubifyId("c" + id);
    registered.source = "vitrine";
    registered.email = PersonText(email);
    registered.name = PersonText("Ana Lima");
    registered.phone = PersonText("+5511987654321");
    registered.document = PersonText("52998224725");
    registered.document_type = "cpf";
    registered.address = events::Address{};
    registered.address->city = PersonText("São Paulo");
    registered.tags = {"vip"};
    registered.metadata = PersonText(R"({"a":1})");
    return registered;
}

std::string times(const Log& log, Timestamp made) {
    return R"("created_at":")" + format_time(made) + R"(","updated_at":")" + format_time(log.now) +
           R"(",)";
}

}  // namespace

TEST_CASE("a customer is a row that what they are known by leads to") {
    Log log;
    log.add(CustomerEvent(customer("k1", "ana@example.com")));
    const auto made = log.now;
    log.as("other");
    log.add(CustomerEvent(customer("k1", "ana@example.com")));
    log.as("acme");
    ModelFile model("customers");
    model.follow(log);
    log.add(CustomerEvent(events::CustomerTagged{CustomerId("k1"), "b2b"}));
    log.add(CustomerEvent(events::ConsentGiven{CustomerId("k1"), "news", "1", "mail"}));
    const auto position = log.add(CustomerEvent(events::CustomerUntagged{CustomerId("k1"), "vip"}));
    const auto given_at = log.now - std::chrono::seconds(1);
    model.follow(log);

    projections::ListedReader customers(model.lease(), "customers");
    const auto found = customers.find(log.tenant(), "k1");
    REQUIRE(found.has_value());
    CHECK(
        found->body ==
        R"({"customer_id":"k1","email":"ana@example.com","name":"Ana Lima",)"
        R"("phone":"+5511987654321","document":"52998224725","document_type":"cpf",)"
        R"("address":{"city":"São Paulo"},"tags":["b2b"],"consents":[{"purpose":"news",)"
        R"("granted":true,"text_version":"1","channel":"mail","at":")" +
            format_time(given_at) +
            R"("}],"metadata":{"a":1},"clubify_customer_id":"ck1","source":"vitrine",)"
            R"("status":"active","version":4,)" +
            times(log, made) + R"("position":)" + std::to_string(position) + '}'
    );
    for (const auto& [column, value] :
         {std::pair("email", "ana@example.com"),
          std::pair("phone", "+5511987654321"),
          std::pair("document", "52998224725"),
          std::pair("clubify_customer_id", "ck1")}) {
        CHECK(customers.find_by(log.tenant(), column, value) == std::optional<std::string>("k1"));
    }
    CHECK_FALSE(customers.find_by(log.tenant(), "email", "bia@example.com").has_value());
    const auto listed = [&](std::string_view search, const std::string& word) {
        const std::optional<projections::ListKey> first;
        return customers
            .list(
                log.tenant(),
                {.status = {},
                 .type = {},
                 .search = search,
                 .word = word,
                 .after = first,
                 .limit = 10}
            )
            .items.size();
    };
    CHECK(listed("lima", "") == 1);
    CHECK(listed("", projections::tag_word("b2b")) == 1);
    CHECK(listed("", projections::tag_word("b2")) == 0);
    CHECK(listed("", projections::tag_word("vip")) == 0);
}

TEST_CASE("of who is erased the row has nothing, whether the keys were there or not") {
    const auto rows_of = [](bool keys_are_gone) {
        Log log;
        auto registered = customer("k1", "ana@example.com");
        if (keys_are_gone) {
            for (auto* text :
                 {&registered.email, &registered.name, &registered.phone, &registered.document})
                *text = PersonText::erased();
            registered.metadata = PersonText::erased();
            registered.address->city = PersonText::erased();
        }
        log.add(CustomerEvent(registered));
        log.add(CustomerEvent(events::CustomerTagged{CustomerId("k1"), "b2b"}));
        log.add(CustomerEvent(
            events::CustomerErased{CustomerId("k1"), PersonText("Pedido do titular"), {}}
        ));
        ModelFile model("customers");
        model.follow(log);
        projections::ListedReader customers(model.lease(), "customers");
        CHECK_FALSE(customers.find_by(log.tenant(), "email", "ana@example.com").has_value());
        CHECK_FALSE(customers.find_by(log.tenant(), "clubify_customer_id", "ck1").has_value());
        return customers.find(log.tenant(), "k1").value().body;
    };
    const auto body = rows_of(false);
    CHECK(body == rows_of(true));
    CHECK(body.starts_with(R"({"customer_id":"k1","status":"erased","version":3,)"));
}

TEST_CASE("who is merged is a pointer, and is found by whom they were merged into") {
    Log log;
    log.add(CustomerEvent(customer("k1", "ana@example.com")));
    log.add(CustomerEvent(customer("k2", "ana@trabalho.example")));
    log.add(CustomerEvent(events::CustomersMerged{CustomerId("k2"), CustomerId("k1")}));
    ModelFile model("customers");
    model.follow(log);
    projections::ListedReader customers(model.lease(), "customers");
    const auto merged = customers.find(log.tenant(), "k2").value();
    CHECK(merged.status == "merged");
    CHECK(merged.body.contains(R"("merged_into":"k1")"));
    CHECK(customers.all_by(log.tenant(), "merged_into", "k1") == std::vector<std::string>{"k2"});
}

}  // namespace vitrine::tests
