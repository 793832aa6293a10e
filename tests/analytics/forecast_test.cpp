#include "analytics/forecast/forecast.hpp"

#include <rapidcheck.h>

#include <cmath>

#include "analytics/forecast/ets.hpp"
#include "analytics/forecast/intervals.hpp"
#include "analytics/forecast/members.hpp"
#include "analytics/forecast/seasonality.hpp"
#include "analytics/forecast/theta.hpp"
#include "tests/analytics/series.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::analytics;

namespace {

using Values = std::vector<double>;
using Part = EtsForm::Part;

double smape(const Values& said, const Values& came) {
    double sum = 0;
    for (std::size_t h = 0; h < came.size(); ++h)
        sum += 200 * std::abs(said[h] - came[h]) / (std::abs(said[h]) + std::abs(came[h]));
    return sum / static_cast<double>(came.size());
}

Values without_last(std::size_t count) {
    return {air_passengers.begin(), air_passengers.end() - static_cast<std::ptrdiff_t>(count)};
}

Values last(std::size_t count) {
    return {air_passengers.end() - static_cast<std::ptrdiff_t>(count), air_passengers.end()};
}

/// The Theta model by its definition: the line is fitted anew at every value.
double theta_error_by_definition(const Values& values, double level, double alpha, double theta) {
    double sum = 0;
    for (std::size_t t = 0; t < values.size(); ++t) {
        double expected = level;
        if (t > 0) {
            double mean = 0, centre = 0, products = 0, squares = 0;
            const auto n = static_cast<double>(t);
            for (std::size_t i = 0; i < t; ++i) {
                mean += values[i] / n;
                centre += static_cast<double>(i + 1) / n;
            }
            for (std::size_t i = 0; i < t; ++i) {
                const double off = static_cast<double>(i + 1) - centre;
                products += off * values[i];
                squares += off * off;
            }
            const double slope = squares > 0 ? products / squares : 0;
            const double intercept = mean - slope * centre;
            const double decay = std::pow(1 - alpha, n);
            expected +=
                (1 - 1 / theta) * (decay * intercept + (1 - decay * (1 - alpha)) / alpha * slope);
        }
        if (t >= 2) sum += (values[t] - expected) * (values[t] - expected);
        level = alpha * values[t] + (1 - alpha) * level;
    }
    return sum;
}

}  // namespace

TEST_CASE("Theta's recursion is the line through all values so far and smoothing", "[forecast]") {
    for (const double alpha : {0.1, 0.4, 0.95}) {
        for (const double theta : {1.0, 2.0, 50.0}) {
            const double slow = theta_error_by_definition(air_passengers, 110, alpha, theta);
            CHECK(theta_error(air_passengers, 110, alpha, theta) == Approx(slow).epsilon(1e-9));
        }
    }
}

TEST_CASE("a line is continued by Theta", "[forecast]") {
    Values line;
    for (int t = 0; t < 40; ++t) line.push_back(10 + 2 * t);
    const auto ahead = forecast_theta(fit_theta(line), line, 3);
    CHECK(ahead[0] == Approx(90).margin(1.5));
    CHECK(ahead[2] > ahead[0]);
}

TEST_CASE("the likelihood of ETS(A,N,N) is that of simple smoothing", "[forecast]") {
    EtsParameters parameters{.alpha = 0.3, .level = 110, .season = {}};
    double level = 110, squares = 0;
    for (const double value : air_passengers) {
        squares += (value - level) * (value - level);
        level = 0.3 * value + 0.7 * level;
    }
    const EtsForm form{Part::additive, Part::none, Part::none};
    const auto run = run_ets(form, 1, parameters, air_passengers);
    const auto n = static_cast<double>(air_passengers.size());
    CHECK(run.likelihood == Approx(n * std::log(squares)));
    CHECK(run.last.level == Approx(level));
}

TEST_CASE("the likelihood of ETS(M,A,M) is that of its recursions written out", "[forecast]") {
    EtsParameters p{
        .alpha = 0.4, .beta = 0.02, .gamma = 0.2, .phi = 1, .level = 120, .slope = 2, .season = {}
    };
    for (int i = 0; i < 12; ++i) p.season.push_back(1 + 0.1 * std::sin(i));
    auto season = p.season;
    double level = p.level, slope = p.slope, squares = 0, logarithms = 0;
    for (std::size_t t = 0; t < air_passengers.size(); ++t) {
        const double index = season[t % 12];
        const double expected = (level + slope) * index;
        const double error = (air_passengers[t] - expected) / expected;
        const double old_level = level;
        level = (old_level + slope) * (1 + p.alpha * error);
        season[t % 12] = index * (1 + p.gamma * error);
        slope = slope + p.beta * (old_level + slope) * error;
        squares += error * error;
        logarithms += std::log(std::abs(expected));
    }
    const EtsForm form{Part::multiplicative, Part::additive, Part::multiplicative};
    const auto n = static_cast<double>(air_passengers.size());
    CHECK(
        run_ets(form, 12, p, air_passengers).likelihood ==
        Approx(n * std::log(squares) + 2 * logarithms)
    );
}

TEST_CASE("no parameters near the fitted ones are likelier", "[forecast]") {
    const EtsForm form{Part::additive, Part::damped, Part::none};
    const auto values = decompose(air_passengers, 12, true).adjusted;
    const auto model = fit_ets(form, 1, values);
    for (const double off : {-0.02, 0.02}) {
        auto near = model.parameters;
        near.alpha = std::min(near.alpha + off, 0.9999);
        CHECK(run_ets(form, 1, near, values).likelihood >= model.likelihood - 1e-6);
        near = model.parameters;
        near.level *= 1 + off;
        CHECK(run_ets(form, 1, near, values).likelihood >= model.likelihood - 0.05);
    }
}

TEST_CASE("the airline's season is multiplicative, by its own values", "[forecast]") {
    const auto model = choose_ets(air_passengers, 12, true);
    CHECK(model.form.name() == "ETS(M,Ad,M)");  // as R's ets() chooses
    // R's ets() fits the initial season too, and comes to 1359.17.
    CHECK(model.likelihood == Approx(1359.17).margin(3));
}

TEST_CASE("a season is found in what has one, and noise keeps none", "[forecast]") {
    const auto air = decompose_shrunk(air_passengers, 12, true);
    CHECK(air.multiplicative);
    CHECK(air.indices[6] == Approx(1.227).margin(0.02));  // July
    double sum = 0;
    for (const double index : air.indices) sum += index;
    CHECK(sum == Approx(12));
    CHECK(air.restore(air.adjusted[30], 30) == Approx(air_passengers[30]));
    Values noise;
    unsigned state = 1;
    for (int t = 0; t < 96; ++t) {
        state = state * 1664525U + 1013904223U;
        noise.push_back(100 + static_cast<double>(state >> 16) / 65536.0);
    }
    for (const double index : decompose_shrunk(noise, 12, true).indices)
        CHECK(index == Approx(1).margin(0.003));
}

TEST_CASE("the airline's last year is forecast well from the years before", "[forecast]") {
    const std::vector<Series> series{{"air", without_last(12)}};
    const auto answer = forecast(series, {.horizon = 12, .season = 12}).front();
    CHECK(smape(answer.values, last(12)) < 5);  // seasonal naive: 10.57
    CHECK(smape(seasonal_naive(series[0].values, 12, 12), last(12)) == Approx(10.57).margin(0.01));
    CHECK(answer.error <= answer.naive_error);
    for (std::size_t h = 0; h < 12; ++h) {
        CHECK(answer.within95.lower[h] < answer.within80.lower[h]);
        CHECK(answer.within80.upper[h] < answer.within95.upper[h]);
        CHECK(answer.within95.lower[h] < air_passengers[132 + h]);
        CHECK(air_passengers[132 + h] < answer.within95.upper[h]);
    }
}

TEST_CASE("the same series has the same forecast, whatever stands beside it", "[forecast]") {
    const std::vector<Series> one{{"a", without_last(12)}};
    const std::vector<Series> two{{"b", without_last(60)}, {"a", without_last(12)}};
    const auto alone = forecast(one, {.horizon = 6, .season = 12});
    CHECK(forecast(one, {.horizon = 6, .season = 12})[0].values == alone[0].values);
    CHECK(forecast(two, {.horizon = 6, .season = 12})[1].values == alone[0].values);
}

TEST_CASE("on its own past no series is forecast worse than by the seasonal naive", "[forecast]") {
    rc::check([](std::vector<int> steps) {
        RC_PRE(!steps.empty());
        Values values;
        double level = 0;
        for (const int step : steps) values.push_back(level += step % 100);
        const std::vector<Series> series{{"s", values}};
        const auto answer = forecast(series, {.horizon = 4, .season = 4}).front();
        RC_ASSERT(answer.error <= answer.naive_error);
        RC_ASSERT(answer.values.size() == 4U);
        for (std::size_t h = 0; h < 4; ++h) {
            RC_ASSERT(std::isfinite(answer.values[h]));
            RC_ASSERT(answer.within95.lower[h] <= answer.values[h]);
            RC_ASSERT(answer.within95.upper[h] >= answer.values[h]);
        }
    });
}

TEST_CASE("short, constant and empty pasts are forecast too", "[forecast]") {
    for (const auto& values :
         {Values{5}, Values{5, 6}, Values(3, 0.0), Values(40, 7.0), Values(40, 0.0)}) {
        const std::vector<Series> series{{"s", values}};
        const auto answer = forecast(series, {.horizon = 3, .season = 12}).front();
        CHECK(answer.values.back() == Approx(values.back()).margin(1e-6));
    }
}

TEST_CASE("widths grow with the step and follow the errors that were made", "[forecast]") {
    const auto known = interval_widths({{}, {}, {}});
    CHECK(known.within95[0] == Approx(1.96));
    CHECK(known.within95[2] > known.within95[1]);
    std::vector<double> errors;
    for (int i = 1; i <= 10000; ++i) errors.push_back(i);
    const auto learned = interval_widths({errors});
    CHECK(learned.within80[0] == Approx(1.15 * 8000).epsilon(0.01));
    CHECK(learned.within95[0] == Approx(1.15 * 9500).epsilon(0.01));
}

TEST_CASE(
    "series are read with the columns that are there, and a fault names its line", "[forecast]"
) {
    const auto read = read_series("series,type,values\na,X,1 2  3\nb,Y,-1.5\n");
    REQUIRE(read);
    CHECK(read->at(0).values == Values{1, 2, 3});
    CHECK(read->at(1).values == Values{-1.5});
    const auto refused = [](std::string_view csv, const std::string& told) {
        const auto answer = read_series(csv);
        REQUIRE_FALSE(answer);
        CHECK_THAT(answer.error(), Catch::Contains(told));
    };
    refused("series,values\na,1 x\n", "line 2: has \"x\" among its values");
    refused("series,values\na,1\nb,\n", "line 3: has no values");
    refused("series,values\n", "no series");
    refused("name,values\na,1\n", "no column series");
}
