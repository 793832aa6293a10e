// Lost answers, refusals and restarts: after each, the effect is there once or not at all.
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

CommandRequest keyed(CommandRequest request) {
    request.idempotency_key = "k1";
    return request;
}

std::size_t count(const std::vector<std::string>& types, const std::string& type) {
    return static_cast<std::size_t>(std::ranges::count(types, type));
}

}  // namespace

TEST_CASE("an answer lost before or after the effect leads to one offer", "[bus][faults]") {
    const auto action = GENERATE(
        as<std::string>(),
        R"({"drop":"before"})",
        R"({"drop":"after"})",
        R"({"garbage":true})",
        R"({"garbage":true,"effect":false})"
    );
    INFO(action);
    BusFixture fixture;
    fixture.fault(R"({"method":"POST","path":"/offers","action":)" + action + R"(,"times":1})");
    const auto reply = fixture.handle(fixture.create_offer(R"({"name":"Oferta"})"));
    CHECK(reply.status == 201);
    REQUIRE(fixture.there("offers").size() == 1);
    CHECK(fixture.there("offers")[0].at("_id") == body_of(reply).at("clubify_offer_id"));
    CHECK(fixture.log_types() == std::vector<std::string>{"OfferCreated"});
}

TEST_CASE("an answer lost before or after the effect leads to one product", "[bus][faults]") {
    const auto action = GENERATE(
        as<std::string>(), R"({"drop":"before"})", R"({"drop":"after"})", R"({"garbage":true})"
    );
    INFO(action);
    BusFixture fixture;
    fixture.fault(R"({"method":"POST","path":"/products","action":)" + action + R"(,"times":1})");
    const auto reply =
        fixture.handle(fixture.create_product(R"({"name":"Curso","price_cents":7})"));
    CHECK(reply.status == 201);
    REQUIRE(fixture.there("products").size() == 1);
    CHECK(fixture.there("products")[0].at("pricing").at("price") == 7);
}

TEST_CASE("every later command survives a lost answer", "[bus][faults]") {
    const auto action = GENERATE(
        as<std::string>(), R"({"drop":"before"})", R"({"drop":"after"})", R"({"garbage":true})"
    );
    INFO(action);
    BusFixture fixture;
    const std::string id =
        body_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})"))).at("offer_id");
    const auto disturbed = [&](CommandRequest request) {
        fixture.fault(R"({"action":)" + action + R"(,"times":1})");
        const auto reply = fixture.handle(std::move(request));
        CHECK(reply.status == 200);
        return reply.version.value_or(0);
    };
    const auto product = fixture.product_there();
    CHECK(
        disturbed(fixture.on_offer(
            "AddProductToOffer", id, R"({"clubify_product_id":")" + product + R"("})"
        )) == 2
    );
    auto change = fixture.on_offer("ChangeProductInOffer", id, R"({"quantity":2,"price_cents":9})");
    change.item_id = product;
    CHECK(disturbed(change) == 3);
    CHECK(disturbed(fixture.on_offer("ActivateOffer", id)) == 4);
    CHECK(disturbed(fixture.on_offer("EditOffer", id, R"({"name":"Outra"})")) == 5);
    CHECK(disturbed(fixture.on_offer("PauseOffer", id)) == 6);
    auto remove = fixture.on_offer("RemoveProductFromOffer", id);
    remove.item_id = product;
    CHECK(disturbed(remove) == 7);
    CHECK(disturbed(fixture.on_offer("ArchiveOffer", id)) == 8);
    CHECK(fixture.there("offers").at(0).at("status") == "archived");
}

TEST_CASE(
    "a platform that answers 5xx or 429 without effect leads to a retryable failure",
    "[bus][faults]"
) {
    struct Row {
        int status, answered;
    };
    const auto row = GENERATE(Row{500, 502}, Row{503, 503}, Row{429, 503}, Row{504, 504});
    INFO(row.status);
    BusFixture fixture;
    fixture.fault(
        R"({"method":"POST","path":"/offers","action":{"status":)" + std::to_string(row.status) +
        R"(,"headers":{"Retry-After":"7"}}})"
    );
    const auto request = keyed(fixture.create_offer(R"({"name":"Oferta"})"));
    const auto failed = fixture.handle(request);
    CHECK(failed.status == row.answered);
    CHECK(failed.retry_after == std::chrono::seconds(7));
    CHECK(fixture.log_types() == std::vector<std::string>{"OfferCreationFailed"});
    fixture.no_faults();
    const auto succeeded = fixture.handle(request);
    CHECK(succeeded.status == 201);
    CHECK(body_of(succeeded).at("command_id") == body_of(failed).at("command_id"));
    CHECK(fixture.there("offers").size() == 1);
    CHECK(fixture.handle(request).replayed);
}

TEST_CASE("a 5xx after the effect is found out", "[bus][faults]") {
    BusFixture fixture;
    fixture.fault(
        R"({"method":"POST","path":"/offers","action":{"status":503,"effect":true},"times":1})"
    );
    CHECK(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})")).status == 201);
    CHECK(fixture.there("offers").size() == 1);
}

TEST_CASE("a platform that is not there leads to a retryable failure", "[bus][faults]") {
    BusFixture fixture;
    fixture.stop_platform();
    const auto offer = keyed(fixture.create_offer(R"({"name":"Oferta"})"));
    const auto failed = fixture.handle(offer);
    CHECK(failed.status == 502);
    CHECK(fixture.handle(offer).status == 502);  // at once, while nothing can have happened
    fixture.restart();
    fixture.start_platform();
    const auto succeeded = fixture.handle(offer);
    CHECK(succeeded.status == 201);
    CHECK(body_of(succeeded).at("command_id") == body_of(failed).at("command_id"));
}

TEST_CASE("without a key a command that was not done frees its slug", "[bus][faults]") {
    BusFixture fixture;
    fixture.stop_platform();
    CHECK(fixture.handle(fixture.create_offer(R"({"name":"Oferta","slug":"of"})")).status == 502);
    fixture.start_platform();
    CHECK(fixture.handle(fixture.create_offer(R"({"name":"Oferta","slug":"of"})")).status == 201);
}

TEST_CASE("what Clubify refuses has failed for good and is replayed", "[bus][faults]") {
    struct Row {
        std::string action;
        int answered;
        std::string type;
    };
    const auto row = GENERATE(
        Row{R"({"status":400,"body":{"message":"name is bad","error":"Bad Request","statusCode":400}})",
            422,
            "/problems/clubify-refused"},
        Row{R"({"status":422})", 422, "/problems/clubify-refused"},
        Row{R"({"status":403})", 502, "/problems/clubify-credentials"},
        Row{R"({"status":401})", 502, "/problems/clubify-credentials"}
    );
    INFO(row.action);
    BusFixture fixture;
    fixture.fault(R"({"method":"POST","path":"/offers","action":)" + row.action + "}");
    const auto request = keyed(fixture.create_offer(R"({"name":"Oferta","slug":"of"})"));
    const auto refused = fixture.handle(request);
    CHECK(refused.status == row.answered);
    CHECK(body_of(refused).at("type") == row.type);
    const auto again = fixture.handle(request);
    CHECK(again.replayed);
    CHECK(again.body == refused.body);
    fixture.no_faults();
    auto other = fixture.create_offer(R"({"name":"Oferta","slug":"of"})");
    CHECK(fixture.handle(other).status == 201);
}

TEST_CASE("a refused activation is noted and changes nothing", "[bus][faults]") {
    BusFixture fixture;
    const auto created = fixture.handle(fixture.create_offer(
        R"({"name":"Oferta","products":[{"clubify_product_id":")" + fixture.product_there() +
        R"("}]})"
    ));
    const std::string id = body_of(created).at("offer_id");
    fixture.fault(
        R"({"method":"POST","path":"/offers","action":{"status":400,"body":{"message":"not now"}}})"
    );
    const auto refused = fixture.handle(fixture.on_offer("ActivateOffer", id));
    CHECK(refused.status == 422);
    CHECK(
        fixture.log_types() ==
        std::vector<std::string>{"ProductCreated", "OfferCreated", "OfferActivationFailed"}
    );
    fixture.no_faults();
    CHECK(fixture.handle(fixture.on_offer("ActivateOffer", id)).version == 2);
}

TEST_CASE("an offer deleted on the platform is told apart from a refusal", "[bus][faults]") {
    BusFixture fixture;
    const auto created = body_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})")));
    const std::string id = created.at("offer_id");
    fixture.fault(R"({"path":"/offers","action":{"status":404}})");
    const auto reply = fixture.handle(fixture.on_offer("EditOffer", id, R"({"name":"Outra"})"));
    CHECK(reply.status == 409);
    CHECK(body_of(reply).at("type") == "/problems/missing-on-clubify");
}

TEST_CASE(
    "a command that takes too long is answered as running and finished in the background",
    "[bus][faults]"
) {
    BusFixture fixture;
    fixture.options.deadline = std::chrono::milliseconds(20);
    fixture.restart();
    fixture.fault(R"({"method":"POST","path":"/offers","action":{"delay_ms":200},"times":1})");
    const auto request = keyed(fixture.create_offer(R"({"name":"Oferta"})"));
    const auto running = fixture.handle(request);
    CHECK(running.status == 202);
    CHECK(running.location == "/v1/commands/" + running.command_id.str());
    CHECK(fixture.handle(request).status == 409);
    fixture.run_until_idle();
    const auto done = fixture.handle(request);
    CHECK(done.status == 201);
    CHECK(done.replayed);
    CHECK(fixture.there("offers").size() == 1);
}

TEST_CASE(
    "a server that stops in the middle takes the command up again and finishes it once",
    "[bus][faults]"
) {
    const auto action = GENERATE(as<std::string>(), R"({"drop":"before"})", R"({"drop":"after"})");
    INFO(action);
    BusFixture fixture;
    fixture.options.deadline = std::chrono::milliseconds(1);
    fixture.restart();
    fixture.fault(R"({"method":"POST","path":"/offers","action":)" + action + "}");
    const auto request = keyed(fixture.create_offer(R"({"name":"Oferta"})"));
    CHECK(fixture.handle(request).status == 202);
    fixture.restart();
    fixture.no_faults();
    fixture.run_until_idle();
    const auto done = fixture.handle(request);
    CHECK(done.status == 201);
    CHECK(done.replayed);
    CHECK(fixture.there("offers").size() == 1);
    CHECK(count(fixture.log_types(), "OfferCreated") == 1);
}

TEST_CASE("a stream whose command is under way lets nobody else in", "[bus][faults]") {
    BusFixture fixture;
    fixture.options.deadline = std::chrono::milliseconds(1);
    fixture.options.turn_wait = std::chrono::milliseconds(1);
    const std::string id =
        body_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})"))).at("offer_id");
    fixture.restart();
    fixture.fault(R"({"method":"PUT","action":{"drop":"before"}})");
    CHECK(fixture.handle(fixture.on_offer("EditOffer", id, R"({"name":"Outra"})")).status == 202);
    const auto other = fixture.handle(fixture.on_offer("ArchiveOffer", id));
    CHECK(other.status == 409);
    CHECK(body_of(other).at("type") == "/problems/command-in-flight");
    CHECK(other.retry_after.has_value());
    fixture.no_faults();
    fixture.run_until_idle();
    fixture.handle(fixture.on_offer("ArchiveOffer", id));
    fixture.run_until_idle();
    CHECK(
        fixture.log_types() ==
        std::vector<std::string>{"OfferCreated", "OfferEdited", "OfferArchived"}
    );
}

TEST_CASE("a request that arrives late does not undo a later command", "[bus][faults]") {
    const bool server_dies = GENERATE(true, false);
    CAPTURE(server_dies);
    BusFixture fixture;
    const auto product = fixture.product_there();
    const std::string id =
        body_of(fixture.handle(fixture.create_offer(
                    R"({"name":"Oferta","products":[{"clubify_product_id":")" + product + R"("}]})"
                )))
            .at("offer_id");
    fixture.options.deadline = std::chrono::milliseconds(1);
    fixture.options.execution.late_request = std::chrono::milliseconds(900);
    if (!server_dies) fixture.call_deadline = std::chrono::milliseconds(200);
    fixture.restart();
    fixture.fault(R"({"path":"/offers","action":{"delay_ms":500},"times":1})");
    CHECK(fixture.handle(fixture.on_offer("ActivateOffer", id)).status == 202);
    fixture.run_until_received("/publish");
    if (server_dies) fixture.restart();
    fixture.run_until_idle();
    CHECK(fixture.there("offers")[0].at("status") == "active");
    fixture.handle(fixture.on_offer("PauseOffer", id));
    fixture.run_until_idle();

    // What is delayed for as long, and asked later, is answered after it.
    fixture.fault(R"({"method":"GET","path":"/health","action":{"delay_ms":500},"times":1})");
    fixture.ask_platform("/api/v1/health");
    CHECK(fixture.there("offers")[0].at("status") == "paused");
    CHECK(
        fixture.log_types() ==
        std::vector<std::string>{"ProductCreated", "OfferCreated", "OfferActivated", "OfferPaused"}
    );
}
