#include <boost/asio/co_spawn.hpp>

#include "queries/offers/checkout_url.hpp"
#include "queries/offers/offer_analytics.hpp"
#include "queries/offers/offers_performance.hpp"
#include "tests/queries/shop.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using namespace std::chrono_literals;
using clubify::testing::json_answer;

constexpr const char* stats =
    R"({"period_start":"2011-03-02T03:00:00Z","period_end":"2011-04-01T03:00:00Z",)"
    R"("currency":"BRL","views":200,"conversions":3,"conversion_rate":1.5,"revenue":12345,)"
    R"("transaction_count":4,"traffic":[{"source":"google","medium":"cpc","campaign":"c",)"
    R"("views":9,"conversions":1,"revenue":99}]})";

/// A shop with one offer, and how to ask for its analytics.
struct OneOffer : Shop {
    explicit OneOffer(queries::LiveOptions options = {}) : Shop(std::move(options)) {
        log.add(product_created("p1", 500));
        log.add(offer_created("o1", "One", {line("remote-p1", std::nullopt, "p1")}));
        settle();
    }
    Json ask(queries::AnalyticsParameters parameters = {}) {
        return body_of(run(queries::offer_analytics(
            reads, *live, log.tenant(), OfferId("o1"), std::move(parameters)
        )));
    }
    std::size_t calls() const { return platform->calls().size(); }
};

}  // namespace

TEST_CASE("analytics merge the read model with live figures of the platform") {
    OneOffer shop;
    shop.log.now += 10s;
    shop.platform->next(json_answer(200, stats));
    const auto answer = shop.ask();
    CHECK(answer["offer_id"] == "o1");
    CHECK(answer["period"] == "30_days");
    CHECK(answer["position"] == 2);
    const auto& own = answer["read_model"];
    CHECK(own["product_count"] == 1);
    CHECK(own["revisions"] == 0);
    CHECK(own["status"] == "draft");
    CHECK(own["seconds_in_status"]["draft"] == 10.0);
    CHECK(own["price_history"][0]["price_cents"] == 500);
    CHECK(own["failures"]["count"] == 0);
    const auto& live = answer["live"];
    CHECK(live["status"] == "live");
    CHECK(live["as_of"] == format_time(shop.gateway.now));
    CHECK(live["period_start"] == "2011-03-02T03:00:00Z");
    CHECK(live["conversion_rate"] == 1.5);
    CHECK(live["revenue_cents"] == 12345);
    CHECK(live["currency"] == "BRL");
    CHECK(live["views"] == 200);
    CHECK(live["orders"] == 4);
    CHECK(live["traffic"][0]["revenue_cents"] == 99);
    CHECK(shop.platform->calls()[0].target == "/api/v1/offers/remote-o1/stats?period=30_days");
}

TEST_CASE("analytics tell no prices of a time from which on some are missing") {
    OneOffer shop;
    const auto bad = shop.log.add_encoded(
        StreamName("offer-o1"),
        {"ProductInOfferChanged", 1, R"({"offer_id":"o1","clubify_product_id":7})"}
    );
    shop.settle();
    const auto prices = [&](std::optional<Position> at) {
        shop.platform->next(json_answer(200, stats));
        queries::AnalyticsParameters parameters;
        if (at) parameters.as_of = queries::read_moment(shop.reads, std::to_string(*at));
        return shop.ask(std::move(parameters))["read_model"]["price_history"];
    };
    CHECK(prices(std::nullopt).is_null());
    CHECK(prices(bad).is_null());
    CHECK(prices(bad - 1)[0]["price_cents"] == 500);
}

TEST_CASE("figures as of a time after a parked event of the offer are not told") {
    OneOffer shop;
    const auto bad = shop.log.add_encoded(StreamName("offer-o1"), {"OfferAdopted", 1, "[]"});
    const auto beside = shop.log.add(offer_created("o2", "Two"));
    shop.settle();
    const auto ask = [&](std::optional<queries::AsOf> as_of) {
        shop.platform->fail(json_answer(200, stats));
        queries::AnalyticsParameters parameters;
        parameters.as_of = std::move(as_of);
        return shop.run(queries::offer_analytics(
            shop.reads, *shop.live, shop.log.tenant(), OfferId("o1"), std::move(parameters)
        ));
    };
    const auto at = [&](Position position) {
        return ask(queries::read_moment(shop.reads, std::to_string(position)));
    };
    const auto by_version =
        ask(queries::read_moment_of_version(shop.reads, shop.log.tenant(), OfferId("o1"), "2"));
    for (const auto& answer : {at(bad), at(beside), by_version}) {
        REQUIRE_FALSE(answer);
        CHECK(answer.error().kind == queries::QueryError::Kind::not_ready);
        CHECK_THAT(
            answer.error().detail.english(),
            Catch::StartsWith(
                "version 2, the event at position " + std::to_string(bad) + ", is parked"
            )
        );
    }
    CHECK(body_of(at(bad - 1))["read_model"]["version"] == 1);
    CHECK(body_of(ask(std::nullopt))["read_model"]["version"] == 1);
}

TEST_CASE("live figures are used again for seconds, then stand in while the platform fails") {
    queries::LiveOptions options;
    options.refresh = options.fresh;
    OneOffer shop(options);
    shop.platform->next(json_answer(200, stats));
    CHECK(shop.ask()["live"]["status"] == "live");
    const auto asked = format_time(shop.gateway.now);
    shop.gateway.now += 5s;
    const auto cached = shop.ask()["live"];
    CHECK(cached["status"] == "cached");
    CHECK(cached["as_of"] == asked);
    CHECK(shop.calls() == 1);
    const auto cache = shop.live->caches().front();
    CHECK(cache.cache == "offer_figures");
    CHECK(cache.entries == 1);
    CHECK(cache.misses == 1);
    CHECK(cache.hits == 1);

    shop.gateway.now += 1s;
    shop.platform->fail(json_answer(503, R"({"message":"down"})"));
    const auto stale = shop.ask()["live"];
    CHECK(stale["status"] == "stale");
    CHECK(stale["as_of"] == asked);
    CHECK(stale["revenue_cents"] == 12345);
    CHECK(stale["reason"] == "down");

    shop.gateway.now += 1s;
    shop.platform->next(json_answer(200, stats));
    CHECK(shop.ask()["live"]["status"] == "live");
    shop.gateway.now += 601s;
    shop.platform->fail(json_answer(503, R"({"message":"down"})"));
    const auto gone = shop.ask()["live"];
    CHECK(gone["status"] == "unavailable");
    CHECK(gone["as_of"].is_null());
    CHECK(gone["revenue_cents"].is_null());
}

TEST_CASE("a platform that is down never makes analytics fail") {
    OneOffer shop;
    shop.stop_platform();
    const auto answer = shop.ask();
    CHECK(answer["read_model"]["product_count"] == 1);
    CHECK(answer["live"]["status"] == "unavailable");
    CHECK(answer["live"]["revenue_cents"].is_null());
    CHECK(answer["live"]["traffic"].is_null());
    CHECK_FALSE(answer["live"]["reason"].get<std::string>().empty());
}

TEST_CASE("why there are no live figures is told by a code, and in the caller's language") {
    struct Row {
        int status;
        const char* body;
        const char* code;
        const char* english;
        const char* portuguese;
    };
    const auto row = GENERATE(
        Row{404,
            R"({"message":"Offer not found"})",
            "missing-on-clubify",
            "Offer not found",
            "Offer not found"},
        Row{400, R"({"message":"no"})", "refused", "no", "no"},
        Row{403, R"({"message":"no"})", "credentials", "no", "no"},
        Row{503, "", "failing", "Service Unavailable", "respondeu com o status 503"},
        Row{429, R"({"message":"slower"})", "failing", "slower", "slower"},
        Row{200, "<html>", "no-answer", "the answer is not JSON", "a resposta não é JSON"}
    );
    CAPTURE(row.status);
    OneOffer shop;
    const auto told = [&](Language language) {
        queries::AnalyticsParameters parameters;
        parameters.language = language;
        return shop.run(queries::offer_analytics(
            shop.reads, *shop.live, shop.log.tenant(), OfferId("o1"), parameters
        ));
    };
    shop.platform->next(json_answer(200, stats));
    const auto good = told(Language::portuguese);
    CHECK_FALSE(body_of(good)["live"].contains("code"));
    CHECK_FALSE(good->language);
    shop.gateway.now += 6s;
    shop.platform->fail(json_answer(row.status, row.body));
    const auto stale = body_of(told(Language::english))["live"];
    CHECK(stale["status"] == "stale");
    CHECK(stale["code"] == row.code);
    CHECK(stale["reason"] == row.english);
    const auto again = told(Language::portuguese);
    CHECK(body_of(again)["live"]["reason"] == row.portuguese);
    CHECK(again->language == Language::portuguese);
}

TEST_CASE("a platform that cannot be reached, or is not asked, is told as such") {
    OneOffer shop;
    const auto live = [&] {
        queries::AnalyticsParameters parameters;
        parameters.language = Language::portuguese;
        return shop.ask(parameters)["live"];
    };
    auto last = json_answer(200, stats);
    last.headers.add("X-RateLimit-Limit", "100");
    last.headers.add("X-RateLimit-Remaining", "0");
    last.headers.add(
        "X-RateLimit-Reset",
        std::to_string(std::chrono::ceil<std::chrono::seconds>(shop.gateway.now + 60s)
                           .time_since_epoch()
                           .count())
    );
    shop.platform->next(std::move(last));
    CHECK(live()["status"] == "live");
    shop.gateway.now += 6s;
    const auto held = live();
    CHECK(held["code"] == "held-back");
    CHECK(held["reason"] == "o limite de chamadas anunciado se esgotou");
    shop.gateway.now += 100s;
    shop.stop_platform();
    const auto gone = live();
    CHECK(gone["code"] == "unreachable");
    CHECK_THAT(gone["reason"].get<std::string>(), Catch::Contains("conexão recusada"));
}

TEST_CASE("a tenant without an account still gets the read model") {
    Shop shop;
    shop.log.as("unknown");
    shop.log.add(offer_created("o1", "One"));
    shop.settle();
    const auto answer = body_of(shop.run(
        queries::offer_analytics(shop.reads, *shop.live, shop.log.tenant(), OfferId("o1"), {})
    ));
    CHECK(answer["live"]["status"] == "unavailable");
    CHECK(answer["live"]["code"] == "credentials");
    CHECK(shop.platform->calls().empty());
}

TEST_CASE("the platform is asked for the days, and its own window is named where it differs") {
    OneOffer shop;
    queries::AnalyticsParameters parameters;
    parameters.days = {.from = "2011-03-01", .to = "2011-03-02"};
    shop.platform->next(json_answer(
        200, R"({"period_start":"2011-03-01T03:00:00Z","period_end":"2011-03-03T03:00:00Z"})"
    ));
    const auto answer = shop.ask(parameters);
    CHECK(shop.platform->calls()[0].target.ends_with("?date_from=2011-03-01&date_to=2011-03-02"));
    CHECK(answer["from"] == "2011-03-01");
    CHECK(answer["to"] == "2011-03-02");
    CHECK(answer["sales"]["days"].size() == 2);
    CHECK(answer["live"]["same_period"] == true);
    parameters.days = {.from = "2011-03-01", .to = "2011-03-05"};
    shop.platform->next(json_answer(200, stats));
    CHECK(shop.ask(parameters)["live"]["same_period"] == false);
    parameters.days = {.from = "2011-03-01", .to = "2011-03-06"};
    shop.platform->next(json_answer(200, R"({"revenue":1})"));
    CHECK(shop.ask(parameters)["live"]["same_period"].is_null());
}

TEST_CASE("include asks for and answers those parts only") {
    OneOffer shop;
    shop.platform->next(json_answer(200, stats));
    queries::AnalyticsParameters parameters;
    parameters.include = "revenue";
    const auto live = shop.ask(parameters)["live"];
    CHECK(live["revenue_cents"] == 12345);
    CHECK_FALSE(live.contains("traffic"));
    CHECK_FALSE(live.contains("conversion_rate"));
    CHECK(shop.platform->calls()[0].target.find("include=revenue") != std::string::npos);
}

TEST_CASE("a period or part that there is not is refused before anything is asked") {
    OneOffer shop;
    queries::AnalyticsParameters parameters;
    parameters.days.period = "fortnight";
    parameters.include = "revenue,everything";
    const auto answer = shop.run(queries::offer_analytics(
        shop.reads, *shop.live, shop.log.tenant(), OfferId("o1"), parameters
    ));
    CHECK(faults_of(answer) == "/period /include");
    CHECK(shop.calls() == 0);
    parameters = {};
    parameters.days.period = "last_90_days";
    CHECK(shop.ask(parameters)["period"] == "90_days");
}

TEST_CASE("equal questions at the same time share one call") {
    OneOffer shop;
    shop.platform->next(json_answer(200, stats));
    int answered = 0;
    for (int i = 0; i < 10; ++i) {
        shop.live->ask(
            shop.log.tenant(),
            ClubifyId("remote-o1"),
            "30_days",
            {},
            [&](queries::LiveFigures figures) {
                if (figures.stats) ++answered;
            }
        );
    }
    CHECK(shop.ask()["live"]["revenue_cents"] == 12345);
    CHECK(answered == 10);
    CHECK(shop.calls() == 1);
}

TEST_CASE("a thousand equal questions at once make one call") {
    queries::LiveOptions patient;  // however slow the machine is that asks them
    patient.deadline = 60s;
    OneOffer shop(patient);
    shop.platform->next(json_answer(200, stats));
    int answered = 0;
    for (int i = 0; i < 1000; ++i) {
        asio::co_spawn(
            shop.gateway.loop,
            queries::offer_analytics(shop.reads, *shop.live, shop.log.tenant(), OfferId("o1"), {}),
            [&](std::exception_ptr, auto answer) {
                answered += Json::parse(answer->body)["live"]["revenue_cents"] == 12345;
            }
        );
    }
    CHECK(shop.ask()["live"]["status"] != "unavailable");
    while (answered < 1000 && shop.gateway.loop.run_one() > 0) continue;
    CHECK(shop.calls() == 1);
}

TEST_CASE("past the soft limit an answer is used once more and fetched anew meanwhile") {
    OneOffer shop;
    shop.platform->next(json_answer(200, R"({"revenue":1})"));
    CHECK(shop.ask()["live"]["status"] == "live");
    shop.gateway.now += 3001ms;
    shop.platform->next(json_answer(200, R"({"revenue":2})"));
    const auto old = shop.ask()["live"];
    CHECK(old["status"] == "cached");
    CHECK(old["revenue_cents"] == 1);
    shop.ask();  // a second one does not fetch it again
    while (shop.calls() < 2) shop.gateway.loop.run_one();
    auto fetched = shop.ask()["live"];
    while (fetched["revenue_cents"] == 1) fetched = shop.ask()["live"];
    CHECK(fetched["status"] == "cached");
    CHECK(fetched["revenue_cents"] == 2);
    CHECK(fetched["as_of"] == format_time(shop.gateway.now));
    CHECK(shop.calls() == 2);
}

TEST_CASE("a failure is kept for a second, with what there was before") {
    OneOffer shop;
    const auto down = json_answer(503, R"({"message":"down"})");
    shop.platform->fail(down);
    CHECK(shop.ask()["live"]["status"] == "unavailable");
    const auto calls = shop.calls();
    shop.gateway.now += 999ms;
    CHECK(shop.ask()["live"]["reason"] == "down");
    CHECK(shop.calls() == calls);
    shop.gateway.now += 1ms;
    shop.platform->next(json_answer(200, stats));
    CHECK(shop.ask()["live"]["status"] == "live");

    shop.gateway.now += 6s;
    shop.platform->fail(down);
    CHECK(shop.ask()["live"]["status"] == "stale");
    const auto again = shop.ask()["live"];
    CHECK(again["status"] == "stale");
    CHECK(again["revenue_cents"] == 12345);
    CHECK(shop.calls() == 2 * calls + 1);
}

TEST_CASE("figures of one tenant are never another's") {
    OneOffer shop;
    shop.log.as("other");
    shop.log.add(offer_created("o1", "One"));
    shop.settle();
    shop.log.as("acme");
    shop.platform->next(json_answer(200, stats));
    CHECK(shop.ask()["live"]["status"] == "live");
    shop.log.as("other");
    shop.platform->next(json_answer(200, R"({"revenue":7})"));
    const auto other = shop.ask()["live"];
    CHECK(other["status"] == "live");
    CHECK(other["revenue_cents"] == 7);
    CHECK(shop.calls() == 2);
}

TEST_CASE("the cache of live figures is bounded") {
    queries::LiveOptions options;
    options.entries = 2;
    Shop shop(options);
    for (const auto* id : {"o1", "o2", "o3"}) shop.log.add(offer_created(id, "Offer"));
    shop.settle();
    const auto status_of = [&](const char* id) {
        return body_of(shop.run(
            queries::offer_analytics(shop.reads, *shop.live, shop.log.tenant(), OfferId(id), {})
        ))["live"]["status"];
    };
    CHECK(status_of("o1") == "live");
    CHECK(status_of("o2") == "live");
    CHECK(status_of("o3") == "live");
    CHECK(status_of("o3") == "cached");
    CHECK(status_of("o1") == "live");  // it had to go
}

TEST_CASE("performance keeps the order, fails in part, and makes one call") {
    Shop shop;
    for (const auto* id : {"o1", "o2", "o3"}) shop.log.add(offer_created(id, "Offer"));
    shop.settle();
    shop.platform->next(json_answer(200, R"({"remote-o1":{"revenue":1},"remote-o3":{"revenue":3}})")
    );
    auto language = Language::english;
    const auto ask = [&](std::vector<std::string> ids) {
        return shop.run(queries::offers_performance(
            shop.reads, *shop.live, shop.log.tenant(), std::move(ids), 100, {}, language
        ));
    };
    const auto rows = body_of(ask({"o3", "none", "o2", "o1"}))["offers"];
    REQUIRE(rows.size() == 4);
    CHECK(rows[0]["offer_id"] == "o3");
    CHECK(rows[0]["live"]["revenue_cents"] == 3);
    CHECK(rows[0]["slug"] == "slug-o3");
    CHECK(rows[1]["offer_id"] == "none");
    CHECK(rows[1]["error"]["type"] == "not-found");
    CHECK(rows[2]["live"]["status"] == "unavailable");
    CHECK(rows[2]["live"]["code"] == "no-figures");
    language = Language::portuguese;
    const auto told = ask({"none"});
    CHECK(body_of(told)["offers"][0]["error"]["detail"] == "esta oferta não existe");
    CHECK(told->language == Language::portuguese);
    CHECK(rows[3]["live"]["revenue_cents"] == 1);
    CHECK(shop.platform->calls().size() == 1);
    CHECK(faults_of(ask(std::vector<std::string>(101, "o1"))) == "/ids");
    CHECK(faults_of(ask({})) == "/ids");

    shop.stop_platform();
    shop.gateway.now += 6s;
    const auto stale = body_of(ask({"o1", "o2", "o3"}))["offers"];
    CHECK(stale[0]["live"]["status"] == "stale");
}

TEST_CASE("a checkout link is asked for once per campaign; a refusal is told") {
    OneOffer shop;
    shop.platform->next(
        json_answer(201, R"({"checkoutUrl":"https://x/c","shortUrl":"https://x/s","qrCode":"q"})")
    );
    clubify::UtmParams utm;
    utm.source = "mail";
    const auto ask = [&](clubify::UtmParams with) {
        return shop.run(queries::checkout_url(
            shop.reads, *shop.live, shop.log.tenant(), OfferId("o1"), std::move(with)
        ));
    };
    CHECK(
        ask(utm)->body ==
        R"({"checkout_url":"https://x/c","short_url":"https://x/s","qr_code":"q"})"
    );
    CHECK(ask(utm));
    CHECK(shop.calls() == 1);
    utm.source = "social";
    shop.platform->next(json_answer(400, R"({"message":"not published"})"));
    const auto refused = ask(utm);
    CHECK(refused.error().kind == queries::QueryError::Kind::refused);
    CHECK(refused.error().detail.english() == "not published");
    shop.stop_platform();
    CHECK(ask(utm).error().kind == queries::QueryError::Kind::unavailable);
}

}  // namespace vitrine::tests
