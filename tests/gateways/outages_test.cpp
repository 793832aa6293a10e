#include "gateways/clubify/outages.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::clubify;
using namespace std::chrono_literals;
using Kind = PlatformNews::Kind;

namespace {

/// Two tenants of one platform, and a third of another.
struct House {
    Account account_of(const char* tenant, const char* url = "https://clubify.example/api/v1") {
        Account account;
        account.tenant = TenantId(tenant);
        account.base = *net::parse_base_url(url);
        return account;
    }
    void note(const Account& account, const Sent& sent) {
        auto& breaker = breakers[account.tenant];
        if (!breaker) breaker = std::make_shared<Breaker>(BreakerOptions{4, 1000ms, 4000ms});
        auto pass =
            breaker->enter(std::chrono::steady_clock::now() + 1h);  // a probe, if it is open
        REQUIRE(pass);
        outages.note(account, *breaker, *pass, sent);
    }
    static Sent status(int status) {
        net::Response response;
        response.status = status;
        return response;
    }
    static Sent refused() {
        return std::unexpected(
            net::TransportError{net::TransportError::Kind::not_sent, "connection refused"}
        );
    }
    std::vector<Kind> kinds() const {
        std::vector<Kind> all;
        for (const auto& each : news) all.push_back(each.kind);
        return all;
    }

    std::vector<PlatformNews> news;
    Outages outages{[this](const PlatformNews& each) { news.push_back(each); }};
    std::map<TenantId, std::shared_ptr<Breaker>> breakers;
};

}  // namespace

TEST_CASE("a platform that stops answering is told once, whoever meets it, and once that it is back"
) {
    House house;
    const auto one = house.account_of("one");
    const auto two = house.account_of("two");
    house.note(one, House::status(200));
    house.note(one, House::refused());
    CHECK(house.news.empty());
    house.note(two, House::refused());
    house.note(one, House::status(503));
    REQUIRE(house.kinds() == std::vector{Kind::fails});
    CHECK(house.news[0].platform == "https://clubify.example/api/v1");
    CHECK(house.news[0].tenant == TenantId("two"));
    CHECK(house.news[0].reason == "connection refused");
    house.note(two, House::status(404));
    house.note(one, House::status(200));
    CHECK(house.kinds() == std::vector{Kind::fails, Kind::answers});
}

TEST_CASE("one failed request, and another platform's, are no news of this one") {
    House house;
    const auto one = house.account_of("one");
    const auto other = house.account_of("three", "https://elsewhere.example/api/v1");
    for (int i = 0; i < 5; ++i) {
        house.note(one, House::status(500));
        house.note(one, House::status(422));
    }
    house.note(one, House::status(500));
    house.note(other, House::status(500));
    CHECK(house.news.empty());
}

TEST_CASE("a tenant's calls that are held back are told once, however often a probe fails") {
    House house;
    const auto one = house.account_of("one");
    for (int i = 0; i < 9; ++i) house.note(one, House::status(502));
    CHECK(house.kinds() == std::vector{Kind::fails, Kind::held_back});
    CHECK(house.news[1].reason == "status 502");
    house.note(one, House::status(200));
    CHECK(house.kinds() == std::vector{Kind::fails, Kind::held_back, Kind::answers, Kind::let_go});
}
