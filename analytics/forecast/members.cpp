#include "analytics/forecast/members.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "analytics/forecast/ets.hpp"
#include "analytics/forecast/seasonality.hpp"
#include "analytics/forecast/theta.hpp"

namespace vitrine::analytics {
namespace {

using Values = std::vector<double>;
using Part = EtsForm::Part;

constexpr std::size_t least_coarse_values = 6;

Values theta(std::span<const double> values, int horizon) {
    return forecast_theta(fit_theta(values), values, horizon);
}

Values smoothed(std::span<const double> values, Part trend, int horizon) {
    return forecast_ets(fit_ets({Part::additive, trend, Part::none}, 1, values), values, horizon);
}

/// Means of `width` values each, so that the last value ends the last of them.
Values coarser(std::span<const double> values, std::size_t width) {
    Values means;
    for (std::size_t at = values.size() % width; at < values.size(); at += width) {
        double sum = 0;
        for (std::size_t i = at; i < at + width; ++i) sum += values[i];
        means.push_back(sum / static_cast<double>(width));
    }
    return means;
}

/// A scale on which the methods work, and the way back.
class Scale {
public:
    Scale(std::span<const double> values, int period, int horizon, bool logarithmic)
        : first_(values.size()), horizon_(horizon), logarithmic_(logarithmic) {
        for (const double value : values) values_.push_back(logarithmic ? std::log(value) : value);
        season_ = decompose_shrunk(values_, period, multiplicative());
    }

    using Method = std::function<Values(std::span<const double>, int)>;

    Values without_season(const Method& method) const {
        return back(method(season_.adjusted, horizon_), true);
    }

    Values on_coarser_time(const Method& method, int width) const {
        const auto means = coarser(season_.adjusted, static_cast<std::size_t>(width));
        const auto steps = method(means, (horizon_ + width - 1) / width);
        Values fine;
        for (int h = 0; h < horizon_; ++h)
            fine.push_back(steps[static_cast<std::size_t>(h / width)]);
        return back(std::move(fine), true);
    }

    /// Whether the season may multiply on this scale.
    bool multiplicative() const { return !logarithmic_ && std::ranges::min(values_) > 0; }

    Values with_season(const Method& method) const {
        return back(method(values_, horizon_), false);
    }

private:
    Values back(Values ahead, bool restore) const {
        for (std::size_t h = 0; h < ahead.size(); ++h) {
            if (restore) ahead[h] = season_.restore(ahead[h], first_ + h);
            if (logarithmic_) ahead[h] = std::exp(ahead[h]);
        }
        return ahead;
    }

    std::size_t first_;
    int horizon_;
    bool logarithmic_;
    Values values_;
    Seasonality season_;
};

}  // namespace

Values seasonal_naive(std::span<const double> values, int period, int horizon) {
    const auto wanted = static_cast<std::size_t>(std::max(period, 1));
    const auto repeated = wanted <= values.size() ? wanted : 1;
    Values ahead;
    for (std::size_t h = 0; h < static_cast<std::size_t>(horizon); ++h)
        ahead.push_back(values[values.size() - repeated + h % repeated]);
    return ahead;
}

std::vector<MemberForecast> member_forecasts(
    std::span<const double> values, int period, int horizon
) {
    const Scale::Method simple = [](std::span<const double> v, int h) {
        return smoothed(v, Part::none, h);
    };
    const Scale::Method damped = [](std::span<const double> v, int h) {
        return smoothed(v, Part::damped, h);
    };
    const auto chosen_by = [period](const Scale& scale) -> Scale::Method {
        const bool multiplicative = scale.multiplicative();
        return [=](std::span<const double> v, int h) {
            return forecast_ets(choose_ets(v, period, multiplicative), v, h);
        };
    };
    std::vector<MemberForecast> all;
    const Scale plain(values, period, horizon, false);
    all.push_back({"theta", plain.without_season(theta)});
    all.push_back({"simple smoothing", plain.without_season(simple)});
    all.push_back({"ETS", plain.with_season(chosen_by(plain))});
    for (const int width : {2, 3, 6}) {
        if (values.size() / static_cast<std::size_t>(width) < least_coarse_values) continue;
        const auto by = " by " + std::to_string(width);
        all.push_back({"theta" + by, plain.on_coarser_time(theta, width)});
        if (width == 3)
            all.push_back({"simple smoothing" + by, plain.on_coarser_time(simple, width)});
    }
    if (std::ranges::min(values) <= 0) {
        all.push_back({"damped smoothing", plain.without_season(damped)});
        return all;
    }
    const Scale logarithms(values, period, horizon, true);
    all.push_back({"theta of logarithms", logarithms.without_season(theta)});
    all.push_back({"damped smoothing of logarithms", logarithms.without_season(damped)});
    all.push_back({"ETS of logarithms", logarithms.with_season(chosen_by(logarithms))});
    if (values.size() / 3 >= least_coarse_values)
        all.push_back({"theta of logarithms by 3", logarithms.on_coarser_time(theta, 3)});
    return all;
}

}  // namespace vitrine::analytics
