#include <rapidcheck.h>

#include <cmath>
#include <random>

#include "analytics/lifetime/customers.hpp"
#include "analytics/lifetime/quadrature.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::analytics;

namespace {

using Parameters = PurchaseParameters;

// Of the CDNOW sample, published by Fader, Hardie and Lee (2005).
const Parameters bg_cdnow{0.24259, 4.41360, 0.79292, 2.42591};
const Parameters pareto_cdnow{0.55328, 10.57768, 0.60624, 11.66873};

History history(double repeats, double last, double observed) {
    return {
        .repeats = repeats, .last = last, .observed = observed, .log_gaps = 0, .mean_amount = 0
    };
}

double gamma_density(double value, double shape, double rate) {
    return std::exp(
        shape * std::log(rate) + (shape - 1) * std::log(value) - rate * value - std::lgamma(shape)
    );
}

double beta_density(double value, double a, double b) {
    return std::exp(
        (a - 1) * std::log(value) + (b - 1) * std::log1p(-value) + std::lgamma(a + b) -
        std::lgamma(a) - std::lgamma(b)
    );
}

/// Over rates from 0 to far above the mean, by a fine grid of midpoints on a logarithmic scale.
template <typename Function>
double over_rates(double shape, double rate, const Function& function) {
    constexpr int steps = 1200;
    const double low = std::log(1e-30 / rate), high = std::log((shape + 40) / rate);
    const double width = (high - low) / steps;
    double sum = 0;
    for (int i = 0; i < steps; ++i) {
        const double value = std::exp(low + (i + 0.5) * width);
        sum += width * value * gamma_density(value, shape, rate) * function(value);
    }
    return sum;
}

template <typename Function>
double over_chances(double a, double b, const Function& function) {
    constexpr int steps = 600;
    double sum = 0;
    for (int i = 0; i < steps; ++i) {  // on the logit scale
        const double logit = -30 + 60 * (i + 0.5) / steps;
        const double value = 1 / (1 + std::exp(-logit));
        sum += 60.0 / steps * value * (1 - value) * beta_density(value, a, b) * function(value);
    }
    return sum;
}

/// The likelihood of one customer by its definition, integrated over rates and chances.
double slow_likelihood(int regularity, bool at_first, const Parameters& p, const History& h) {
    return over_rates(p[0], p[1], [&](double rate) {
        const double k = regularity;
        double waits = 0, stage = 1;
        const double since = rate * (h.observed - h.last);
        for (int j = 0; j < regularity; ++j) {
            if (j > 0) stage *= since / j;
            waits += stage;
        }
        waits *= std::exp(-since);
        const double gaps =
            std::exp(k * h.repeats * std::log(rate) - rate * h.last + (k - 1) * h.log_gaps) /
            std::pow(std::tgamma(k), h.repeats);
        const double stayed = at_first ? h.repeats : h.repeats - 1;
        const double leaving = stayed < 0 ? waits
                                          : over_chances(
                                                p[2],
                                                p[3],
                                                [&](double chance) {
                                                    return std::pow(1 - chance, stayed) *
                                                           (chance + (1 - chance) * waits);
                                                }
                                            );
        return gaps * leaving;
    });
}

/// Customers of a BG/NBD: they first buy within 100 days and are seen for 300.
Purchases simulate(const Parameters& p, int customers, unsigned seed) {
    std::mt19937 random(seed);
    Purchases all;
    const Day start = *parse_day("2020-01-01");
    all.last_day = start + std::chrono::days(300);
    all.has_amounts = true;
    std::gamma_distribution<double> rates(p[0], 1 / p[1]), ones(p[2], 1), others(p[3], 1);
    for (int i = 0; i < customers; ++i) {
        const double rate = rates(random) / 7, one = ones(random), other = others(random);
        const double chance = one / (one + other);
        double time = static_cast<double>(random() % 100);
        std::vector<Purchase> days{{start + std::chrono::days(static_cast<int>(time)), 5.0 + i % 20}
        };
        std::exponential_distribution<double> gap(rate);
        while (true) {
            time += gap(random);
            if (!(time <= 300)) break;
            const auto day = start + std::chrono::days(static_cast<int>(time));
            if (day != days.back().day) days.push_back({day, 5.0 + i % 20});
            if (std::uniform_real_distribution<double>()(random) < chance) break;
        }
        all.by_customer["c" + std::to_string(i)] = std::move(days);
    }
    return all;
}

}  // namespace

TEST_CASE("the models of leaving after a purchase agree with their integrals", "[lifetime]") {
    History regular = history(3, 20, 30);
    regular.log_gaps = std::log(5.0) + std::log(7.0) + std::log(8.0);
    const std::pair<PurchaseModel, std::pair<int, bool>> forms[] = {
        {PurchaseModel::bg_nbd, {1, false}},
        {PurchaseModel::mbg_cnbd_1, {1, true}},
        {PurchaseModel::mbg_cnbd_2, {2, true}},
        {PurchaseModel::mbg_cnbd_3, {3, true}},
    };
    for (const auto& [model, form] : forms) {
        for (const auto& seen : {regular, history(0, 0, 25)}) {
            const double slow = slow_likelihood(form.first, form.second, bg_cdnow, seen);
            INFO(name_of(model));
            CHECK(log_likelihood(model, bg_cdnow, seen) == Approx(std::log(slow)).epsilon(1e-4));
        }
    }
}

TEST_CASE("Pareto/NBD agrees with its integrals", "[lifetime]") {
    for (const auto& seen :
         {history(2, 30.43, 38.86), history(0, 0, 38), history(26, 30.857, 31)}) {
        const double slow = over_rates(pareto_cdnow[0], pareto_cdnow[1], [&](double rate) {
            return over_rates(pareto_cdnow[2], pareto_cdnow[3], [&](double leaving) {
                const double both = rate + leaving;
                const double left = leaving / both *
                                    (std::exp(-both * seen.last) - std::exp(-both * seen.observed));
                return std::pow(rate, seen.repeats) * (left + std::exp(-both * seen.observed));
            });
        });
        CHECK(
            log_likelihood(PurchaseModel::pareto_nbd, pareto_cdnow, seen) ==
            Approx(std::log(slow)).epsilon(1e-4)
        );
    }
}

TEST_CASE("what was published of the models comes out", "[lifetime]") {
    // Fader, Hardie and Lee 2005; the walkthroughs of the R package BTYD.
    const auto bg = PurchaseModel::bg_nbd;
    CHECK(
        outlook(bg, bg_cdnow, history(2, 30.43, 38.86), 39).expected == Approx(1.226).margin(0.001)
    );
    CHECK(expected_from_start(bg, bg_cdnow, 1) == Approx(0.0532).margin(1e-4));
    CHECK(expected_from_start(bg, bg_cdnow, 31.8571) == Approx(1.0405).margin(1e-3));
    CHECK(expected_from_start(bg, bg_cdnow, 78) == Approx(1.8580).margin(1e-3));
    const auto pareto = PurchaseModel::pareto_nbd;
    CHECK(expected_from_start(pareto, pareto_cdnow, 52) == Approx(1.4734).margin(1e-3));
    const auto best = outlook(pareto, pareto_cdnow, history(26, 30.857, 31), 52);
    CHECK(best.alive == Approx(0.99787).margin(1e-4));
    CHECK(best.expected == Approx(25.456).margin(0.01));
    const GammaGamma amounts{6.2496, 3.7442, 15.4435, 0};
    auto customer = history(2, 0, 0);
    customer.mean_amount = 22.345;  // customers 1 and 2 of lifetimes' quick start
    CHECK(amounts.expected(customer) == Approx(24.66).margin(0.01));
    customer.repeats = 1;
    customer.mean_amount = 11.77;
    CHECK(amounts.expected(customer) == Approx(18.91).margin(0.01));
}

TEST_CASE("the parameters that customers were made with are found again", "[lifetime]") {
    const Parameters truth{0.8, 6, 0.9, 3};
    const auto purchases = simulate(truth, 4000, 7);
    std::vector<History> histories;
    for (const auto& [name, days] : purchases.by_customer)
        histories.push_back(history_of(days, purchases.last_day));
    const auto fitted = fit_purchases(PurchaseModel::bg_nbd, histories);
    CHECK(fitted.parameters[0] / fitted.parameters[1] == Approx(0.8 / 6).epsilon(0.1));
    CHECK(fitted.parameters[2] / fitted.parameters[3] == Approx(0.3).epsilon(0.25));
    double at_truth = 0;
    for (const auto& one : histories) at_truth += log_likelihood(PurchaseModel::bg_nbd, truth, one);
    CHECK(fitted.log_likelihood >= at_truth);
    // At a maximum the differences in all directions are next to nothing.
    for (std::size_t i = 0; i < 4; ++i) {
        double slope = 0;
        for (const double sign : {-1.0, 1.0}) {
            auto near = fitted.parameters;
            near[i] *= std::exp(sign * 1e-3);
            for (const auto& one : histories)
                slope += sign * log_likelihood(PurchaseModel::bg_nbd, near, one) / 2e-3;
        }
        CHECK(std::abs(slope) < 3);
    }
}

TEST_CASE("an outlook is a probability and a number, and more time is never less", "[lifetime]") {
    rc::check([](unsigned repeats, unsigned last, unsigned since, unsigned which) {
        const auto model = purchase_models[which % std::size(purchase_models)];
        const auto& parameters = model == PurchaseModel::pareto_nbd ? pareto_cdnow : bg_cdnow;
        const double x = repeats % 30;
        const auto seen =
            history(x, x > 0 ? 1 + last % 40 : 0, (x > 0 ? 1 + last % 40 : 0) + since % 50);
        double before = 0;
        for (const double weeks : {1.0, 10.0, 100.0}) {
            const auto ahead = outlook(model, parameters, seen, weeks);
            RC_ASSERT(ahead.alive >= 0 && ahead.alive <= 1);
            RC_ASSERT(ahead.expected >= before);
            before = ahead.expected;
        }
    });
}

TEST_CASE("the chosen model is fitted to everything and the same every time", "[lifetime]") {
    const auto purchases = simulate({0.8, 6, 0.9, 3}, 400, 3);
    const auto fit = fit_customers(purchases, std::nullopt);
    REQUIRE(fit);
    REQUIRE(fit->tests.size() == std::size(purchase_models) + 1);
    CHECK(std::abs(fit->tests.front().total_error) <= 0.25);
    CHECK(fit->model.amounts);
    const auto json = to_json(fit->model);
    CHECK(json == to_json(fit_customers(purchases, std::nullopt)->model));
    const auto again = customers_from_json(json);
    CHECK(to_json(again) == json);
    const auto one = fit->model.outlook(fit->model.histories[5], 13);
    CHECK(again.outlook(again.histories[5], 13).expected == one.expected);
    auto wrong = json;
    wrong["models"][0]["parameters"][0] = -1;
    CHECK_THROWS(customers_from_json(wrong));
    wrong = json;
    wrong.erase("customers");
    CHECK_THROWS(customers_from_json(wrong));
}

TEST_CASE("purchases are read by day, and a fault names its line", "[lifetime]") {
    const auto read = read_purchases(
        "customer_id,date,amount\na,2011-01-15,5\na,2011-01-01,1\na,2011-01-15T10:00:00Z,7\n"
        "b,2011-02-01,2\n",
        std::nullopt
    );
    REQUIRE(read);
    CHECK(read->by_customer.at("a").size() == 2);
    CHECK(read->by_customer.at("a")[1].amount == 12);
    const auto seen = history_of(read->by_customer.at("a"), *parse_day("2011-01-29"));
    CHECK(seen.repeats == 1);
    CHECK(seen.last == 2);
    CHECK(seen.observed == 4);
    CHECK(seen.mean_amount == 12);
    const auto until =
        read_purchases("customer_id,date\na,2011-01-01\nb,2011-02-01\n", parse_day("2011-01-15"));
    REQUIRE(until);
    CHECK(until->by_customer.size() == 1);
    const auto refused = [](std::string_view csv, const std::string& told) {
        const auto answer = read_purchases(csv, std::nullopt);
        REQUIRE_FALSE(answer);
        CHECK_THAT(answer.error(), Catch::Contains(told));
    };
    refused("customer_id,date\na,01/02/2011\n", "line 2: has a date that is not a day");
    refused("customer_id,date\na,2011-02-30\n", "line 2: has a date that is not a day");
    refused("customer_id,date\n,2011-02-01\n", "line 2: has no customer_id");
    refused("customer_id,date,amount\na,2011-02-01,R$ 5\n", "line 2: has an amount");
    refused("customer_id,date\n", "there is no purchase");
    refused("customer,date\na,2011-01-01\n", "no column customer_id");
    const auto single = read_purchases("customer_id,date\na,2011-01-01\n", std::nullopt);
    CHECK_FALSE(fit_customers(*single, std::nullopt));
}

TEST_CASE("the quadratures are exact where the integral is known", "[lifetime]") {
    double beta = 0;
    for (const auto& node : open_interval_nodes())
        beta += node.weight * std::pow(node.at, -0.7) * std::pow(node.from_end, -0.5);
    CHECK(beta == Approx(std::tgamma(0.3) * std::tgamma(0.5) / std::tgamma(0.8)).epsilon(1e-7));
    CHECK(integrate(1, 3, [](double x) { return 1 / x; }) == Approx(std::log(3.0)).epsilon(1e-12));
}
