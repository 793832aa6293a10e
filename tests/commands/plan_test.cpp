#include "commands/engine/plan.hpp"

#include "commands/engine/conclusion.hpp"
#include "commands/engine/planned.hpp"
#include "commands/json.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

Plan create_and_publish() {
    Plan plan;
    plan.entity = "offer";
    plan.entity_id = "o1";
    plan.stream = StreamName("offer-o1");
    plan.location = "/v1/offers/o1";
    plan.claims = {{"slug", "cafe"}};
    plan.releases = {{{"sku", "A"}, CommandId("c0")}};
    plan.success_status = 201;
    plan.answer = JsonText(R"({"status":"active","slug":"cafe"})");
    plan.steps = {
        {.name = "create",
         .effect =
             {.connector = "clubify",
              .method = "POST",
              .path = "/offers",
              .body = JsonText(R"({"name":"é/\"x\""})"),
              .settle = "offer_by_slug",
              .subject = "cafe"},
         .failure_type = "OfferCreationFailed"},
        {.name = "publish",
         .effect =
             {.connector = "clubify",
              .method = "POST",
              .path = "/offers/" + result_of("create") + "/publish",
              .settle = "offer_status",
              .subject = result_of("create"),
              .wanted = "active"},
         .on_refusal = OnRefusal::go_on,
         .failure_type = "OfferActivationFailed",
         .without = JsonText(R"({"status":"draft","activation":{"status":"failed"}})"),
         .problem_at = "/activation/problem"},
    };
    plan.events = {
        {"OfferCreated",
         1,
         JsonText(R"({"offer_id":"o1","clubify_offer_id":""})"),
         "create",
         "clubify_offer_id"},
        {"OfferActivated", 1, JsonText(R"({"offer_id":"o1"})"), "publish", ""},
    };
    return plan;
}

const TenantId tenant("acme");

struct Fixture {
    store::CommandHead head;
    int ids = 0;
    UuidSource new_id = [this] { return "id-" + std::to_string(++ids); };
    Fixture() {
        head.id = CommandId("c1");
        head.correlation_id = CorrelationId("r1");
        head.principal = "key:k";
    }
    Closing closing() { return {tenant, head, Timestamp{}, new_id}; }
};

const store::Conclude& conclusion_of(const store::Append& append) {
    return std::get<store::Conclude>(append.journal.value());
}

}  // namespace

TEST_CASE("a plan comes back from the journal as it was written", "[plan]") {
    auto plan = create_and_publish();
    plan.undo = {
        {.name = "delete",
         .effect =
             {.connector = "clubify", .method = "DELETE", .path = "/offers/x", .settle = "repeat"},
         .on_refusal = OnRefusal::go_on}
    };
    plan.item_id = "p1";
    plan.results = {
        {"create", "65f0", {}},
        {"publish", "", Refusal{"clubify-refused", 422, "refused", {"no \"é\"", "sem \"é\""}}}
    };
    plan.failure = Refusal{"slug-taken", 409, "conflict", {"taken", "ocupado"}};
    CHECK(plan_from_json(to_json(plan)) == plan);
    CHECK_THROWS(plan_from_json(JsonText("{}")));
}

TEST_CASE("a later step uses the id that an earlier one gave", "[plan]") {
    auto plan = create_and_publish();
    REQUIRE(next_step(plan)->name == "create");
    plan.results.push_back({"create", "65f0", {}});
    REQUIRE(next_step(plan)->name == "publish");
    CHECK(fill_in(plan, next_step(plan)->effect.path) == "/offers/65f0/publish");
    plan.results.push_back({"publish", "", {}});
    CHECK(next_step(plan) == nullptr);
}

TEST_CASE(
    "success appends the events with the platform's id and answers with the version", "[plan]"
) {
    Fixture fixture;
    auto plan = create_and_publish();
    plan.results = {{"create", "65f0", {}}, {"publish", "", {}}};
    const auto end = succeeded(plan, fixture.closing());
    REQUIRE(end.streams.size() == 1);
    CHECK(end.streams[0].stream == plan.stream);
    CHECK(end.streams[0].expected.kind == store::ExpectedVersion::Kind::no_stream);
    REQUIRE(end.streams[0].events.size() == 2);
    CHECK(end.streams[0].events[0].data == R"({"offer_id":"o1","clubify_offer_id":"65f0"})");
    const auto& conclude = conclusion_of(end);
    CHECK(conclude.state == store::CommandState::done);
    CHECK(conclude.succeeded);
    CHECK_FALSE(conclude.release_claims);
    CHECK(conclude.answer.status == 201);
    CHECK(conclude.answer.version == 2);
    CHECK(conclude.answer.location == "/v1/offers/o1");
    CHECK(
        conclude.answer.body.text ==
        R"({"command_id":"c1","offer_id":"o1","version":2,"status":"active","slug":"cafe","clubify_offer_id":"65f0"})"
    );
}

TEST_CASE(
    "a refused publication leaves the offer created as a draft and notes the failure", "[plan]"
) {
    Fixture fixture;
    auto plan = create_and_publish();
    plan.results = {
        {"create", "65f0", {}},
        {"publish", "", Refusal{"clubify-refused", 422, "refused", Phrase::as_is("no stock")}}
    };
    const auto end = succeeded(plan, fixture.closing());
    REQUIRE(end.streams.size() == 2);
    CHECK(end.streams[0].events.size() == 1);
    CHECK(end.streams[1].stream.str() == "command-c1");
    CHECK(end.streams[1].events[0].type == "OfferActivationFailed");
    const auto body = Json::parse(conclusion_of(end).answer.body.text);
    CHECK(body.at("status") == "draft");
    CHECK(body.at("version") == 1);
    CHECK(body.at("activation").at("status") == "failed");
    CHECK(body.at("activation").at("problem").at("detail") == "no stock");
}

TEST_CASE("a failure is noted apart from the entity and frees what was claimed", "[plan]") {
    Fixture fixture;
    auto plan = create_and_publish();
    plan.failure = Refusal{"clubify-refused", 422, "refused", Phrase::as_is("bad name")};
    const auto end = failed(plan, fixture.closing());
    REQUIRE(end.streams.size() == 1);
    CHECK(end.streams[0].stream.str() == "command-c1");
    CHECK(end.streams[0].events[0].type == "OfferCreationFailed");
    const auto& conclude = conclusion_of(end);
    CHECK(conclude.release_claims);
    CHECK_FALSE(conclude.succeeded);
    CHECK(conclude.answer.status == 422);
}

TEST_CASE(
    "what was not done may be tried again with its key, and keeps its slug until then", "[plan]"
) {
    Fixture fixture;
    const Refusal refusal{"clubify-unavailable", 503, "unavailable", Phrase::as_is("busy")};
    const auto without =
        not_done(create_and_publish(), refusal, std::chrono::seconds(3), fixture.closing());
    CHECK(conclusion_of(without).state == store::CommandState::done);
    CHECK(conclusion_of(without).release_claims);
    fixture.head.idempotency_key = "k1";
    const auto with =
        not_done(create_and_publish(), refusal, std::chrono::seconds(3), fixture.closing());
    CHECK(conclusion_of(with).state == store::CommandState::retryable);
    CHECK_FALSE(conclusion_of(with).release_claims);
    CHECK(conclusion_of(with).answer.retry_after == std::chrono::seconds(3));
    CHECK(conclusion_of(with).answer.status == 503);
}
