#include "queries/at_least.hpp"
#include "queries/listed.hpp"
#include "queries/offers/get_offer.hpp"
#include "queries/offers/list_offers.hpp"
#include "tests/queries/shop.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {

using Kind = queries::QueryError::Kind;

TEST_CASE("an offer is found by its id and by its slug, with its version") {
    Shop shop;
    shop.log.add(offer_created("o1", "One"));
    shop.log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    shop.settle();
    const auto offer = queries::get_offer(shop.reads, shop.log.tenant(), OfferId("o1"));
    CHECK(body_of(offer)["name"] == "One");
    CHECK(offer->version == 2);
    CHECK(offer->position == 2);
    const auto same = queries::get_offer_by_slug(shop.reads, shop.log.tenant(), "slug-o1");
    CHECK(same->body == offer->body);
    const auto missing = queries::get_offer(shop.reads, shop.log.tenant(), OfferId("o2"));
    CHECK(missing.error().kind == Kind::not_found);
}

TEST_CASE("an offer's ETag tells when a product of it got another name or price") {
    Shop shop;
    shop.log.add(product_created("p1", 100));
    shop.log.add(offer_created("o1", "One", {line("remote-p1", std::nullopt, "p1")}));
    const auto priced_at = shop.log.add(events::ProductPriceChanged{ProductId("p1"), 250, "BRL"});
    events::ProductEdited described;
    described.product_id = ProductId("p1");
    described.description = "offers do not show it";
    shop.log.add(described);
    shop.settle();
    const auto& tenant = shop.log.tenant();
    const auto offer = queries::get_offer(shop.reads, tenant, OfferId("o1"));
    CHECK(body_of(offer)["products"][0]["name"] == "Product p1");
    CHECK(body_of(offer)["total_cents"] == 250);
    CHECK(offer->version == 1);
    CHECK(offer->facts == priced_at);
    const auto was = queries::get_offer_as_of(
        shop.reads, tenant, OfferId("o1"), queries::read_moment(shop.reads, "2")
    );
    CHECK(body_of(was)["total_cents"] == 100);
    CHECK(was->facts == 0);
    queries::ListParameters then;
    then.as_of = queries::read_moment(shop.reads, "2");
    const auto items = body_of(queries::list_offers(shop.reads, tenant, then))["items"];
    CHECK(items[0]["total_cents"] == 100);

    events::OfferEdited edited;
    edited.offer_id = OfferId("o1");
    edited.name = "Two";
    shop.log.add(edited);
    shop.settle();
    CHECK(queries::get_offer(shop.reads, tenant, OfferId("o1"))->facts == 0);
}

TEST_CASE("a version whose event is parked is not there yet, one that was dismissed never will be"
) {
    Shop shop;
    shop.log.add(offer_created("o1", "One"));
    const auto bad =
        shop.log.add_encoded(StreamName("offer-o1"), {"OfferEdited", 1, R"({"name":7})"});
    events::OfferEdited edited;
    edited.offer_id = OfferId("o1");
    for (const auto* name : {"Three", "Four"}) {
        edited.name = name;
        shop.log.add(edited);
    }
    shop.settle();
    const auto as_of = [&](const char* version) {
        const auto& tenant = shop.log.tenant();
        const auto moment =
            queries::read_moment_of_version(shop.reads, tenant, OfferId("o1"), version);
        return queries::get_offer_as_of_version(shop.reads, tenant, OfferId("o1"), moment);
    };
    const auto check_names = [&](const std::string& detail) {
        CHECK_THAT(detail, Catch::Contains("version 2"));
        CHECK_THAT(detail, Catch::Contains("position " + std::to_string(bad)));
        CHECK_THAT(detail, Catch::Contains("`name`: "));
    };
    const auto parked = as_of("2");
    CHECK(parked.error().kind == Kind::not_ready);
    CHECK(parked.error().retry_after);
    check_names(parked.error().detail.english());
    CHECK_THAT(parked.error().detail.english(), Catch::Contains("is parked"));

    projections::Release release;
    release.kind = projections::Release::Kind::dismiss;
    release.tenant = shop.log.tenant();
    release.stream = StreamName("offer-o1");
    release.actor = "key:test";
    REQUIRE(shop.run(shop.reads.projections.release("offer_versions", std::move(release))));
    const auto dismissed = as_of("2");
    CHECK(dismissed.error().kind == Kind::given_up);
    CHECK_FALSE(dismissed.error().retry_after);
    check_names(dismissed.error().detail.english());
    CHECK_THAT(dismissed.error().detail.english(), Catch::Contains("given up by an operator"));
    CHECK(body_of(as_of("1"))["name"] == "One");
    const auto third = as_of("3");
    CHECK(body_of(third)["name"] == "Three");
    CHECK(body_of(third)["version"] == 3);
    CHECK(third->version == 3);
    CHECK(body_of(as_of("4"))["name"] == "Four");
}

TEST_CASE("an offer is answered as of a version or a time") {
    Shop shop;
    shop.log.add(offer_created("o1", "One"));
    const auto created = shop.log.now;
    shop.log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    shop.settle();
    const auto tenant = shop.log.tenant();
    const OfferId id("o1");
    const auto as_of = [&](const std::string& moment) {
        return queries::get_offer_as_of(
            shop.reads, tenant, id, queries::read_moment(shop.reads, moment)
        );
    };
    const auto as_of_version = [&](const char* version) {
        return queries::get_offer_as_of_version(
            shop.reads, tenant, id, queries::read_moment_of_version(shop.reads, tenant, id, version)
        );
    };
    const std::chrono::seconds second(1);
    CHECK(body_of(as_of(format_time(created)))["status"] == "draft");
    CHECK(body_of(as_of(format_time(shop.log.now)))["status"] == "active");
    CHECK(as_of(format_time(created - second)).error().kind == Kind::not_found);
    CHECK(faults_of(as_of(format_time(shop.log.now + second))) == "/as_of");
    CHECK(faults_of(as_of("then")) == "/as_of");
    const auto first = as_of_version("1");
    CHECK(body_of(first)["status"] == "draft");
    CHECK(first->version == 1);
    CHECK(first->position == 1);
    CHECK(as_of("1")->position == 1);
    for (const auto* bad : {"0", "3", "-1", "1x", ""}) {
        CAPTURE(bad);
        CHECK(faults_of(as_of_version(bad)) == "/as_of_version");
    }
}

TEST_CASE("what was after a parked event is told by nobody, whichever way it is asked") {
    Shop shop;
    const auto& tenant = shop.log.tenant();
    const OfferId id("o1");
    const auto created = shop.log.add(offer_created("o1", "One"));
    const auto bad =
        shop.log.add_encoded(StreamName("offer-o1"), {"OfferEdited", 1, R"({"name":7})"});
    const auto beside = shop.log.add(offer_created("o2", "Two"));
    const auto then = format_time(shop.log.now);
    shop.settle();
    const auto by_version = queries::get_offer_as_of_version(
        shop.reads, tenant, id, queries::read_moment_of_version(shop.reads, tenant, id, "2")
    );
    REQUIRE(by_version.error().kind == Kind::not_ready);
    const auto answers = [&](const std::string& as_of) {
        const auto moment = queries::read_moment(shop.reads, as_of);
        return std::vector{
            queries::get_offer_as_of(shop.reads, tenant, id, moment),
            queries::get_offer_by_slug_as_of(shop.reads, tenant, "slug-o1", moment)
        };
    };
    for (const auto& as_of : {std::to_string(bad), std::to_string(beside), then}) {
        CAPTURE(as_of);
        for (const auto& answer : answers(as_of)) {
            REQUIRE_FALSE(answer);
            CHECK(answer.error().kind == Kind::not_ready);
            CHECK(answer.error().detail == by_version.error().detail);
        }
    }
    for (const auto& answer : answers(std::to_string(created)))
        CHECK(body_of(answer)["name"] == "One");
    const auto other = queries::get_offer_as_of(
        shop.reads, tenant, OfferId("o2"), queries::read_moment(shop.reads, then)
    );
    CHECK(body_of(other)["name"] == "Two");
    // Lists go on with what they have.
    const auto list =
        queries::list_offers(shop.reads, tenant, {.as_of = queries::read_moment(shop.reads, then)});
    CHECK(body_of(list)["items"].size() == 2);

    projections::Release release;
    release.kind = projections::Release::Kind::dismiss;
    release.tenant = tenant;
    release.stream = StreamName("offer-o1");
    release.actor = "key:test";
    REQUIRE(shop.run(shop.reads.projections.release("offer_versions", std::move(release))));
    for (const auto& answer : answers(then)) CHECK(body_of(answer)["version"] == 1);
}

TEST_CASE("a list is answered as of a position or a time, page by page") {
    Shop shop;
    shop.log.add(offer_created("o1", "One"));
    shop.log.add(offer_created("o2", "Two"));
    const auto then = shop.log.now;
    shop.log.add(events::OfferActivated{OfferId("o1"), std::nullopt});
    shop.log.add(offer_created("o3", "Three"));
    shop.settle();
    const auto ids = [&](const queries::ListParameters& parameters) {
        std::string joined;
        const auto answer = queries::list_offers(shop.reads, shop.log.tenant(), parameters);
        for (const auto& item : body_of(answer)["items"]) {
            joined +=
                item["offer_id"].get<std::string>() + ' ' + item["status"].get<std::string>() + ' ';
        }
        return joined;
    };
    const auto moment = [&](const std::string& as_of) {
        return queries::read_moment(shop.reads, as_of);
    };
    CHECK(ids({.as_of = moment("0")}).empty());
    CHECK(ids({.as_of = moment("2")}) == "o2 draft o1 draft ");
    CHECK(ids({.as_of = moment(format_time(then))}) == "o2 draft o1 draft ");
    CHECK(ids({.as_of = moment("3")}) == "o2 draft o1 active ");
    CHECK(ids({.status = "active", .as_of = moment("3")}) == "o1 active ");

    queries::ListParameters page{.limit = "1", .as_of = moment("2")};
    const auto first = queries::list_offers(shop.reads, shop.log.tenant(), page);
    CHECK(first->position == 2);
    page.cursor = first->next_cursor;
    CHECK(ids(page) == "o1 draft ");
    page.as_of = moment("3");
    CHECK(faults_of(queries::list_offers(shop.reads, shop.log.tenant(), page)) == "/cursor");
    page.as_of.reset();
    CHECK(faults_of(queries::list_offers(shop.reads, shop.log.tenant(), page)) == "/cursor");
    const auto later = format_time(shop.log.now + std::chrono::seconds(1));
    for (const auto& bad : {std::string("5"), later, std::string("x")}) {
        const queries::ListParameters parameters{.limit = "0", .as_of = moment(bad)};
        const auto answer = queries::list_offers(shop.reads, shop.log.tenant(), parameters);
        CHECK(faults_of(answer) == "/as_of /limit");
    }
}

TEST_CASE("the pages of a list as of now belong together while events are appended") {
    Shop shop;
    for (const auto* id : {"o1", "o2", "o3"}) shop.log.add(offer_created(id, "Offer"));
    const auto now = format_time(shop.log.now);
    queries::ListParameters page{.limit = "1"};
    std::string found;
    for (int i = 0; i < 3; ++i) {
        page.as_of = queries::read_moment(shop.reads, now);
        shop.settle();
        const auto answer = queries::list_offers(shop.reads, shop.log.tenant(), page);
        CAPTURE(i);
        REQUIRE(answer);
        CHECK(answer->position == 3);
        found += body_of(answer)["items"].at(0)["offer_id"].get<std::string>() + ' ';
        page.cursor = answer->next_cursor;
        // By a clock that stands still: it shows no more that this came later.
        shop.log.now -= std::chrono::seconds(1);
        shop.log.add(offer_created("new" + std::to_string(i), "A new one"));
    }
    CHECK(found == "o3 o2 o1 ");
}

TEST_CASE("a list before the beginning says so with the position 0") {
    Shop shop;
    shop.log.add(offer_created("o1", "One"));
    shop.settle();
    const auto list = queries::list_offers(
        shop.reads, shop.log.tenant(), {.as_of = queries::read_moment(shop.reads, "0")}
    );
    CHECK(list->position == 0);
}

TEST_CASE("at_least waits for the read model, and refuses what is not a position of the log") {
    Shop shop;
    const auto ask = [&](const char* position) {
        return queries::read_at_least(shop.reads, position);
    };
    const auto wait = [&](Position position, std::chrono::milliseconds limit) {
        const auto end = std::chrono::steady_clock::now() + limit;
        return shop.run(queries::wait_for_position(shop.reads, queries::offers_model, position, end)
        );
    };
    const auto position = shop.log.add(offer_created("o1", "One"));
    CHECK(ask(std::to_string(position).c_str()) == position);
    CHECK_FALSE(wait(position, std::chrono::seconds(20)));
    CHECK(queries::get_offer(shop.reads, shop.log.tenant(), OfferId("o1")));
    CHECK(ask("2").error().kind == Kind::invalid);
    CHECK(ask("one").error().faults.at(0).pointer == "/at_least");
    CHECK(wait(position + 1, {})->kind == Kind::not_ready);
}

TEST_CASE("pages of a list follow one another while rows are added") {
    Shop shop;
    for (int i = 0; i < 5; ++i) {
        shop.log.add(offer_created("o" + std::to_string(i), "Offer " + std::to_string(i)));
    }
    shop.settle();
    const auto sort = GENERATE(
        std::string("created_at"),
        std::string("-created_at"),
        std::string("name"),
        std::string("-name"),
        std::string("-updated_at")
    );
    CAPTURE(sort);
    queries::ListParameters parameters;
    parameters.sort = sort;
    parameters.limit = "2";
    std::vector<std::string> ids;
    for (int page = 0; page < 5; ++page) {
        const auto answer = queries::list_offers(shop.reads, shop.log.tenant(), parameters);
        const auto body = body_of(answer);
        for (const auto& item : body["items"]) ids.push_back(item["offer_id"].get<std::string>());
        if (body["next_cursor"].is_null()) break;
        CHECK(body["next_cursor"] == answer->next_cursor);
        parameters.cursor = answer->next_cursor;
        shop.log.add(offer_created("new" + std::to_string(page), "A new one"));
        shop.settle();
    }
    std::erase_if(ids, [](const std::string& id) { return id.starts_with("new"); });
    std::vector<std::string> expected = {"o0", "o1", "o2", "o3", "o4"};
    if (sort.starts_with('-')) std::ranges::reverse(expected);
    CHECK(ids == expected);
}

TEST_CASE("a list item has its fields, and a filter of several parts narrows") {
    Shop shop;
    auto created = offer_created("o1", "Café", {line("p1", 100)});
    created.type = "combo";
    shop.log.add(created);
    shop.log.add(offer_created("o2", "Café too"));
    shop.settle();
    queries::ListParameters parameters;
    parameters.status = "draft";
    parameters.type = "combo";
    parameters.q = "CAFE";
    const auto items =
        body_of(queries::list_offers(shop.reads, shop.log.tenant(), parameters))["items"];
    REQUIRE(items.size() == 1);
    CHECK(
        items[0].dump() ==
        R"({"offer_id":"o1","name":"Café","slug":"slug-o1","type":"combo","status":"draft",)"
        R"("currency":"BRL","product_count":1,"total_cents":100,"version":1,"created_at":")" +
            format_time(shop.log.now - std::chrono::seconds(1)) + R"(","updated_at":")" +
            format_time(shop.log.now - std::chrono::seconds(1)) + "\"}"
    );
    parameters.type = "single_product";
    CHECK(
        body_of(queries::list_offers(shop.reads, shop.log.tenant(), parameters))["items"].size() ==
        1
    );
}

TEST_CASE("every faulty parameter of a list is named at once") {
    Shop shop;
    queries::ListParameters parameters;
    parameters.limit = "1001";
    parameters.sort = "price";
    parameters.status = "gone";
    parameters.type = "thing";
    CHECK(
        faults_of(queries::list_offers(shop.reads, shop.log.tenant(), parameters)) ==
        "/limit /sort /status /type"
    );
    for (const auto* bad : {"0", "-1", "1.5", "ten", ""}) {
        parameters = {};
        parameters.limit = bad;
        CHECK(
            faults_of(queries::list_offers(shop.reads, shop.log.tenant(), parameters)) == "/limit"
        );
    }
}

TEST_CASE("a cursor that is not one, or of another sort, is refused") {
    Shop shop;
    shop.log.add(offer_created("o1", "One"));
    shop.log.add(offer_created("o2", "Two"));
    shop.settle();
    queries::ListParameters parameters;
    parameters.limit = "1";
    const auto good = queries::list_offers(shop.reads, shop.log.tenant(), parameters)->next_cursor;
    REQUIRE_FALSE(good.empty());
    for (const auto& bad : {std::string("x"), std::string(), good + "A", std::string("e30")}) {
        CAPTURE(bad);
        parameters.cursor = bad;
        CHECK(
            faults_of(queries::list_offers(shop.reads, shop.log.tenant(), parameters)) == "/cursor"
        );
    }
    parameters.cursor = good;
    parameters.sort = "name";
    CHECK(faults_of(queries::list_offers(shop.reads, shop.log.tenant(), parameters)) == "/cursor");
}

TEST_CASE("products are read one by one and in pages") {
    Shop shop;
    for (int i = 0; i < 3; ++i) shop.log.add(product_created("p" + std::to_string(i), 100 + i));
    shop.log.add(events::ProductPriceChanged{ProductId("p1"), 7, "BRL"});
    shop.settle();
    const auto get = [&](const TenantId& tenant) {
        return queries::get_listed(shop.reads, tenant, "products", "p1", {"none", "nenhum"});
    };
    const auto one = get(shop.log.tenant());
    CHECK(body_of(one)["price_cents"] == 7);
    CHECK(one->version == 2);
    CHECK_FALSE(get(TenantId("other")));
    queries::ListParameters parameters;
    parameters.limit = "2";
    parameters.sort = "name";
    const auto list = [&] {
        return queries::list_listed(shop.reads, shop.log.tenant(), "products", parameters);
    };
    const auto first = list();
    CHECK(body_of(first)["items"].size() == 2);
    parameters.cursor = first->next_cursor;
    const auto second = body_of(list());
    CHECK(second["items"][0]["product_id"] == "p2");
    CHECK(second["next_cursor"].is_null());
}

TEST_CASE("a product is found by its SKU, however that is spelled") {
    Shop shop;
    auto product = product_created("p1", 100);
    product.sku = "cafe\u0301-\u200b1";
    shop.log.add(product);
    shop.log.add(product_created("p2", 100));
    shop.settle();
    queries::ListParameters parameters;
    for (const auto* sku : {"caf\u00e9-1", "cafe\u0301-\u200b1"}) {
        parameters.sku = sku;
        const auto items =
            body_of(queries::list_listed(shop.reads, shop.log.tenant(), "products", parameters)
            )["items"];
        REQUIRE(items.size() == 1);
        CHECK(items[0]["sku"] == *product.sku);
    }
    parameters.sku = "cafe-1";
    CHECK(body_of(queries::list_listed(shop.reads, shop.log.tenant(), "products", parameters)
    )["items"]
              .empty());
}

TEST_CASE("two tenants with equal ids and slugs never meet") {
    Shop shop;
    shop.log.as("acme");
    shop.log.add(offer_created("o1", "Acme's"));
    shop.log.as("other");
    shop.log.add(offer_created("o1", "Other's"));
    shop.settle();
    const TenantId acme("acme");
    const TenantId third("third");
    CHECK(body_of(queries::get_offer(shop.reads, acme, OfferId("o1")))["name"] == "Acme's");
    CHECK(body_of(queries::get_offer_by_slug(shop.reads, acme, "slug-o1"))["name"] == "Acme's");
    const auto then = queries::get_offer_as_of_version(
        shop.reads,
        acme,
        OfferId("o1"),
        queries::read_moment_of_version(shop.reads, acme, OfferId("o1"), "1")
    );
    CHECK(body_of(then)["name"] == "Acme's");
    CHECK(body_of(queries::list_offers(shop.reads, acme, {}))["items"].size() == 1);
    CHECK_FALSE(queries::get_offer(shop.reads, third, OfferId("o1")));
    CHECK(body_of(queries::list_offers(shop.reads, third, {}))["items"].empty());
}

}  // namespace vitrine::tests
