#include "queries/customers/mask.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("a masked customer shows that there is something, and not what") {
    CHECK(
        queries::masked_customer(
            R"({"customer_id":"k1","email":"ana.lima@example.com","name":"Ângela de Lima",)"
            R"("phone":"+5511987654321","document":"52998224725","document_type":"cpf",)"
            R"("address":{"street":"Rua A","city":"São Paulo","state":"SP","country":"BR"},)"
            R"("tags":["vip"],"metadata":{"a":1},"status":"active","version":1})"
        ) == R"({"customer_id":"k1","email":"a•••@•••.com","name":"Â••• d••• L•••",)"
             R"("phone":"•••21","document":"•••25","document_type":"cpf",)"
             R"("address":{"state":"SP","country":"BR"},)"
             R"("tags":["vip"],"status":"active","version":1})"
    );
    const std::string erased = R"({"customer_id":"k1","status":"erased","version":2})";
    CHECK(queries::masked_customer(erased) == erased);
    CHECK(
        queries::masked_customer(R"({"email":"x","name":"","phone":"1"})") ==
        R"({"email":"x•••@•••","name":"","phone":"•••1"})"
    );
}
