#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "projections/offer_analytics/state.hpp"
#include "projections/payload.hpp"
#include "projections/projector.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

struct Failure {
    std::string failure_class;
    std::string reason;
};

/// {"type","class","reason","at","position"}
std::string render_failure(
    std::string_view type, const Failure& failure, Timestamp at, Position position
);

std::vector<Table> analytics_tables();

/// The tables of `offer_analytics` for its projector. Versions and failures go straight
/// into them, so that a row written again changes nothing.
class AnalyticsTables {
public:
    explicit AnalyticsTables(SQLite::Database& database);

    void read(const TenantId& tenant, std::string_view offer, AnalyticsState& row);
    void write(const TenantId& tenant, std::string_view offer, const AnalyticsState& row);

    /// What the row is from this event on.
    void add_version(
        const events::RecordedEvent& event, std::string_view offer, const AnalyticsState& row
    );
    void add_failure(
        const events::RecordedEvent& event, std::string_view offer, const Failure& failure
    );

private:
    Payload payload_;
    MadeStatement write_;
    Statement read_, add_failure_, add_version_;
};

}  // namespace vitrine::projections
