#include "projections/listed.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

const events::EndpointId id("e1");

events::EndpointEvent created() {
    events::EndpointCreated created;
    created.endpoint_id = id;
    created.url = "https://a.example/x";
    created.types = {"OfferCreated"};
    created.description = "Estoque";
    return created;
}

std::string body_of(ModelFile& model, const Log& log) {
    return projections::ListedReader(model.lease(), "endpoints").find(log.tenant(), "e1")->body;
}

}  // namespace

TEST_CASE("an endpoint is a row that says what it is now") {
    Log log;
    log.add(created());
    const auto made = log.now;
    ModelFile model("endpoints");
    model.follow(log);
    CHECK(
        body_of(model, log) ==
        R"({"endpoint_id":"e1","url":"https://a.example/x","types":["OfferCreated"],)"
        R"("description":"Estoque","legacy_headers":false,"people":false,"secret_number":1,)"
        R"("secret_made_at":")" +
            format_time(made) + R"(","status":"enabled","version":1,"created_at":")" +
            format_time(made) + R"(","updated_at":")" + format_time(made) + R"(","position":1})"
    );
    events::EndpointChanged changed;
    changed.endpoint_id = id;
    changed.types = {"*"};
    changed.description = Edited<std::string>::cleared();
    log.add(events::EndpointEvent(changed));
    log.add(events::EndpointEvent(events::EndpointSecretRotated{id, 2}));
    const auto rotated = log.now;
    log.add(events::EndpointEvent(events::EndpointDisabled{id, "410"}));
    model.follow(log);
    CHECK(
        body_of(model, log) ==
        R"({"endpoint_id":"e1","url":"https://a.example/x","types":["*"],"legacy_headers":false,)"
        R"("people":false,"reason":"410","secret_number":2,"secret_made_at":")" +
            format_time(rotated) + R"(","status":"disabled","version":4,"created_at":")" +
            format_time(made) + R"(","updated_at":")" + format_time(log.now) + R"(","position":4})"
    );
}

TEST_CASE("an endpoint that is enabled has no reason any more; one that is deleted is told apart") {
    Log log;
    log.add(created());
    log.add(events::EndpointEvent(events::EndpointDisabled{id, "410"}));
    log.add(events::EndpointEvent(events::EndpointEnabled{id}));
    ModelFile model("endpoints");
    model.follow(log);
    CHECK(body_of(model, log).find("reason") == std::string::npos);
    log.add(events::EndpointEvent(events::EndpointDeleted{id}));
    model.follow(log);
    projections::ListedReader endpoints(model.lease(), "endpoints");
    CHECK(endpoints.find(log.tenant(), "e1")->status == "deleted");
    const auto of_type = [&](std::string_view type) {
        const std::optional<projections::ListKey> first;
        return endpoints
            .list(
                log.tenant(),
                {.status = {}, .type = type, .search = {}, .after = first, .limit = 10}
            )
            .items.size();
    };
    CHECK(of_type("endpoint") == 0);
    CHECK(of_type("deleted") == 1);
}

}  // namespace vitrine::tests
