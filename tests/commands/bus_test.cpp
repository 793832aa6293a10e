#include "commands/engine/bus.hpp"

#include "tests/commands/bus_fixture.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using BusFixture = spec::NearAndFar;
using spec::Json;

namespace {

Json body_of(const CommandReply& reply) {
    return Json::parse(reply.body);
}

std::string offer_id_of(const CommandReply& reply) {
    return body_of(reply).at("offer_id");
}

CommandRequest keyed(CommandRequest request, std::string key = "k1") {
    request.idempotency_key = std::move(key);
    return request;
}

}  // namespace

TEST_CASE("a created offer is on the platform, in the log, and marked as ours", "[bus]") {
    BusFixture fixture;
    const auto reply = fixture.handle(fixture.create_offer(R"({"name":"Café Açaí"})"));
    REQUIRE(reply.status == 201);
    const auto body = body_of(reply);
    CHECK(body.at("slug") == "cafe-acai");
    CHECK(body.at("status") == "draft");
    CHECK(body.at("version") == 1);
    CHECK(body.at("position") == 1);
    CHECK(reply.version == 1);
    CHECK(reply.position == 1);
    CHECK(reply.location == "/v1/offers/" + offer_id_of(reply));
    CHECK(fixture.log_types() == std::vector<std::string>{"OfferCreated"});
    const auto offers = fixture.there("offers");
    REQUIRE(offers.size() == 1);
    CHECK(offers[0].at("metadata").at("vitrine").at("command_id") == body.at("command_id"));
    CHECK(offers[0].at("_id") == body.at("clubify_offer_id"));
}

TEST_CASE("a product gets its price in the same command", "[bus]") {
    BusFixture fixture;
    const auto reply =
        fixture.handle(fixture.create_product(R"({"name":"Curso","price_cents":19990})"));
    REQUIRE(reply.status == 201);
    CHECK(fixture.log_types() == std::vector<std::string>{"ProductCreated"});
    CHECK(fixture.there("products").at(0).at("pricing").at("price") == 19990);
}

TEST_CASE("a product whose price is refused is taken back", "[bus]") {
    BusFixture fixture;
    fixture.fault(
        R"({"method":"PATCH","path":"/products","action":{"status":400,"body":{"message":"no such price"}}})"
    );
    const auto reply =
        fixture.handle(fixture.create_product(R"({"name":"Curso","price_cents":19990})"));
    CHECK(reply.status == 422);
    CHECK(body_of(reply).at("detail") == "no such price");
    CHECK(fixture.there("products").empty());
    CHECK(fixture.log_types() == std::vector<std::string>{"ProductCreationFailed"});
}

TEST_CASE("an offer goes through its life, each version one higher", "[bus]") {
    BusFixture fixture;
    const auto product =
        body_of(fixture.handle(fixture.create_product(R"({"name":"Curso","price_cents":1})")));
    const auto id = offer_id_of(fixture.handle(fixture.create_offer(
        R"({"name":"Oferta","products":[{"product_id":)" + product.at("product_id").dump() +
        R"(,"price_cents":5}]})"
    )));
    CHECK(fixture.handle(fixture.on_offer("ActivateOffer", id)).version == 2);
    CHECK(
        fixture.handle(fixture.on_offer("PauseOffer", id, R"({"reason":"estoque"})")).version == 3
    );
    auto edit = fixture.on_offer("EditOffer", id, R"({"name":"Outra","metadata":{"a":1}})");
    CHECK(fixture.handle(edit).version == 4);
    auto change = fixture.on_offer("ChangeProductInOffer", id, R"({"quantity":3})");
    change.item_id = product.at("product_id");
    CHECK(fixture.handle(change).version == 5);
    auto remove = fixture.on_offer("RemoveProductFromOffer", id);
    remove.item_id = product.at("product_id");
    CHECK(fixture.handle(remove).version == 6);
    CHECK(fixture.handle(fixture.on_offer("ArchiveOffer", id)).version == 7);
    const auto after = fixture.handle(edit);
    CHECK(after.status == 409);
    CHECK(body_of(after).at("current_version") == 7);
    const auto there = fixture.there("offers").at(0);
    CHECK(there.at("status") == "archived");
    CHECK(there.at("name") == "Outra");
    CHECK(there.at("metadata").at("a") == 1);
    CHECK(there.at("products").empty());
}

TEST_CASE("the platform is told of the tenant with what is created and with each edit", "[bus]") {
    BusFixture fixture;
    fixture.tenant_context = JsonText(R"({"domain":"loja.example","locale":"pt_BR"})");
    const auto id = offer_id_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})")));
    const auto product =
        body_of(fixture.handle(fixture.create_product(R"({"name":"Curso","price_cents":1})")))
            .at("product_id");
    const auto told = [&](const char* kind) {
        return fixture.there(kind).at(0).at("metadata").at("vitrine").at("tenant_context");
    };
    CHECK(told("offers") == Json::parse(fixture.tenant_context.text));
    CHECK(told("products") == Json::parse(fixture.tenant_context.text));
    fixture.tenant_context = JsonText(R"({"branding":{"colour":"green"},"locale":"en_US"})");
    CHECK(fixture.handle(fixture.on_offer("EditOffer", id, R"({"name":"Outra"})")).status == 200);
    auto edit = fixture.request(
        "EditProduct", "PATCH", "/v1/products/" + product.get<std::string>(), R"({"price_cents":2})"
    );
    edit.entity_id = product;
    CHECK(fixture.handle(edit).status == 200);
    CHECK(told("offers") == Json::parse(fixture.tenant_context.text));
    CHECK(told("products") == Json::parse(fixture.tenant_context.text));
    for (const auto& event : fixture.log()) {
        CHECK_THAT(event.data, !Catch::Contains("tenant_context"));
    }
}

TEST_CASE(
    "an edit to what is so already asks nothing of the platform and appends nothing", "[bus]"
) {
    BusFixture fixture;
    const auto id = offer_id_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})")));
    fixture.stop_platform();
    const auto reply =
        fixture.handle(keyed(fixture.on_offer("EditOffer", id, R"({"name":"Oferta"})")));
    CHECK(reply.status == 200);
    CHECK(reply.version == 1);
    CHECK(body_of(reply).at("position") == 1);
    CHECK(fixture.log_types() == std::vector<std::string>{"OfferCreated"});
}

TEST_CASE("names that give the same slug get numbers", "[bus]") {
    BusFixture fixture;
    std::vector<CommandRequest> requests;
    for (int i = 0; i < 5; ++i) requests.push_back(fixture.create_offer(R"({"name":"Café"})"));
    std::vector<std::string> slugs;
    for (const auto& reply : fixture.handle_at_once(std::move(requests)))
        slugs.push_back(body_of(reply).at("slug"));
    std::ranges::sort(slugs);
    CHECK(slugs == std::vector<std::string>{"cafe", "cafe-2", "cafe-3", "cafe-4", "cafe-5"});
}

TEST_CASE("a slug that another offer has is refused, here and on the platform", "[bus]") {
    BusFixture fixture;
    REQUIRE(fixture.handle(fixture.create_offer(R"({"name":"Café","slug":"cafe"})")).status == 201);
    CHECK(fixture.handle(fixture.create_offer(R"({"name":"Chá","slug":"cafe"})")).status == 409);
    const auto two = fixture.handle_at_once(
        {fixture.create_offer(R"({"name":"A1","slug":"same"})"),
         fixture.create_offer(R"({"name":"B1","slug":"same"})")}
    );
    CHECK(two[0].status + two[1].status == 201 + 409);
    CHECK(fixture.there("offers").size() == 2);
}

TEST_CASE("the same key and body replays the answer and does nothing again", "[bus]") {
    BusFixture fixture;
    const auto first =
        fixture.handle(keyed(fixture.create_offer(R"({"name":"Oferta","slug":"of"})")));
    const auto again =
        fixture.handle(keyed(fixture.create_offer(R"({ "slug":"of", "name":"Oferta" })")));
    CHECK(again.replayed);
    CHECK(again.status == 201);
    CHECK(again.body == first.body);
    CHECK(again.version == first.version);
    CHECK(again.location == first.location);
    CHECK(fixture.there("offers").size() == 1);
    CHECK(fixture.handle(keyed(fixture.create_offer(R"({"name":"Outra"})"))).status == 422);
    fixture.restart();
    CHECK(
        fixture.handle(keyed(fixture.create_offer(R"({"name":"Oferta","slug":"of"})"))).body ==
        first.body
    );
}

TEST_CASE("a key whose command is under way is told to wait", "[bus]") {
    BusFixture fixture;
    const auto replies = fixture.handle_at_once(
        {keyed(fixture.create_offer(R"({"name":"Oferta"})")),
         keyed(fixture.create_offer(R"({"name":"Oferta"})"))}
    );
    CHECK(replies[0].status == 201);
    CHECK(replies[1].status == 409);
    CHECK(replies[1].retry_after.has_value());
}

TEST_CASE("what our rules refuse is not stored, and its key stays free", "[bus]") {
    BusFixture fixture;
    CHECK(fixture.handle(keyed(fixture.create_offer("{}"))).status == 422);
    CHECK(fixture.handle(keyed(fixture.create_offer("{"))).status == 400);
    CHECK(
        fixture.handle(keyed(fixture.create_offer(R"({"name":"Oferta","metadata":{"vitrine":1}})")))
            .status == 422
    );
    CHECK(fixture.handle(keyed(fixture.create_offer(R"({"name":"Oferta"})"))).status == 201);
    CHECK(fixture.log().size() == 1);
}

TEST_CASE("a dry run answers the events and does nothing", "[bus]") {
    BusFixture fixture;
    auto request = keyed(fixture.create_offer(R"({"name":"Oferta"})"));
    request.dry_run = true;
    const auto reply = fixture.handle(request);
    CHECK(reply.status == 200);
    const auto events = body_of(reply).at("events");
    REQUIRE(events.size() == 1);
    CHECK(events[0].at("type") == "OfferCreated");
    CHECK(events[0].at("data").at("slug") == "oferta");
    CHECK(fixture.log().empty());
    CHECK(fixture.there("offers").empty());
}

TEST_CASE("a version that is no longer the present one is refused", "[bus]") {
    BusFixture fixture;
    const auto id = offer_id_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})")));
    auto edit = fixture.on_offer("EditOffer", id, R"({"name":"Outra"})");
    edit.precondition.match = NamedVersions{false, {2}};
    const auto refused = fixture.handle(edit);
    CHECK(refused.status == 412);
    CHECK(refused.version == 1);
    edit.precondition.match = NamedVersions{false, {7, 1}};
    CHECK(fixture.handle(edit).version == 2);
}

TEST_CASE("what is wanted only where there is none yet is refused where there is one", "[bus]") {
    BusFixture fixture;
    auto create = fixture.create_offer(R"({"name":"Oferta","slug":"of"})");
    create.precondition.none_match = NamedVersions{true, {}};
    const auto id = offer_id_of(fixture.handle(create));
    CHECK(fixture.handle(create).status == 412);
    auto edit = fixture.on_offer("EditOffer", id, R"({"name":"Outra"})");
    edit.precondition.none_match = NamedVersions{false, {1}};
    const auto refused = fixture.handle(edit);
    CHECK(refused.status == 412);
    CHECK(refused.version == 1);
    edit.precondition.none_match = NamedVersions{false, {2}};
    CHECK(fixture.handle(edit).version == 2);
    create.precondition = {NamedVersions{true, {}}, {}};
    CHECK(fixture.handle(create).status == 412);
}

TEST_CASE("the same key and request is replayed although the version has moved on", "[bus]") {
    BusFixture fixture;
    const auto id = offer_id_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})")));
    auto edit = fixture.on_offer("EditOffer", id, R"({"name":"Outra"})");
    edit.idempotency_key = "k";
    edit.precondition.match = NamedVersions{false, {1}};
    const auto first = fixture.handle(edit);
    CHECK(first.version == 2);
    const auto other = fixture.handle(fixture.on_offer("EditOffer", id, R"({"name":"Cor"})"));
    CHECK(other.version == 3);
    const auto again = fixture.handle(edit);
    CHECK(again.replayed);
    CHECK(again.body == first.body);
    CHECK(again.version == 2);
}

TEST_CASE("another tenant's offer is not there", "[bus]") {
    BusFixture fixture;
    const auto id =
        offer_id_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta","slug":"of"})")));
    auto edit = fixture.on_offer("EditOffer", id, R"({"name":"Outra"})");
    edit.principal.tenant = TenantId("other");
    CHECK(fixture.handle(edit).status == 404);
    auto same_slug = fixture.create_offer(R"({"name":"Oferta","slug":"of"})");
    same_slug.principal.tenant = TenantId("other");
    CHECK(
        fixture.handle(same_slug).status == 409
    );  // one account on the platform: the slug is foreign there
}

TEST_CASE("what the schema finds and what the rules find is told at once", "[bus]") {
    BusFixture fixture;
    const auto pointers = [&](CommandRequest request) {
        const auto reply = fixture.handle(std::move(request));
        REQUIRE(reply.status == 422);
        std::vector<std::string> found;
        for (const auto& fault : body_of(reply).at("errors")) found.push_back(fault.at("pointer"));
        std::ranges::sort(found);
        return found;
    };
    using List = std::vector<std::string>;
    CHECK(
        pointers(fixture.create_offer(
            R"({"type":"x","activate":true,"metadata":{"vitrine":1},"colour":1})"
        )) == List{"/colour", "/metadata/vitrine", "/name", "/products", "/type"}
    );
    CHECK(
        pointers(fixture.create_offer(
            R"({"name":"x","products":[7,{"product_id":"gone","quantity":0},
                {"clubify_product_id":"p1","discount":{"type":"percentage","value":101}},
                {"clubify_product_id":"p2","discount":{"type":"fixed","value":1.5}},
                {"clubify_product_id":"p2","discount":{"type":"half","value":101}},{}]})"
        )) ==
        List{
            "/name",
            "/products/0",
            "/products/1/product_id",
            "/products/1/quantity",
            "/products/2/discount/value",
            "/products/3/discount/value",
            "/products/4/clubify_product_id",
            "/products/4/discount/type",
            "/products/5/product_id"
        }
    );
    CHECK(
        pointers(fixture.create_product(R"({"metadata":{"vitrine":1}})")) ==
        List{"/metadata/vitrine", "/name", "/price_cents"}
    );
    const auto id = offer_id_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})")));
    CHECK(
        pointers(fixture.on_offer("ActivateOffer", id, R"({"reason":1})")) ==
        List{"/products", "/reason"}
    );
    CHECK(
        pointers(fixture.on_offer("AddProductToOffer", id, R"({"product_id":"x","quantity":"1"})")
        ) == List{"/product_id", "/quantity"}
    );
    CHECK(fixture.there("products").empty());
}

TEST_CASE("a product put in by the platform's id is known by its own id as well", "[bus]") {
    BusFixture fixture;
    const auto product =
        body_of(fixture.handle(fixture.create_product(R"({"name":"Curso","price_cents":100})")));
    const auto id = offer_id_of(fixture.handle(fixture.create_offer(
        R"({"name":"Oferta","products":[{"clubify_product_id":)" +
        product.at("clubify_product_id").dump() + "}]}"
    )));
    auto change = fixture.on_offer(
        "ChangeProductInOffer",
        id,
        R"({"quantity":3,"product_id":)" + product.at("product_id").dump() + "}"
    );
    change.item_id = product.at("product_id");
    CHECK(fixture.handle(change).status == 200);
    auto other = fixture.on_offer("ChangeProductInOffer", id, R"({"product_id":"another"})");
    other.item_id = product.at("product_id");
    CHECK(body_of(fixture.handle(other)).at("errors").at(0).at("pointer") == "/product_id");
    auto remove = fixture.on_offer("RemoveProductFromOffer", id);
    remove.item_id = product.at("product_id");
    CHECK(fixture.handle(remove).status == 200);
    CHECK(fixture.there("offers").at(0).at("products").empty());
}

TEST_CASE("the same number is the same request, however it is written", "[bus]") {
    BusFixture fixture;
    auto create = fixture.create_product(R"({"name":"Curso","price_cents":100})");
    create.idempotency_key = "k";
    const auto first = fixture.handle(create);
    REQUIRE(first.status == 201);
    for (const auto* price : {"100.0", "1e2", "1.00E+2"}) {
        create.body = std::string(R"({"price_cents":)") + price + R"(,"name":"Curso"})";
        const auto again = fixture.handle(create);
        CAPTURE(price, again.body);
        CHECK(again.replayed);
    }
    create.body = R"({"name":"Curso","price_cents":100.5})";
    CHECK(fixture.handle(create).status == 422);
}

TEST_CASE("a command that changes nothing is replayed with the same position", "[bus]") {
    BusFixture fixture;
    const auto id = offer_id_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})")));
    const auto request = keyed(fixture.on_offer("EditOffer", id, R"({"name":"Oferta"})"));
    const auto first = fixture.handle(request);
    CHECK(first.status == 200);
    CHECK(first.position == 1);
    fixture.restart();
    const auto again = fixture.handle(request);
    CHECK(again.replayed);
    CHECK(again.position == 1);
    CHECK(again.body == first.body);
}

TEST_CASE("an event that cannot be read refuses the commands on its stream alone", "[bus]") {
    BusFixture fixture;
    const auto unreadable = GENERATE(
        std::pair("OfferEdited", R"({"offer_id":"x","name":7})"),
        std::pair("OfferActivated", "{"),
        std::pair(  // evolve does not know the status
            "OfferAdopted",
            R"({"offer_id":"x","name":"a","slug":"a","type":"single","currency":"BRL","products":[],)"
            R"("clubify_offer_id":"y","status":"sold"})"
        )
    );
    const auto id = offer_id_of(fixture.handle(fixture.create_offer(R"({"name":"Oferta"})")));
    const auto position = fixture.append("offer-" + id, unreadable.first, unreadable.second);
    const auto requests = fixture.ask_platform("/_sandbox/requests").at("requests").size();

    const auto request = keyed(fixture.on_offer("EditOffer", id, R"({"name":"Outra"})"));
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto reply = fixture.handle(request);
        CHECK(reply.status == 500);
        const auto problem = body_of(reply);
        CHECK(problem.at("type") == "/problems/stream-unreadable");
        const std::string detail = problem.at("detail");
        CHECK_THAT(detail, Catch::Contains("offer-" + id));
        CHECK_THAT(detail, Catch::Contains("position " + std::to_string(position)));
    }
    auto dry_run = fixture.on_offer("PauseOffer", id);
    dry_run.dry_run = true;
    CHECK(fixture.handle(dry_run).status == 500);
    CHECK(fixture.ask_platform("/_sandbox/requests").at("requests").size() == requests);
    REQUIRE(fixture.notices.size() == 1);
    CHECK(fixture.notices[0].stream == StreamName("offer-" + id));
    CHECK(fixture.notices[0].position != 0);
    CHECK_THAT(fixture.notices[0].reason, Catch::Contains("cannot be read: "));

    const auto other = fixture.handle(fixture.create_offer(R"({"name":"Terceira"})"));
    REQUIRE(other.status == 201);
    const auto edit = fixture.on_offer("EditOffer", offer_id_of(other), R"({"name":"Quarta"})");
    CHECK(fixture.handle(edit).status == 200);
}
