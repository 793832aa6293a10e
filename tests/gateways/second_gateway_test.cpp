#include <boost/asio/detached.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/text.hpp"
#include "tests/gateways/parcels.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/project_folder.hpp"

using namespace vitrine;
using namespace vitrine::parcels;
using namespace std::chrono_literals;
using Kind = rest::CallError::Kind;
using Place = rest::Result<std::optional<std::string>>;

namespace {

struct Parcelling {
    static rest::Options hasty() {
        rest::Options options;
        options.retry.backoff.first = 1ms;
        return options;
    }

    Place where(std::string number = "7") {
        return net::testing::run(loop, parcels.where(account, std::move(number)));
    }
    rest::Result<rest::Answer> post() {
        rest::Call call;
        call.method = "POST";
        call.path = "/parcels";
        call.body = JsonText("{}");
        return net::testing::run(loop, parcels.send(account, std::move(call)));
    }
    rest::TenantCalls calls() const { return parcels.caller->calls().at(0); }

    Service service;
    asio::io_context loop;
    Timestamp now = Timestamp(1'300'000'000s);
    rest::Options options = hasty();
    Parcels parcels{loop.get_executor(), options, [this] { return now; }};
    Account account = service.account();
};

}  // namespace

TEST_CASE("another gateway signs in its own way, once for all calls until the token ends") {
    Parcelling one;
    CHECK(one.where().value() == "Lisbon");
    CHECK(one.where("8").value() == "Lisbon");
    CHECK(one.post());
    REQUIRE(one.service.logins().size() == 1);
    CHECK(one.service.logins()[0].body == "user=ana&password=s3cr3t-word");
    REQUIRE(one.service.requests().size() == 3);
    CHECK(one.service.requests()[0].target == "/parcels/7");
    CHECK(one.service.requests()[2].headers.find("X-Pass") == "pass-1");
    one.now += 56min;
    CHECK(one.where());
    CHECK(one.service.requests().back().headers.find("X-Pass") == "pass-2");
}

TEST_CASE("another gateway signs in anew after a 401, and after a change of password") {
    Parcelling one;
    one.service.next(Service::response(401, "{}"));
    CHECK(one.post());
    CHECK(one.service.logins().size() == 2);
    CHECK(one.service.requests().back().headers.find("X-Pass") == "pass-2");
    one.account.password = "another";
    CHECK(one.post());
    REQUIRE(one.service.logins().size() == 3);
    CHECK(one.service.logins().back().body == "user=ana&password=another");
}

TEST_CASE("a gateway whose service knows no tokens signs in nowhere, and a 401 is final") {
    Parcelling one;
    one.account.key = "k-1";
    CHECK(one.where());
    one.service.next(Service::response(401, R"({"error":"k-1 is not good"})"));
    const auto refused = one.where();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::credentials);
    CHECK(refused.error().message == Phrase::as_is("*** is not good"));
    CHECK(one.service.logins().empty());
    REQUIRE(one.service.requests().size() == 2);
    CHECK(one.service.requests()[0].headers.find("X-Pass") == "k-1");
}

TEST_CASE("another gateway tries what is safe again, and only that") {
    Parcelling one;
    one.service.next(Service::response(503, "{}"));
    one.service.next(Service::response(429, "{}"));
    CHECK(one.where().value() == "Lisbon");
    CHECK(one.service.requests().size() == 3);
    CHECK(one.calls().repeated == 2);
    one.service.next(Service::response(404, "{}"));
    CHECK(one.where().value() == std::nullopt);
    one.service.next(Service::response(503, "{}"));
    CHECK(one.post().error().kind == Kind::unavailable);
    CHECK(one.service.requests().size() == 5);
}

TEST_CASE("another gateway's service that keeps failing is left alone, under its own name") {
    Parcelling one;
    for (int i = 0; i < 50; ++i) one.service.next(Service::response(500, "{}"));
    for (int i = 0; i < one.options.breaker.failures; ++i) CHECK_FALSE(one.post());
    const auto held = one.post();
    REQUIRE_FALSE(held);
    CHECK(held.error().kind == Kind::not_sent);
    CHECK(
        held.error().message ==
        Phrase(
            "the parcel office keeps failing: calls are held back",
            "a central de encomendas não para de falhar: as chamadas aguardam"
        )
    );
    CHECK(held.error().retry_after == 1s);
    CHECK(one.service.requests().size() == static_cast<std::size_t>(one.options.breaker.failures));
    CHECK(one.calls().breaker == rest::Breaker::State::open);
    // Another tenant's are not.
    one.account = one.service.account("other");
    CHECK(one.post().error().kind == Kind::unavailable);
}

TEST_CASE("another gateway's equal questions at the same time are one request") {
    Parcelling one;
    std::vector<Place> places;
    for (int i = 0; i < 100; ++i) {
        asio::co_spawn(
            one.loop,
            one.parcels.where(one.account, "7"),
            [&](std::exception_ptr, Place place) { places.push_back(std::move(place)); }
        );
    }
    while (places.size() < 100 && one.loop.run_one() > 0) continue;
    CHECK(std::ranges::count_if(places, [](const Place& place) {
              return place && *place == "Lisbon";
          }) == 100);
    CHECK(one.service.requests().size() == 1);
    CHECK(one.calls().shared == 99);
}

TEST_CASE("another gateway keeps the rate limit that is announced to it") {
    Parcelling one;
    auto last = Service::response(200, R"({"at":"Lisbon"})");
    last.headers.add("X-RateLimit-Remaining", "0");
    last.headers.add("X-RateLimit-Reset", "1300000060");
    one.service.next(last);
    CHECK(one.where());
    const auto held = one.where();
    REQUIRE_FALSE(held);
    CHECK(held.error().retry_after.value() >= 60s);
    CHECK(one.service.requests().size() == 1);
    one.now += 60s;
    CHECK(one.where());
}

TEST_CASE("what all gateways share names none of them") {
    std::size_t files = 0;
    const auto folder = test::project_folder() / "gateways" / "rest";
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        std::ifstream in(file.path());
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        CAPTURE(file.path().filename());
        CHECK(fold(text).find("clubify") == std::string::npos);
        ++files;
    }
    CHECK(files > 10);
}
