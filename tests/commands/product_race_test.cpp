// Archiving a product beside commands on offers that have it: whichever is first, no active offer
// has an archived product.
#include "tests/commands/bus_fixture.hpp"

namespace vitrine::commands::spec {
namespace {

std::string id_in(const CommandReply& reply, const char* name) {
    REQUIRE(reply.status < 300);
    return Json::parse(reply.body).at(name);
}

/// A product of ours, and what is asked of it and of offers with it.
struct Shop : BusFixture {
    std::string product =
        id_in(handle(create_product(R"({"name":"Curso","price_cents":100})")), "product_id");
    std::string line = R"({"product_id":")" + product + R"("})";

    std::string offer(const std::string& products, bool activate = false) {
        return id_in(handle(with_products(products, activate)), "offer_id");
    }
    CommandRequest with_products(const std::string& products, bool activate) {
        return create_offer(
            R"({"name":"Oferta )" + std::to_string(++offers_) + R"(","products":[)" + products +
            R"(],"activate":)" + (activate ? "true}" : "false}")
        );
    }
    CommandRequest archive() {
        auto result = request("ArchiveProduct", "POST", "/v1/products/" + product + "/archive", "");
        result.entity_id = product;
        return result;
    }
    CommandRequest activate(const std::string& offer) { return on_offer("ActivateOffer", offer); }

    bool has(const std::string& type) {
        const auto types = log_types();
        return std::ranges::find(types, type) != types.end();
    }

private:
    int offers_ = 0;
};

std::vector<int> statuses(const std::vector<CommandReply>& replies) {
    std::vector<int> all;
    for (const auto& reply : replies) all.push_back(reply.status);
    return all;
}

}  // namespace

TEST_CASE("a product is not archived beside an activation of an offer that has it", "[race]") {
    Shop shop;
    const auto offer = shop.offer(shop.line);
    const bool archive_first = GENERATE(true, false);
    auto both = archive_first ? std::vector{shop.archive(), shop.activate(offer)}
                              : std::vector{shop.activate(offer), shop.archive()};
    const auto found = statuses(shop.handle_at_once(std::move(both)));
    CHECK(found == (archive_first ? std::vector{200, 422} : std::vector{200, 409}));
    CHECK(shop.has("ProductArchived") != shop.has("OfferActivated"));
}

TEST_CASE("nor beside an offer that is made with it, or that takes it up while active", "[race]") {
    Shop shop;
    SECTION("made") {
        const bool archive_first = GENERATE(true, false);
        auto both = archive_first
                        ? std::vector{shop.archive(), shop.with_products(shop.line, true)}
                        : std::vector{shop.with_products(shop.line, true), shop.archive()};
        const auto found = statuses(shop.handle_at_once(std::move(both)));
        CHECK(found == (archive_first ? std::vector{200, 422} : std::vector{201, 409}));
    }
    SECTION("taken up") {
        const auto other = id_in(
            shop.handle(shop.create_product(R"({"name":"Livro","price_cents":100})")), "product_id"
        );
        const auto offer = shop.offer(R"({"product_id":")" + other + R"("})", true);
        const auto add = shop.on_offer("AddProductToOffer", offer, shop.line);
        const bool archive_first = GENERATE(true, false);
        auto both =
            archive_first ? std::vector{shop.archive(), add} : std::vector{add, shop.archive()};
        const auto found = statuses(shop.handle_at_once(std::move(both)));
        CHECK(found == (archive_first ? std::vector{200, 422} : std::vector{200, 409}));
    }
}

TEST_CASE("a price is not lowered beside a discount that needs it", "[race]") {
    Shop shop;
    const auto offer = shop.offer(shop.line, true);
    auto change = shop.request(
        "ChangeProductInOffer",
        "PUT",
        "/v1/offers/" + offer + "/products/" + shop.product,
        R"({"discount":{"type":"fixed","value":60}})"
    );
    change.entity_id = offer;
    change.item_id = shop.product;
    auto cheaper = shop.request(
        "EditProduct", "PATCH", "/v1/products/" + shop.product, R"({"price_cents":50})"
    );
    cheaper.entity_id = shop.product;
    const bool price_first = GENERATE(true, false);
    auto both = price_first ? std::vector{cheaper, change} : std::vector{change, cheaper};
    CHECK(statuses(shop.handle_at_once(std::move(both))) == std::vector{200, 422});
}

TEST_CASE("offers with the same product are activated side by side", "[race]") {
    Shop shop;
    std::vector<CommandRequest> all;
    for (int i = 0; i < 5; ++i) all.push_back(shop.activate(shop.offer(shop.line)));
    shop.options.turn_wait = std::chrono::milliseconds(0);  // who had to wait would be refused
    shop.restart();
    CHECK(statuses(shop.handle_at_once(std::move(all))) == std::vector(5, 200));
}

TEST_CASE("an activation that is under way holds its products, also after a restart", "[race]") {
    Shop shop;
    const auto offer = shop.offer(shop.line), another = shop.offer(shop.line);
    shop.options.deadline = std::chrono::milliseconds(1);
    shop.options.turn_wait = std::chrono::milliseconds(1);
    shop.restart();
    shop.fault(R"({"method":"POST","path":"/offers","action":{"drop":"before"}})");
    CHECK(shop.handle(shop.activate(offer)).status == 202);
    CHECK(shop.handle(shop.archive()).status == 409);
    shop.restart();
    CHECK(shop.handle(shop.archive()).status == 409);
    CHECK(shop.handle(shop.activate(another)).status == 202);  // shares it
    shop.no_faults();
    shop.run_until_idle();
    CHECK(shop.has("OfferActivated"));
    CHECK_FALSE(shop.has("ProductArchived"));
}

}  // namespace vitrine::commands::spec
