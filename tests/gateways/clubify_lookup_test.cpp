#include "tests/gateways/platform.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::clubify;
using namespace vitrine::clubify::testing;

namespace {

constexpr std::chrono::milliseconds usual{0};

/// A gateway whose platform will answer the one call with this.
struct Asked {
    /// The answer to every attempt.
    explicit Asked(std::string body, int status = 200) {
        platform.fail(json_answer(status, std::move(body)));
    }
    std::string target() const { return platform.calls().at(0).target; }

    Platform platform;
    Gateway gateway;
};

}  // namespace

TEST_CASE("an offer is found by slug, in either spelling of its id") {
    const auto* body = GENERATE(
        R"({"_id":"o1","slug":"s","name":"n","status":"draft","metadata":{"vitrine":{"command_id":"c","edited_by":"e"}},"products":[{"productId":"p1","quantity":2},{"product":{"_id":"p2"}},{"product_id":"p3"}]})",
        R"({"data":{"id":"o1","slug":"s","name":"n","status":"draft","metadata":{"vitrine":{"command_id":"c","edited_by":"e"}},"products":[{"product":"p1","quantity":2},{"id":"p2"},{"productId":"p3"}]}})"
    );
    Asked asked(body);
    const auto offer =
        asked.gateway.run(asked.gateway.clubify.find_offer_by_slug(asked.platform.account(), "a/b")
        );
    CHECK(asked.target() == "/api/v1/offers/slug/a%2Fb");
    REQUIRE((offer && *offer));
    const RemoteOffer& found = **offer;
    CHECK(found.id == ClubifyId("o1"));
    CHECK(found.slug == "s");
    CHECK(found.name == "n");
    CHECK(found.status == "draft");
    CHECK(found.mark.command_id == "c");
    CHECK(found.mark.edited_by == "e");
    REQUIRE(found.products.size() == 3);
    CHECK(found.products[0].id == ClubifyId("p1"));
    CHECK(found.products[0].json.text.find("\"quantity\":2") != std::string::npos);
    CHECK(found.products[1].id == ClubifyId("p2"));
    CHECK(found.products[2].id == ClubifyId("p3"));
    CHECK(found.json.text.starts_with("{\""));
}

TEST_CASE("an offer of someone else has an empty mark, whatever its metadata is") {
    const auto* metadata =
        GENERATE("null", "[]", "{}", R"({"vitrine":"x"})", R"({"vitrine":{"command_id":5}})");
    Asked asked(R"({"_id":"o1","metadata":)" + std::string(metadata) + "}");
    const auto offer = asked.gateway.run(
        asked.gateway.clubify.find_offer(asked.platform.account(), ClubifyId("o1"))
    );
    CHECK(asked.target() == "/api/v1/offers/o1");
    REQUIRE((offer && *offer));
    CHECK((*offer)->mark.command_id.empty());
}

TEST_CASE("a 404 is the answer that there is none; anything else without an id is unknown") {
    Asked none(R"({"message":"not found"})", 404);
    const auto answer =
        none.gateway.run(none.gateway.clubify.find_product(none.platform.account(), ClubifyId("p"))
        );
    REQUIRE(answer);
    CHECK_FALSE(answer->has_value());

    const auto* body = GENERATE("{}", "null", "[]", "5", R"({"data":{}})");
    Asked odd(body);
    const auto offer =
        odd.gateway.run(odd.gateway.clubify.find_offer(odd.platform.account(), ClubifyId("p")));
    REQUIRE_FALSE(offer);
    CHECK(offer.error().kind == CallError::Kind::unknown);

    Asked down("{}", 503);
    const auto failed =
        down.gateway.run(down.gateway.clubify.find_offer(down.platform.account(), ClubifyId("p")));
    REQUIRE_FALSE(failed);
    CHECK(failed.error().kind == CallError::Kind::unavailable);
}

TEST_CASE("products come by pages, and the last page is known as such") {
    struct Row {
        std::string body;
        std::size_t count;
        bool last;
    };
    std::string hundred;
    for (int i = 0; i < 100; ++i) hundred += (i > 0 ? "," : "") + std::string(R"({"_id":"p"})");
    const auto row = GENERATE_COPY(
        Row{R"({"data":[{"_id":"p1","name":"n"}],"pagination":{"current_page":2,"last_page":3}})",
            1,
            false},
        Row{R"({"data":[{"id":"p1","name":"n"}],"pagination":{"current_page":2,"last_page":2}})",
            1,
            true},
        Row{R"({"data":[{"id":"p1","name":"n"}],"pages":3})", 1, false},
        Row{R"([{"_id":"p1","name":"n"}])", 1, true},
        Row{"[" + hundred + "]", 100, false},
        Row{R"({"products":[]})", 0, true}
    );
    Asked asked(row.body);
    const auto page =
        asked.gateway.run(asked.gateway.clubify.list_products(asked.platform.account(), 2));
    CHECK(asked.target() == "/api/v1/products?page=2&limit=100");
    REQUIRE(page);
    CHECK(page->products.size() == row.count);
    CHECK(page->last == row.last);
}

TEST_CASE("figures of an offer are read in both spellings") {
    const auto* body = GENERATE(
        R"({"period_start":"a","period_end":"b","currency":"GBP","views":10,"conversions":2,"transaction_count":3,"conversion_rate":20.5,"revenue":1999,"traffic":[{"source":"s","medium":"m","campaign":"c","views":5,"conversions":1,"revenue":7}]})",
        R"({"data":{"periodStart":"a","periodEnd":"b","currency":"GBP","views":10,"conversions":2,"transactionCount":3,"conversionRate":20.5,"totalRevenue":1999.0,"trafficSources":[{"source":"s","medium":"m","campaign":"c","views":5,"conversions":1,"revenue":7}]}})"
    );
    Asked asked(body);
    const auto stats = asked.gateway.run(asked.gateway.clubify.offer_stats(
        asked.platform.account(), ClubifyId("o1"), "30_days", {"revenue", "traffic"}, usual
    ));
    CHECK(asked.target() == "/api/v1/offers/o1/stats?period=30_days&include=revenue,traffic");
    REQUIRE(stats);
    CHECK(stats->period_start == "a");
    CHECK(stats->period_end == "b");
    CHECK(stats->currency == "GBP");
    CHECK(stats->views == 10);
    CHECK(stats->conversions == 2);
    CHECK(stats->orders == 3);
    CHECK(stats->conversion_rate == 20.5);
    CHECK(stats->revenue_cents == 1999);
    REQUIRE(stats->traffic);
    REQUIRE(stats->traffic->size() == 1);
    CHECK(stats->traffic->front().campaign == "c");
    CHECK(stats->traffic->front().revenue_cents == 7);
}

TEST_CASE("figures that are missing, of another type or not whole cents are absent") {
    Asked asked(R"({"views":"many","revenue":19.99,"conversion_rate":null})");
    const auto stats = asked.gateway.run(asked.gateway.clubify.offer_stats(
        asked.platform.account(), ClubifyId("o1"), "today", {}, usual
    ));
    CHECK(asked.target() == "/api/v1/offers/o1/stats?period=today");
    REQUIRE(stats);
    CHECK_FALSE(stats->views);
    CHECK_FALSE(stats->revenue_cents);
    CHECK_FALSE(stats->conversion_rate);
    CHECK_FALSE(stats->traffic);
}

TEST_CASE("figures of many offers come in one call, and unknown ids are missing") {
    const auto* body = GENERATE(
        R"({"o1":{"revenue":5},"o2":{"revenue":6}})",
        R"({"data":{"o1":{"revenue":5},"o2":{"revenue":6}}})",
        R"({"data":[{"offer_id":"o1","revenue":5},{"offerId":"o2","revenue":6}]})"
    );
    Asked asked(body);
    const auto stats = asked.gateway.run(asked.gateway.clubify.offers_stats(
        asked.platform.account(),
        {ClubifyId("o1"), ClubifyId("o2"), ClubifyId("o3")},
        "7_days",
        usual
    ));
    CHECK(asked.target() == "/api/v1/offers/stats?ids=o1,o2,o3&period=7_days");
    REQUIRE(stats);
    CHECK(stats->size() == 2);
    CHECK(stats->at(ClubifyId("o1")).revenue_cents == 5);
    CHECK(stats->at(ClubifyId("o2")).revenue_cents == 6);
}

TEST_CASE("a checkout URL is asked for with the UTM parameters that there are") {
    Asked asked(R"({"checkoutUrl":"https://c/x","shortUrl":"https://s","qrCode":"q"})");
    UtmParams utm;
    utm.source = "news";
    utm.term = "a \"b\"";
    const auto url = asked.gateway.run(
        asked.gateway.clubify.generate_url(asked.platform.account(), ClubifyId("o1"), utm, usual)
    );
    CHECK(asked.target() == "/api/v1/offers/o1/generate-url");
    CHECK(
        asked.platform.calls().front().body == R"({"utmParams":{"source":"news","term":"a \"b\""}})"
    );
    REQUIRE(url);
    CHECK(url->checkout_url == "https://c/x");
    CHECK(url->short_url == "https://s");
    CHECK(url->qr_code == "q");
}

TEST_CASE("the platform is well when it says so") {
    struct Row {
        const char* body;
        bool well;
    };
    const auto row = GENERATE(
        Row{R"({"status":"ok"})", true},
        Row{R"({"status":"healthy"})", true},
        Row{R"({"status":"error"})", false},
        Row{"{}", false}
    );
    Asked asked(row.body);
    const auto answer =
        asked.gateway.run(asked.gateway.clubify.check(asked.platform.account(), usual));
    CHECK(asked.target() == "/api/v1/health");
    CHECK(answer.has_value() == row.well);
}
