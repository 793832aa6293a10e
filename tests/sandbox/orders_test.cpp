#include "sandbox/orders.hpp"

#include "sandbox/metrics.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;

namespace {

const Window always{*parse_time("2000-01-01T00:00:00Z"), *parse_time("2100-01-01T00:00:00Z")};
const Zone zone = Zone::find("America/Sao_Paulo").value();

OrderBook book_of(const std::string& lines) {
    OrderBook book;
    const auto added = book.add_csv(lines, OrderBook::Header::optional);
    if (!added) FAIL(added.error());
    return book;
}

OfferMetrics metrics_of(
    const OrderBook& book, const Window& window = always, Grouping grouping = Grouping::none
) {
    return MetricsReader(book, zone).read("mug", window, grouping);
}

}  // namespace

TEST_CASE("order lines are read with quotes, CRLF and a byte order mark") {
    OrderBook book;
    const auto csv = "\xEF\xBB\xBF" + std::string(OrderBook::header) +
                     "\r\n"
                     "o1,2011-03-01T10:00:00Z,mug,p1,1,1000,\"a,\"\"b\"\"\",m,c,completed\r\n"
                     "\r\n"
                     "o2,2011-03-01T10:00:00-03:00,mug,p1,1,-5,x,,,refunded";
    CHECK(book.add_csv(csv, OrderBook::Header::required) == 2U);
    const auto lines = book.lines("mug", always);
    REQUIRE(lines.size() == 2);
    CHECK(book.channel(lines[0].channel) == Channel{"a,\"b\"", "m", "c"});
    CHECK(book.channel(lines[1].channel) == Channel{"x", "", ""});
    CHECK(lines[1].time == *parse_time("2011-03-01T13:00:00Z"));
    CHECK(book.lines("cup", always).empty());
}

TEST_CASE("one bad line names itself and nothing of the text is loaded") {
    const std::string good = "o1,2011-03-01T10:00:00Z,mug,p1,1,1000,a,b,c,completed\n";
    const auto refused = [&](const std::string& bad, const std::string& why) {
        OrderBook book;
        const auto added = book.add_csv(good + bad, OrderBook::Header::optional);
        REQUIRE_FALSE(added);
        CHECK_THAT(added.error(), Catch::StartsWith("line 2 "));
        CHECK_THAT(added.error(), Catch::Contains(why));
        CHECK(book.line_count() == 0);
        CHECK(book.order_count() == 0);
        CHECK(book.lines("mug", always).empty());
    };
    refused("o1,2011-03-01T10:00:00Z,mug,p1,1,1000,a,b,c", "9 columns");
    refused("o1,2011-03-01T10:00:00Z,mug,p1,1,1000,a,b,c,completed,x", "11 columns");
    refused("o1,2011-03-01 10:00,mug,p1,1,1000,a,b,c,completed", "time");
    refused("o1,2011-03-01T10:00:00Z,mug,p1,1,10.5,a,b,c,completed", "amount_cents");
    refused("o1,2011-03-01T10:00:00Z,mug,p1,x,1000,a,b,c,completed", "quantity");
    refused(",2011-03-01T10:00:00Z,mug,p1,1,1000,a,b,c,completed", "order_id");
    refused("o1,2011-03-01T10:00:00Z,,p1,1,1000,a,b,c,completed", "offer_slug");
    refused("o1,2011-03-01T10:00:00Z,mug,p1,1,1000,a,b,c,", "status");
    refused("o1,2011-03-01T10:00:00Z,mug,p1,1,99999999999999999999,a,b,c,completed", "amount");
    refused("o1,2011-03-01T10:00:00Z,mug,\"p1,1,1000,a,b,c,completed", "quote");
    OrderBook book;
    CHECK_FALSE(book.add_csv(good, OrderBook::Header::required));
    CHECK_FALSE(book.add_csv("", OrderBook::Header::required));
    CHECK(book.add_csv("", OrderBook::Header::optional) == 0U);
    CHECK_FALSE(book.add_csv("o\xff" + good, OrderBook::Header::optional));
}

TEST_CASE("an order of several lines counts once, its completed lines make the revenue") {
    const auto book = book_of(
        "o1,2011-03-01T10:00:00Z,mug,p1,1,1000,a,b,c,completed\n"
        "o1,2011-03-01T10:00:00Z,mug,p2,1,500,a,b,c,completed\n"
        "o1,2011-03-01T10:00:00Z,mug,p3,1,9,a,b,c,cancelled\n"
        "o2,2011-03-02T10:00:00Z,mug,p1,1,1000,d,e,f,cancelled\n"
        "o3,2011-03-03T10:00:00Z,mug,p1,1,1000,a,b,c,pending\n"
        "o3,2011-03-03T10:00:00Z,cup,p1,1,7777,a,b,c,completed\n"
    );
    const auto metrics = metrics_of(book);
    CHECK(metrics.total == Figures{3, 1, 1, 1500});
    REQUIRE(metrics.traffic.size() == 2);
    CHECK(metrics.traffic[0].channel == Channel{"a", "b", "c"});
    CHECK(metrics.traffic[0].figures == Figures{2, 1, 0, 1500});
    CHECK(metrics.traffic[1].figures == Figures{1, 0, 1, 0});
}

TEST_CASE("a window holds its beginning and not its end, in whatever order lines came") {
    const auto book = book_of(
        "o3,2011-03-03T00:00:00Z,mug,p,1,4,a,b,c,completed\n"
        "o1,2011-03-01T00:00:00Z,mug,p,1,1,a,b,c,completed\n"
        "o2,2011-03-02T00:00:00Z,mug,p,1,2,a,b,c,completed\n"
    );
    const auto revenue = [&](const std::string& begin, const std::string& end) {
        return metrics_of(book, {*parse_time(begin), *parse_time(end)}).total.revenue;
    };
    CHECK(revenue("2011-03-01T00:00:00Z", "2011-03-03T00:00:00Z") == 3);
    CHECK(revenue("2011-03-01T00:00:00.000001Z", "2011-03-03T00:00:00.000001Z") == 6);
    CHECK(revenue("2011-03-03T00:00:00Z", "2011-03-03T00:00:00Z") == 0);
    CHECK(revenue("2011-03-03T00:00:00Z", "2011-03-01T00:00:00Z") == 0);
}

TEST_CASE("the timeline goes by the days of the zone, and adds up to the total") {
    const auto book = book_of(
        "o1,2011-03-01T02:59:59Z,mug,p,1,1,a,b,c,completed\n"  // still February in Sao Paulo
        "o2,2011-03-01T03:00:00Z,mug,p,1,2,a,b,c,completed\n"
        "o3,2011-03-02T02:00:00Z,mug,p,1,4,a,b,c,cancelled\n"
        "o4,2011-03-09T12:00:00Z,mug,p,1,8,a,b,c,completed\n"
    );
    using namespace std::chrono;
    const auto days = metrics_of(book, always, Grouping::day).timeline;
    REQUIRE(days.size() == 3);
    CHECK(days[0].first_day == 2011y / February / 28);
    CHECK(days[1].first_day == 2011y / March / 1);
    CHECK(days[1].figures == Figures{2, 1, 1, 2});
    CHECK(days[2].first_day == 2011y / March / 9);
    const auto weeks = metrics_of(book, always, Grouping::week).timeline;
    REQUIRE(weeks.size() == 2);
    CHECK(weeks[0].first_day == 2011y / February / 28);
    CHECK(weeks[1].first_day == 2011y / March / 7);
    const auto months = metrics_of(book, always, Grouping::month).timeline;
    REQUIRE(months.size() == 2);
    CHECK(months[1].figures == Figures{3, 2, 1, 10});
}

TEST_CASE("lines added later count in the next reading, also by the same reader") {
    auto book = book_of("o1,2011-03-02T00:00:00Z,mug,p,1,1,a,b,c,completed\n");
    MetricsReader reader(book, zone);
    CHECK(reader.read("mug", always, Grouping::none).total == Figures{1, 1, 0, 1});
    REQUIRE(book.add_csv(
        "o2,2011-03-01T00:00:00Z,mug,p,1,2,n,e,w,completed\n", OrderBook::Header::optional
    ));
    CHECK(reader.read("mug", always, Grouping::none).total == Figures{2, 2, 0, 3});
    CHECK(reader.read("mug", always, Grouping::none).total == Figures{2, 2, 0, 3});
}

TEST_CASE("a rate is rounded to a hundredth of a percent") {
    CHECK(rate(0, 0) == 0);
    CHECK(rate(1, 3) == 3333);
    CHECK(rate(2, 3) == 6667);
    CHECK(rate(5, 5) == 10000);
}
