#include "deliveries/erasures/erasure_receiver.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace vitrine;
using deliveries::blanked;
using Json = nlohmann::json;

TEST_CASE("of an erased customer the platform keeps nothing that names them", "[erasure]") {
    const ClubifyId id("c1");
    auto customer = Json::parse(
        R"({"_id":"c1","name":"Ana","email":"ana@example.com","phone":"+5511987654321",)"
        R"("document":"52998224725","birth_date":null,"tags":["vip"],"total_spent":100,)"
        R"("address":{"city":"São Paulo"},"metadata":{"erp":1},"status":"active","cpf":""})"
    );
    const auto change = blanked(JsonText(customer.dump()), id);
    REQUIRE_FALSE(change.empty());
    const auto body = Json::parse(change.text);
    CHECK(
        body ==
        Json::parse(R"({"name":"deleted","email":"erased-c1@erased.invalid","status":"deleted",)"
                    R"("phone":"","document":"","tags":[],"address":{},"metadata":{}})")
    );
    customer.update(body);
    CHECK(customer.dump().find("Ana") == std::string::npos);
    CHECK(blanked(JsonText(customer.dump()), id).empty());
    customer["phone"] = "+5511987654321";
    CHECK(Json::parse(blanked(JsonText(customer.dump()), id).text).contains("phone"));
}
