// Customers on a real log and on the platform's stand-in: one person is one customer on both sides,
// whoever asks at the same time and whatever becomes of an answer.
#include <algorithm>

#include "tests/commands/bus_fixture.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using spec::BusFixture;
using spec::Json;

namespace {

Json body_of(const CommandReply& reply) {
    return Json::parse(reply.body);
}

CommandRequest put(BusFixture& fixture, std::string body) {
    return fixture.request("PutCustomer", "PUT", "/v1/customers", std::move(body));
}

CommandRequest on_customer(
    BusFixture& fixture, std::string name, const std::string& id, std::string body
) {
    auto request = fixture.request(name, "POST", "/v1/customers/" + id + name, std::move(body));
    request.entity_id = id;
    return request;
}

const std::string ana = R"({"email":"Ana@Example.com","name":"Ana Lima","tags":["vip"]})";

}  // namespace

TEST_CASE("who is not known is registered, and known from then on", "[bus][customer]") {
    BusFixture fixture;
    const auto made = fixture.handle(put(fixture, ana));
    REQUIRE(made.status == 201);
    CHECK(body_of(made).at("created") == true);
    CHECK(made.location == "/v1/customers/" + body_of(made).at("customer_id").get<std::string>());
    const auto there = fixture.there("customers");
    REQUIRE(there.size() == 1);
    CHECK(there[0].at("_id") == body_of(made).at("clubify_customer_id"));
    CHECK(there[0].at("email") == "ana@example.com");
    CHECK(there[0].at("metadata").at("vitrine").at("command_id") == body_of(made).at("command_id"));

    const auto again = fixture.handle(put(fixture, R"({"email":"ANA@example.com"})"));
    CHECK(again.status == 200);
    CHECK(body_of(again).at("created") == false);
    CHECK(body_of(again).at("customer_id") == body_of(made).at("customer_id"));
    fixture.restart();
    const auto changed =
        fixture.handle(put(fixture, R"({"email":"ana@example.com","name":"Ana Reis"})"));
    CHECK(changed.status == 200);
    CHECK(changed.version == 2U);
    CHECK(fixture.there("customers")[0].at("name") == "Ana Reis");
    CHECK(fixture.log_types() == std::vector<std::string>{"CustomerRegistered", "CustomerChanged"});
}

TEST_CASE("of many who register one person at once one does", "[bus][customer]") {
    BusFixture fixture;
    fixture.options.turn_wait = std::chrono::minutes(1);  // whatever else the machine does
    fixture.restart();
    std::vector<CommandRequest> requests;
    constexpr int at_once = 12;
    for (int i = 0; i < at_once; ++i) {
        requests.push_back(put(
            fixture,
            R"({"email":"eva@example.com","name":"Eva","tags":["t)" + std::to_string(i) + R"("]})"
        ));
    }
    const auto replies = fixture.handle_at_once(std::move(requests));
    CHECK(std::ranges::count(replies, 201, &CommandReply::status) == 1);
    CHECK(std::ranges::count(replies, 200, &CommandReply::status) == at_once - 1);
    for (const auto& reply : replies)
        CHECK(body_of(reply).at("customer_id") == body_of(replies[0]).at("customer_id"));
    CHECK(fixture.there("customers").size() == 1);
}

TEST_CASE("an answer lost before or after the effect leads to one customer", "[bus][customer]") {
    const auto action = GENERATE(
        as<std::string>(),
        R"({"drop":"before"})",
        R"({"drop":"after"})",
        R"({"garbage":true})",
        R"({"garbage":true,"effect":false})",
        R"({"status":504,"effect":true})"
    );
    const auto* method = GENERATE("POST", "PUT");
    INFO(method << ' ' << action);
    BusFixture fixture;
    const bool is_known = std::string_view(method) == "PUT";
    if (is_known) REQUIRE(fixture.handle(put(fixture, ana)).status == 201);
    fixture.fault(
        R"({"method":")" + std::string(method) + R"(","path":"/customers","action":)" + action +
        R"(,"times":1})"
    );
    const auto reply =
        fixture.handle(put(fixture, R"({"email":"ana@example.com","name":"Ana Reis"})"));
    CHECK(reply.status == (is_known ? 200 : 201));
    const auto there = fixture.there("customers");
    REQUIRE(there.size() == 1);
    CHECK(there[0].at("name") == "Ana Reis");
    CHECK(there[0].at("_id") == body_of(reply).at("clubify_customer_id"));
    CHECK(fixture.log_types().size() == (is_known ? 2U : 1U));
}

TEST_CASE("who could not be registered keeps nobody waiting", "[bus][customer]") {
    BusFixture fixture;
    fixture.fault(R"({"path":"/customers","action":{"status":503}})");
    auto first = put(fixture, ana);
    first.idempotency_key = "k1";
    CHECK(fixture.handle(first).status == 503);
    fixture.no_faults();
    const auto made = fixture.handle(put(fixture, ana));
    REQUIRE(made.status == 201);
    const auto again = fixture.handle(first);
    CHECK(again.status == 200);
    CHECK(body_of(again).at("customer_id") == body_of(made).at("customer_id"));
    CHECK(fixture.there("customers").size() == 1);
}

TEST_CASE("an address that is given up is free, one that is another's is not", "[bus][customer]") {
    BusFixture fixture;
    const std::string one = body_of(fixture.handle(put(fixture, ana))).at("customer_id");
    const std::string two =
        body_of(fixture.handle(put(fixture, R"({"email":"bia@example.com","name":"Bia"})")))
            .at("customer_id");
    const auto refused =
        fixture.handle(on_customer(fixture, "EditCustomer", one, R"({"email":"bia@example.com"})"));
    CHECK(refused.status == 409);
    CHECK(body_of(refused).at("type") == "/problems/email-taken");
    CHECK(
        fixture.handle(on_customer(fixture, "EditCustomer", one, R"({"email":"ana@nova.example"})"))
            .status == 200
    );
    const auto fresh = fixture.handle(put(fixture, ana));
    CHECK(fresh.status == 201);
    CHECK(body_of(fresh).at("customer_id") != one);
    const auto known = fixture.handle(put(fixture, R"({"email":"ana@nova.example"})"));
    CHECK(body_of(known).at("customer_id") == one);

    REQUIRE(
        fixture.handle(on_customer(fixture, "EraseCustomer", two, R"({"reason":"LGPD"})")).status ==
        200
    );
    const auto another =
        fixture.handle(put(fixture, R"({"email":"bia@example.com","name":"Bia"})"));
    CHECK(another.status == 201);
    CHECK(body_of(another).at("customer_id") != two);
}

TEST_CASE("the address of who was merged leads to the other", "[bus][customer]") {
    BusFixture fixture;
    const std::string one = body_of(fixture.handle(put(fixture, ana))).at("customer_id");
    const std::string two =
        body_of(fixture.handle(put(fixture, R"({"email":"ana@work.example","name":"A. Lima"})")))
            .at("customer_id");
    const auto merged =
        fixture.handle(on_customer(fixture, "MergeCustomer", two, R"({"into":")" + one + "\"}"));
    REQUIRE(merged.status == 200);
    CHECK(body_of(merged).at("merged_into") == one);
    const auto known = fixture.handle(put(fixture, R"({"email":"ana@work.example","tags":["x"]})"));
    CHECK(known.status == 200);
    CHECK(body_of(known).at("customer_id") == one);
    const auto there = fixture.there("customers");
    const auto kept = std::ranges::find_if(there, [](const Json& customer) {
        return customer.at("email") == "ana@example.com";
    });
    REQUIRE(kept != there.end());
    CHECK(kept->at("tags") == Json({"x"}));
}
