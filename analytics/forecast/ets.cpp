#include "analytics/forecast/ets.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "analytics/forecast/seasonality.hpp"
#include "analytics/minimize.hpp"

namespace vitrine::analytics {
namespace {

using Part = EtsForm::Part;
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t values_for_trend = 10;

/// One value after the other through the recursions.
class EtsState {
public:
    EtsState(const EtsForm& form, int period, const EtsParameters& parameters)
        : form_(form), now_(parameters), period_(static_cast<std::size_t>(std::max(period, 1))) {}

    double next() const {
        const double base = now_.level + now_.phi * now_.slope;
        if (form_.season == Part::none) return base;
        const double season = now_.season[at_];
        return form_.season == Part::additive ? base + season : base * season;
    }

    /// The error of the value, as the form has it.
    double take(double value) {
        const double base = now_.level + now_.phi * now_.slope;
        const double expected = next();
        const double difference = value - expected;
        double scaled = difference;  // in the unit of the level
        if (form_.season == Part::multiplicative) {
            const double season = now_.season[at_];
            scaled = difference / season;
            now_.season[at_] = season + now_.gamma * difference / base;
        } else if (form_.season == Part::additive) {
            now_.season[at_] += now_.gamma * difference;
        }
        now_.level = base + now_.alpha * scaled;
        now_.slope = now_.phi * now_.slope + now_.beta * scaled;
        if (form_.season != Part::none && ++at_ == period_) at_ = 0;
        return form_.error == Part::multiplicative ? difference / expected : difference;
    }

    /// With the season of the next value first.
    EtsParameters parameters() const {
        auto last = now_;
        std::ranges::rotate(last.season, last.season.begin() + static_cast<std::ptrdiff_t>(at_));
        return last;
    }

private:
    EtsForm form_;
    EtsParameters now_;
    std::size_t period_;
    std::size_t at_ = 0;
};

double likelihood_of(
    const EtsForm& form,
    int period,
    const EtsParameters& parameters,
    std::span<const double> values,
    std::vector<double>* errors = nullptr,
    EtsParameters* last = nullptr
) {
    EtsState state(form, period, parameters);
    double squares = 0;
    double product = 1;
    double logarithms = 0;
    for (const double value : values) {
        const double expected = state.next();
        if (form.error == Part::multiplicative) {
            if (!(expected > 0)) return infinite;
            product *= expected;
            if (product > 1e200 || product < 1e-200) {
                logarithms += std::log(product);
                product = 1;
            }
        }
        const double error = state.take(value);
        squares += error * error;
        if (errors != nullptr) errors->push_back(error);
    }
    logarithms += std::log(product);
    if (last != nullptr) *last = state.parameters();
    const auto n = static_cast<double>(values.size());
    const double scale = form.error == Part::multiplicative ? n : n * (1 + values[0] * values[0]);
    const double result = n * std::log(std::max(squares, 1e-20 * scale)) + 2 * logarithms;
    return std::isfinite(result) ? result : infinite;
}

struct Line {
    double level, slope;
};

/// Of least squares through the first values; the level is that before the first.
Line first_line(std::span<const double> values) {
    const auto n = std::min(values.size(), values_for_trend);
    double sum = 0, products = 0, centre = (static_cast<double>(n) + 1) / 2, squares = 0;
    for (std::size_t t = 0; t < n; ++t) sum += values[t];
    for (std::size_t t = 0; t < n; ++t) {
        const double offset = static_cast<double>(t) + 1 - centre;
        products += offset * values[t];
        squares += offset * offset;
    }
    const double slope = squares > 0 ? products / squares : 0;
    return {sum / static_cast<double>(n) - slope * centre, slope};
}

/// The free parameters of a form as one vector within bounds, and back.
struct Coding {
    EtsForm form;
    EtsParameters base;
    double spread;

    bool has_trend() const { return form.trend != Part::none; }
    bool has_season() const { return form.season != Part::none; }

    Search search() const {
        Search search{
            .start = {0.3, 0}, .lower = {1e-4, -50}, .upper = {0.9999, 50}, .step = {0.1, 1}
        };
        const auto add = [&](double start, double lower, double upper, double step) {
            search.start.push_back(start);
            search.lower.push_back(lower);
            search.upper.push_back(upper);
            search.step.push_back(step);
        };
        if (has_trend()) {
            add(0.1, 1e-4, 0.9999, 0.1);
            add(0, -50, 50, 0.5);
        }
        if (form.trend == Part::damped) add(0.95, 0.8, 0.98, -0.05);
        if (has_season()) add(0.05, 1e-4, 0.9999, 0.05);
        search.evaluations = 60 * static_cast<int>(search.start.size());
        search.tolerance = 1e-7;
        return search;
    }

    EtsParameters decode(std::span<const double> at) const {
        auto parameters = base;
        std::size_t i = 0;
        parameters.alpha = at[i++];
        parameters.level = base.level + spread * at[i++];
        if (has_trend()) {
            parameters.beta = parameters.alpha * at[i++];
            parameters.slope = base.slope + 0.1 * spread * at[i++];
        }
        if (form.trend == Part::damped) parameters.phi = at[i++];
        if (has_season()) parameters.gamma = (1 - parameters.alpha) * at[i++];
        return parameters;
    }
};

Coding coding_of(const EtsForm& form, int period, std::span<const double> values) {
    Coding coding{.form = form, .base = {}, .spread = 0};
    std::vector<double> adjusted(values.begin(), values.end());
    if (form.season != Part::none) {
        const auto parts = decompose(values, period, form.season == Part::multiplicative);
        coding.base.season = parts.indices;
        if (form.season == Part::multiplicative && !parts.multiplicative)
            coding.base.season.assign(parts.indices.size(), 1.0);
        adjusted = parts.adjusted;
    }
    const auto line = first_line(adjusted);
    coding.base.level = form.trend == Part::none ? line.level + line.slope : line.level;
    coding.base.slope = form.trend == Part::none ? 0 : line.slope;
    double differences = 0;
    for (std::size_t t = 1; t < adjusted.size(); ++t)
        differences += std::abs(adjusted[t] - adjusted[t - 1]);
    coding.spread = std::max(
        differences / static_cast<double>(adjusted.size()), 1e-6 * (1 + std::abs(adjusted[0]))
    );
    return coding;
}

}  // namespace

std::string EtsForm::name() const {
    const auto letter = [](Part part) -> std::string {
        return part == Part::damped ? "Ad" : std::string(1, static_cast<char>(part));
    };
    return "ETS(" + letter(error) + "," + letter(trend) + "," + letter(season) + ")";
}

EtsRun run_ets(
    const EtsForm& form, int period, const EtsParameters& parameters, std::span<const double> values
) {
    EtsRun run;
    run.likelihood = likelihood_of(form, period, parameters, values, &run.errors, &run.last);
    return run;
}

EtsModel fit_ets(const EtsForm& form, int period, std::span<const double> values) {
    const auto coding = coding_of(form, period, values);
    const auto search = coding.search();
    const auto found = minimize(
        [&](std::span<const double> at) {
            return likelihood_of(form, period, coding.decode(at), values);
        },
        search
    );
    EtsModel model{
        .form = form,
        .period = period,
        .parameters = coding.decode(found.at),
        .likelihood = found.value,
        .aicc = infinite,
        .sigma = 0,
    };
    const auto run = run_ets(form, period, model.parameters, values);
    const auto n = static_cast<double>(values.size());
    const auto fitted = static_cast<double>(search.start.size());
    const double k = fitted + 1 + (coding.has_season() ? period - 1 : 0);
    if (n - k - 1 > 0) model.aicc = found.value + 2 * k + 2 * k * (k + 1) / (n - k - 1);
    double squares = 0;
    for (const double error : run.errors) squares += error * error;
    model.sigma = std::sqrt(squares / std::max(n - fitted, 1.0));
    return model;
}

EtsModel choose_ets(std::span<const double> values, int period, bool multiplicative) {
    const bool periods = period > 1 && values.size() >= 2 * static_cast<std::size_t>(period) + 1;
    std::optional<EtsModel> best;
    for (const auto season : {Part::none, Part::additive, Part::multiplicative}) {
        if (season != Part::none && !periods) continue;
        if (season == Part::multiplicative && !multiplicative) continue;
        const auto error = season == Part::multiplicative ? Part::multiplicative : Part::additive;
        for (const auto trend : {Part::none, Part::damped}) {
            auto model = fit_ets({error, trend, season}, period, values);
            if (!best || model.aicc < best->aicc) best = std::move(model);
        }
    }
    return *std::move(best);
}

std::vector<double> forecast_ets(
    const EtsModel& model, std::span<const double> values, int horizon
) {
    const auto last = run_ets(model.form, model.period, model.parameters, values).last;
    std::vector<double> ahead;
    double damped = 0, power = 1;
    for (int h = 0; h < horizon; ++h) {
        power *= last.phi;
        damped += power;
        double value = last.level + damped * last.slope;
        if (model.form.season != Part::none) {
            const double season = last.season[static_cast<std::size_t>(h) % last.season.size()];
            value = model.form.season == Part::additive ? value + season : value * season;
        }
        ahead.push_back(value);
    }
    return ahead;
}

}  // namespace vitrine::analytics
