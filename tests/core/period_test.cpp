#include "core/period.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;

namespace {

Timestamp time(const char* text) {
    return *parse_time(text);
}

const Zone sao_paulo = *Zone::find("America/Sao_Paulo");

std::string window(const char* period, const char* now, const Zone& zone = sao_paulo) {
    const auto found = rolling_window(*parse_period(period), time(now), zone);
    return format_time(found.begin) + " " + format_time(found.end);
}

}  // namespace

TEST_CASE("periods have one canonical name and several spellings", "[period]") {
    const auto canonical = [](const char* name) { return period_name(*parse_period(name)); };
    CHECK(canonical("today") == "today");
    CHECK(canonical("day") == "today");
    CHECK(canonical("7_days") == "7_days");
    CHECK(canonical("week") == "7_days");
    CHECK(canonical("last_7_days") == "7_days");
    CHECK(canonical("last_week") == "7_days");
    CHECK(canonical("month") == "30_days");
    CHECK(canonical("last_month") == "30_days");
    CHECK(canonical("last_30_days") == "30_days");
    CHECK(canonical("90_days") == "90_days");
    CHECK(canonical("365_days") == "365_days");
    CHECK(canonical("current_month") == "current_month");
    CHECK(canonical("previous_month") == "previous_month");
    CHECK(canonical("current_quarter") == "current_quarter");
    for (const auto* name :
         {"",
          "0_days",
          "-1_days",
          "x_days",
          "7_day",
          "7days",
          "4000_days",
          "7_days ",
          "Today",
          "last_today"}) {
        INFO(name);
        CHECK_FALSE(parse_period(name));
    }
}

TEST_CASE("a period is whole calendar days: today and those before", "[period]") {
    const auto days = [](const char* period, const char* today) {
        const auto found = days_of(*parse_period(period), *parse_day(today));
        return format_day(found.first) + " " + format_day(found.last);
    };
    CHECK(days("today", "2011-04-01") == "2011-04-01 2011-04-01");
    CHECK(days("1_days", "2011-04-01") == "2011-04-01 2011-04-01");
    CHECK(days("7_days", "2011-03-03") == "2011-02-25 2011-03-03");
    CHECK(days("30_days", "2012-03-01") == "2012-02-01 2012-03-01");
    CHECK(days("current_month", "2011-04-15") == "2011-04-01 2011-04-15");
    CHECK(days("previous_month", "2012-03-31") == "2012-02-01 2012-02-29");
    CHECK(days("previous_month", "2012-01-01") == "2011-12-01 2011-12-31");
    CHECK(days("current_quarter", "2011-06-30") == "2011-04-01 2011-06-30");
    CHECK(days_of(*parse_period("90_days"), *parse_day("2011-04-01")).count() == 90);
}

TEST_CASE("days last from their beginning in the zone to their end there", "[period]") {
    // Summer time ended on 2011-02-20, a day of 25 hours.
    const auto found =
        window_of(Days{*parse_day("2011-02-19"), *parse_day("2011-02-20")}, sao_paulo);
    CHECK(format_time(found.begin) == "2011-02-19T02:00:00Z");
    CHECK(format_time(found.end) == "2011-02-21T03:00:00Z");
}

TEST_CASE("a day is year, month and day, and one that there is", "[period]") {
    CHECK(format_day(*parse_day("2012-02-29")) == "2012-02-29");
    for (const auto* bad :
         {"",
          "2011-02-29",
          "2011-13-01",
          "2011-1-01",
          "2011-01-01T",
          "01-01-2011",
          "2011/01/01",
          " 2011-01-1"}) {
        INFO(bad);
        CHECK_FALSE(parse_day(bad));
    }
}

TEST_CASE("days and months begin and end by the zone's calendar", "[period]") {
    CHECK(window("today", "2011-04-01T02:59:59Z") == "2011-03-31T03:00:00Z 2011-04-01T02:59:59Z");
    CHECK(window("today", "2011-04-01T03:00:00Z") == "2011-04-01T03:00:00Z 2011-04-01T03:00:00Z");
    CHECK(
        window("current_month", "2011-04-15T12:00:00Z") ==
        "2011-04-01T03:00:00Z 2011-04-15T12:00:00Z"
    );
    CHECK(
        window("previous_month", "2011-04-15T12:00:00Z") ==
        "2011-03-01T03:00:00Z 2011-04-01T03:00:00Z"
    );
    CHECK(
        window("previous_month", "2012-01-01T12:00:00Z") ==
        "2011-12-01T02:00:00Z 2012-01-01T02:00:00Z"
    );
    CHECK(
        window("current_quarter", "2011-06-30T12:00:00Z") ==
        "2011-04-01T03:00:00Z 2011-06-30T12:00:00Z"
    );
}

TEST_CASE("days back keep the time of the wall clock across a change of it", "[period]") {
    // Summer time ended on 2011-02-20: noon was 14:00 UTC before, 15:00 UTC after.
    CHECK(window("7_days", "2011-02-22T15:00:00Z") == "2011-02-15T14:00:00Z 2011-02-22T15:00:00Z");
    CHECK(window("90_days", "2011-04-01T03:00:00Z") == "2011-01-01T02:00:00Z 2011-04-01T03:00:00Z");
}

TEST_CASE("a day that begins at a skipped midnight begins where the clock goes on", "[period]") {
    // 2010-10-17: from 00:00 straight to 01:00.
    CHECK(
        format_time(sao_paulo.start_of(std::chrono::year_month_day(
            std::chrono::year(2010), std::chrono::month(10), std::chrono::day(17)
        ))) == "2010-10-17T03:00:00Z"
    );
}

TEST_CASE("zones are those of the IANA database", "[period]") {
    CHECK(sao_paulo.name() == "America/Sao_Paulo");
    CHECK_FALSE(Zone::find("America/Nowhere"));
    CHECK_FALSE(Zone::find(""));
    CHECK(window("today", "2011-04-01T02:59:59Z", *Zone::find("UTC")).starts_with("2011-04-01T00"));
}
