#pragma once

#include <nlohmann/json.hpp>

#include "projections/projections.hpp"
#include "queries/live_metrics.hpp"
#include "queries/read_side.hpp"
#include "tests/gateways/platform.hpp"
#include "tests/projections/support.hpp"

namespace vitrine::tests {

using Json = nlohmann::ordered_json;

/// A log, its read models, and the platform behind the live part.
class Shop {
public:
    explicit Shop(queries::LiveOptions options = {})
        : platform(std::make_unique<clubify::testing::Platform>()),
          account_(platform->account()),
          projections_(log, folder_.path(), projections::every_projection(), {}),
          reads{log, projections_, [this] { return log.now; }},
          live_options_(std::move(options)) {
        live_options_.clock = [this] { return gateway.now; };
        live.emplace(
            gateway.loop.get_executor(),
            gateway.clubify,
            [this](const TenantId& tenant) -> std::optional<clubify::Account> {
                if (tenant.view() == "unknown") return std::nullopt;
                auto account = account_;
                account.tenant = tenant;
                return account;
            },
            live_options_
        );
    }

    /// The read models have everything.
    void settle() {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        for (const auto& projection : projections::every_projection()) {
            auto wait = projections_.wait_until(projection.name, log.head(), deadline);
            if (!gateway.run(std::move(wait))) throw std::runtime_error("not settled");
        }
    }

    template <class T>
    T run(boost::asio::awaitable<T> work) {
        return gateway.run(std::move(work));
    }

    void stop_platform() { platform.reset(); }

    Log log;
    std::unique_ptr<clubify::testing::Platform> platform;
    clubify::testing::Gateway gateway;

private:
    TemporaryFolder folder_;
    clubify::Account account_;
    projections::Projections projections_;

public:
    queries::ReadSide reads;
    std::optional<queries::LiveMetrics> live;

private:
    queries::LiveOptions live_options_;
};

inline Json body_of(const queries::Result& result) {
    if (!result) throw std::runtime_error("no answer: " + result.error().detail.english());
    return Json::parse(result->body);
}

/// The pointers of the faults: "/limit /sort".
inline std::string faults_of(const queries::Result& result) {
    std::string pointers;
    if (result) return "no faults";
    for (const auto& fault : result.error().faults) {
        if (!pointers.empty()) pointers += ' ';
        pointers += fault.pointer;
    }
    return pointers;
}

}  // namespace vitrine::tests
