#include "gateways/rest/outages.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::rest;
using namespace std::chrono_literals;
using Kind = PeerNews::Kind;

namespace {

/// Whom nothing is sent to.
struct Anyone : Peer {
    using Peer::Peer;
    Term name() const override { return {"anyone", "anyone"}; }
    std::optional<net::Request> sign_in() const override { return std::nullopt; }
    std::optional<Token> token_in(const JsonText&) const override { return std::nullopt; }
    net::Request request(Call, const std::string&) const override { return {}; }
    std::vector<std::string_view> secrets() const override { return {}; }
};

/// Two tenants of one peer, and a third of another.
struct House {
    static Anyone peer_of(const char* tenant, const char* url = "https://one.example/api/v1") {
        return Anyone(TenantId(tenant), *net::parse_base_url(url));
    }
    void note(const Peer& peer, const Sent& sent) {
        auto& breaker = breakers[peer.tenant];
        if (!breaker) breaker = std::make_shared<Breaker>(BreakerOptions{4, 1000ms, 4000ms});
        auto pass =
            breaker->enter(std::chrono::steady_clock::now() + 1h);  // a probe, if it is open
        REQUIRE(pass);
        outages.note(peer, *breaker, *pass, sent);
    }
    static Sent status(int status) {
        net::Response response;
        response.status = status;
        return response;
    }
    static Sent refused() {
        return std::unexpected(net::TransportError{
            net::TransportError::Kind::not_sent, {"connection refused", "conexão recusada"}
        });
    }
    std::vector<Kind> kinds() const {
        std::vector<Kind> all;
        for (const auto& each : news) all.push_back(each.kind);
        return all;
    }

    std::vector<PeerNews> news;
    Outages outages{[this](const PeerNews& each) { news.push_back(each); }};
    std::map<TenantId, std::shared_ptr<Breaker>> breakers;
};

}  // namespace

TEST_CASE("a peer that stops answering is told once, whoever meets it, and once that it is back") {
    House house;
    const auto one = House::peer_of("one");
    const auto two = House::peer_of("two");
    house.note(one, House::status(200));
    house.note(one, House::refused());
    CHECK(house.news.empty());
    house.note(two, House::refused());
    house.note(one, House::status(503));
    REQUIRE(house.kinds() == std::vector{Kind::fails});
    CHECK(house.news[0].peer == "https://one.example/api/v1");
    CHECK(house.news[0].tenant == TenantId("two"));
    CHECK(house.news[0].reason == "connection refused");
    house.note(two, House::status(404));
    house.note(one, House::status(200));
    CHECK(house.kinds() == std::vector{Kind::fails, Kind::answers});
}

TEST_CASE("one failed request, and another peer's, are no news of this one") {
    House house;
    const auto one = House::peer_of("one");
    const auto other = House::peer_of("three", "https://elsewhere.example/api/v1");
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
    const auto one = House::peer_of("one");
    for (int i = 0; i < 9; ++i) house.note(one, House::status(502));
    CHECK(house.kinds() == std::vector{Kind::fails, Kind::held_back});
    CHECK(house.news[1].reason == "status 502");
    house.note(one, House::status(200));
    CHECK(house.kinds() == std::vector{Kind::fails, Kind::held_back, Kind::answers, Kind::let_go});
}
