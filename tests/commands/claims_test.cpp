#include "commands/engine/claims.hpp"

#include "commands/engine/rule_faults.hpp"
#include "store/append.hpp"
#include "tests/commands/bus_fixture.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using spec::BusFixture;
using spec::Json;

namespace {

const TenantId acme("acme");

Json body_of(const CommandReply& reply) {
    return Json::parse(reply.body);
}

std::string type_of(const CommandReply& reply) {
    return body_of(reply).at("type");
}

class Shop : public BusFixture {
public:
    CommandReply create(const std::string& name, const std::string& sku) {
        return handle(product(name, sku));
    }
    CommandRequest product(const std::string& name, const std::string& sku) {
        return create_product(
            R"({"name":")" + name + R"(","price_cents":100,"sku":")" + sku + R"("})"
        );
    }
    CommandReply edit(const CommandReply& product, std::string body) {
        const std::string id = body_of(product).at("product_id");
        auto edit = request("EditProduct", "PATCH", "/v1/products/" + id, std::move(body));
        edit.entity_id = id;
        return handle(std::move(edit));
    }
    std::optional<CommandId> holder(const std::string& sku) {
        return store->journal().holder(acme, {"sku", sku});
    }
};

}  // namespace

TEST_CASE("two products do not have one SKU", "[claims]") {
    Shop shop;
    CHECK(shop.create("Curso", "A-1").status == 201);
    const auto second = shop.create("Livro", "A-1");
    CHECK(second.status == 409);
    CHECK(type_of(second) == "/problems/sku-taken");
    CHECK(shop.create("Livro", "a-1").status == 201);
    CHECK(shop.there("products").size() == 2);
}

TEST_CASE("of those who want a SKU at once one gets it", "[claims]") {
    Shop shop;
    std::vector<CommandRequest> requests;
    for (int i = 0; i < 8; ++i) requests.push_back(shop.product("Curso", "A-1"));
    int made = 0;
    for (const auto& reply : shop.handle_at_once(std::move(requests))) {
        made += reply.status == 201 ? 1 : 0;
        CHECK((reply.status == 201 || reply.status == 409));
    }
    CHECK(made == 1);
    CHECK(shop.there("products").size() == 1);
}

TEST_CASE("a product that came to nothing frees its SKU", "[claims]") {
    Shop shop;
    shop.fault(R"({"method":"PATCH","path":"/products","times":1,"action":{"status":400}})");
    CHECK(shop.create("Curso", "A-1").status == 422);
    CHECK_FALSE(shop.holder("A-1"));
    CHECK(shop.create("Curso", "A-1").status == 201);
}

TEST_CASE("an edit claims the new SKU and frees the old one, without the platform", "[claims]") {
    Shop shop;
    const auto first = shop.create("Curso", "A-1");
    const auto second = shop.create("Livro", "A-2");
    const auto requests = shop.ask_platform("/_sandbox/requests").at("requests").size();
    CHECK(type_of(shop.edit(second, R"({"sku":"A-1"})")) == "/problems/sku-taken");
    const auto moved = shop.edit(first, R"({"sku":"A-3"})");
    REQUIRE(moved.status == 200);
    CHECK(shop.ask_platform("/_sandbox/requests").at("requests").size() == requests);
    CHECK(shop.holder("A-3") == moved.command_id);
    CHECK_FALSE(shop.holder("A-1"));
    CHECK(shop.edit(second, R"({"sku":"A-1","name":"Outro"})").status == 200);
    CHECK_FALSE(shop.holder("A-2"));
    CHECK(shop.edit(second, R"({"sku":null})").status == 200);
    CHECK_FALSE(shop.holder("A-1"));
    CHECK(shop.edit(second, R"({"sku":null})").status == 200);
}

TEST_CASE("a failed edit keeps the old SKU and frees the new one", "[claims]") {
    Shop shop;
    const auto product = shop.create("Curso", "A-1");
    shop.fault(R"({"method":"PATCH","path":"/products","times":1,"action":{"status":400}})");
    CHECK(shop.edit(product, R"({"sku":"A-2","name":"Outro"})").status == 422);
    CHECK(shop.holder("A-1"));
    CHECK_FALSE(shop.holder("A-2"));
}

TEST_CASE(
    "a command that ends at once answers the position of its own event, first and replayed",
    "[claims]"
) {
    Shop shop;
    const auto product = shop.create("Curso", "A-1");
    const std::string id = body_of(product).at("product_id");
    auto edit = shop.request("EditProduct", "PATCH", "/v1/products/" + id, R"({"sku":"A-2"})");
    edit.entity_id = id;
    edit.idempotency_key = "k1";
    const auto reply = shop.handle(edit);
    REQUIRE(reply.status == 200);
    CHECK(reply.position == shop.log().back().position);
    CHECK(body_of(reply).at("position") == reply.position);
    CHECK(body_of(reply).at("version") == 2);
    const auto replayed = shop.handle(edit);
    CHECK(replayed.replayed);
    CHECK(replayed.body == reply.body);
    CHECK(replayed.position == reply.position);
}

TEST_CASE("products of older programs get the SKUs that they have", "[claims]") {
    Shop shop;
    const auto product = shop.create("Curso", "A-1");
    const CommandId creator(body_of(product).at("command_id").get<std::string>());
    // As an older program left it: an event, and no claim.
    store::Conclude without;
    without.head.id = CommandId("c9");
    without.releases = {{{"sku", "A-1"}, creator}};
    REQUIRE(store::append_and_wait(*shop.store, {acme, {}, without}));
    REQUIRE_FALSE(shop.holder("A-1"));
    shop.restart();
    CHECK(shop.holder("A-1") == creator);
    CHECK(type_of(shop.create("Livro", "A-1")) == "/problems/sku-taken");
    CHECK(shop.edit(product, R"({"sku":"A-2"})").status == 200);
    shop.restart();  // done once: what is free since then stays free
    CHECK_FALSE(shop.holder("A-1"));
}

TEST_CASE("two SKUs that look alike are one, and each is kept as it is written", "[claims]") {
    Shop shop;
    const auto product = shop.create("Curso", "cafe\u0301 1");  // e and an accent
    REQUIRE(product.status == 201);
    for (const auto* sku : {"café 1", "ca\u200bfé 1", "café\u00a01", "cafe\u034f\u0301 1"})
        CHECK(type_of(shop.create("Livro", sku)) == "/problems/sku-taken");
    CHECK(shop.create("Livro", "cafe 1").status == 201);
    const auto written = Json::parse(shop.log().front().data).at("sku").get<std::string>();
    CHECK(written == "cafe\u0301 1");

    // Its own is not another's, however it is spelled.
    CHECK(shop.edit(product, R"({"sku":"café 1"})").status == 200);
    CHECK(type_of(shop.create("Livro", "café 1")) == "/problems/sku-taken");
    CHECK(shop.edit(product, R"({"sku":"outro"})").status == 200);
    CHECK(shop.create("Livro", "ca\u2060fé 1").status == 201);
}

TEST_CASE("products of older programs get their SKUs as they are seen", "[claims]") {
    Shop shop;
    const auto product = shop.create("Curso", "A\u200b-1");
    const CommandId creator(body_of(product).at("command_id").get<std::string>());
    // As an older program left it: the SKU is claimed as it is written.
    store::Conclude as_written;
    as_written.head.id = CommandId("c9");
    as_written.releases = {{{"sku", "A-1"}, creator}};
    REQUIRE(store::append_and_wait(*shop.store, {acme, {}, as_written}));
    store::Hold written{{{{"sku", "A\u200b-1"}, creator}}};
    REQUIRE(store::append_and_wait(*shop.store, {acme, {}, written}));
    shop.restart();
    CHECK(shop.holder("A-1") == creator);
    CHECK(type_of(shop.create("Livro", "A-1")) == "/problems/sku-taken");
}

TEST_CASE("a plan of an older program names the slug it has claimed", "[claims]") {
    const auto plan = plan_from_json(JsonText(
        R"({"entity":"offer","entity_id":"o","stream":"offer-o","version":0,"slug":"cafe","steps":[],)"
        R"("events":[],"answer":"{}","success_status":201,"results":[]})"
    ));
    CHECK(plan.claims == Claims{{"slug", "cafe"}});
}

TEST_CASE("a body that its schema refuses is never prepared", "[claims]") {
    Shop shop;
    const auto& original = *find_definition("CreateOffer");
    const Definition definition{
        .name = original.name,
        .method = original.method,
        .route = original.route,
        .entity = original.entity,
        .creates = true,
        .schema = original.schema,
        .handler =
            {[](const Preparation&) -> Prepared {
                 FAIL("prepared");
                 return std::unexpected(Rejection{});
             },
             original.handler.check,
             nullptr,
             nullptr}
    };
    const CommandId command("c1");
    const std::string id = "0190b4e0-0000-7000-8000-000000000001";
    const Json body = Json::parse(R"({"name":7,"products":[{"product_id":"none"}]})");
    const Claims no_claims;
    const Preparation preparation{
        definition, *shop.store, *shop.facts, acme, command, id, "", 0, no_claims, body
    };
    const auto faults = with_rule_faults(
        {{"/name", "type", {"must be a string", "deve ser um texto"}}}, preparation
    );
    REQUIRE(faults.size() == 2);
    CHECK(faults.back().code == "unknown_product");
}

TEST_CASE("a product that active offers have is not archived", "[claims]") {
    Shop shop;
    const auto product = shop.create("Curso", "A-1");
    const std::string id = body_of(product).at("product_id");
    const auto archive = [&] {
        auto request =
            shop.request("ArchiveProduct", "POST", "/v1/products/" + id + "/archive", "");
        request.entity_id = id;
        return shop.handle(request);
    };
    const auto offer = body_of(shop.handle(shop.create_offer(
        R"({"name":"Oferta","activate":true,"products":[{"product_id":")" + id + R"("}]})"
    )));
    const auto refused = archive();
    CHECK(refused.status == 409);
    CHECK(type_of(refused) == "/problems/product-in-use");
    CHECK(body_of(refused).at("detail").get<std::string>().find("\"Oferta\"") != std::string::npos);

    const std::string offer_id = offer.at("offer_id");
    auto pause = shop.on_offer("PauseOffer", offer_id);
    REQUIRE(shop.handle(pause).status == 200);
    const auto done = archive();
    REQUIRE(done.status == 200);
    CHECK(body_of(done).at("status") == "archived");
    CHECK(shop.there("products").at(0).at("isActive") == false);
    CHECK(archive().status == 409);
    CHECK(shop.edit(product, R"({"name":"Outro"})").status == 409);
    const auto activation = shop.handle(shop.on_offer("ActivateOffer", offer_id));
    CHECK(activation.status == 422);
    CHECK(body_of(activation).at("errors").at(0).at("code") == "archived_product");
    const auto added = shop.handle(
        shop.create_offer(R"({"name":"Outra","products":[{"product_id":")" + id + R"("}]})")
    );
    CHECK(body_of(added).at("errors").at(0).at("code") == "archived_product");
    CHECK(shop.create("Livro", "A-1").status == 409);
}

TEST_CASE("a price that an offer's discount does not leave room for is refused", "[claims]") {
    Shop shop;
    const auto product = shop.create("Curso", "A-1");
    const std::string id = body_of(product).at("product_id");
    REQUIRE(
        shop.handle(shop.create_offer(
                        R"({"name":"Oferta","products":[{"product_id":")" + id +
                        R"(","discount":{"type":"fixed","value":80}}]})"
                    ))
            .status == 201
    );
    const auto refused = shop.edit(product, R"({"price_cents":79})");
    CHECK(refused.status == 422);
    CHECK(body_of(refused).at("errors").at(0).at("pointer") == "/price_cents");
    CHECK(body_of(refused).at("errors").at(0).at("code") == "above_price");
    CHECK(shop.edit(product, R"({"price_cents":80})").status == 200);
}
