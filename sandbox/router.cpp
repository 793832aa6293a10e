#include "sandbox/router.hpp"

#include <algorithm>

#include "sandbox/auth.hpp"
#include "sandbox/offers.hpp"
#include "sandbox/products.hpp"
#include "sandbox/sales_routes.hpp"

namespace vitrine::sandbox {
namespace {

std::vector<std::string_view> split(std::string_view pattern) {
    std::vector<std::string_view> parts;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);
        const auto end = std::min(pattern.find('/'), pattern.size());
        const auto part = pattern.substr(0, end);
        parts.push_back(part.starts_with('{') ? std::string_view() : part);
        pattern.remove_prefix(end);
    }
    return parts;
}

bool fits(std::span<const std::string_view> pattern, std::span<const std::string> segments) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (!pattern[i].empty() && pattern[i] != segments[i]) return false;
    }
    return true;
}

}  // namespace

std::vector<Route> all_routes() {
    std::vector<Route> all;
    for (const auto part :
         {auth_routes(),
          health_routes(),
          offer_routes(),
          offer_status_routes(),
          offer_product_routes(),
          offer_design_routes(),
          offer_url_routes(),
          offer_stats_routes(),
          product_routes(),
          product_figures_routes(),
          customer_routes(),
          checkout_routes(),
          order_routes(),
          payment_routes(),
          funnel_routes(),
          webhook_routes(),
          analytics_routes()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

Router::Router(std::vector<Route> routes, bool strict) {
    for (const auto& route : routes) {
        if (strict && route.alias) continue;
        auto pattern = split(route.pattern);
        if (by_length_.size() <= pattern.size()) by_length_.resize(pattern.size() + 1);
        by_length_[pattern.size()].push_back({route, std::move(pattern)});
    }
    for (auto& entries : by_length_) {
        std::ranges::sort(entries, {}, [](const Entry& entry) {
            return std::pair(
                std::ranges::count(entry.pattern, std::string_view()), entry.route.pattern
            );
        });
    }
}

Router::Match Router::match(std::string_view method, std::span<const std::string> segments) const {
    if (segments.size() >= by_length_.size()) return {};
    for (const auto& entry : by_length_[segments.size()]) {
        if (entry.route.method != method || !fits(entry.pattern, segments)) continue;
        Match match{&entry.route, {}};
        for (std::size_t i = 0; i < segments.size(); ++i) {
            if (entry.pattern[i].empty()) match.args.push_back(segments[i]);
        }
        return match;
    }
    return {};
}

}  // namespace vitrine::sandbox
