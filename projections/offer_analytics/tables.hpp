#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "projections/offer_analytics/state.hpp"
#include "projections/payload.hpp"
#include "projections/projector.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

struct ProductPrice {
    std::int64_t cents = 0;
    std::string currency;
};

struct Failure {
    std::string failure_class;
    std::string reason;
};

/// {"type","class","reason","at","position"}
std::string render_failure(
    std::string_view type, const Failure& failure, Timestamp at, Position position
);

std::vector<Table> analytics_tables();

/// The tables of `offer_analytics` for its projector. Versions, prices, uses and failures go
/// straight into them, so that a row written again changes nothing.
class AnalyticsTables {
public:
    explicit AnalyticsTables(SQLite::Database& database);

    void read(const TenantId& tenant, std::string_view offer, AnalyticsState& row);
    void write(const TenantId& tenant, std::string_view offer, const AnalyticsState& row);

    /// False: a later price is there already.
    bool set_product_price(
        const events::RecordedEvent& event, std::string_view product, const ProductPrice& price
    );
    std::optional<ProductPrice> product_price(const TenantId& tenant, std::string_view product);

    void add_use(const TenantId& tenant, std::string_view product, std::string_view offer);
    void remove_use(const TenantId& tenant, std::string_view product, std::string_view offer);
    std::vector<std::string> offers_with(const TenantId& tenant, std::string_view product);

    /// What the row is from this event on.
    void add_version(
        const events::RecordedEvent& event, std::string_view offer, const AnalyticsState& row
    );
    void add_price(
        const events::RecordedEvent& event, std::string_view offer, const PricedLine& line
    );
    void add_failure(
        const events::RecordedEvent& event, std::string_view offer, const Failure& failure
    );

private:
    Payload payload_;
    MadeStatement write_;
    Statement read_, set_price_, get_price_, add_use_, remove_use_, uses_, add_history_,
        add_failure_, add_version_, changes_;
};

}  // namespace vitrine::projections
