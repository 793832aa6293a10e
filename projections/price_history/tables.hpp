#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "projections/payload.hpp"
#include "projections/price_history/state.hpp"
#include "projections/projector.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

struct ProductPrice {
    std::optional<std::int64_t> cents;  // absent: not known
    std::string currency;
};

std::vector<Table> price_tables();

/// The tables of `price_history` for its projector. Prices and uses go straight into them, so that
/// a row written again changes nothing.
class PriceTables {
public:
    explicit PriceTables(SQLite::Database& database);

    void read(const TenantId& tenant, std::string_view offer, PricedOffer& row);
    void write(const TenantId& tenant, std::string_view offer, const PricedOffer& row);

    // Products are told by the platform's ids: offers may have them under no other.

    /// Notes the platform's id of a product of ours.
    void set_clubify_id(
        const TenantId& tenant, std::string_view product_id, std::string_view clubify_id
    );
    /// Empty: no such product.
    std::string clubify_id(const TenantId& tenant, std::string_view product_id);

    /// False: a later price is there already.
    bool set_product_price(
        const events::RecordedEvent& event, std::string_view clubify_id, const ProductPrice& price
    );
    std::optional<ProductPrice> product_price(const TenantId& tenant, std::string_view clubify_id);

    void add_use(const TenantId& tenant, std::string_view clubify_id, std::string_view offer);
    void remove_use(const TenantId& tenant, std::string_view clubify_id, std::string_view offer);
    std::vector<std::string> offers_with(const TenantId& tenant, std::string_view clubify_id);

    /// From this event on the offer can be bought, or not.
    void add_status(const events::RecordedEvent& event, std::string_view offer, bool on_sale);

    /// The prices that the line shows from this event on.
    void add_price(
        const events::RecordedEvent& event, std::string_view offer, const PricedLine& line
    );

private:
    Payload payload_;
    MadeStatement write_;
    Statement read_, set_id_, get_id_, set_price_, get_price_, add_use_, remove_use_, uses_,
        add_price_, add_status_, changes_;
};

}  // namespace vitrine::projections
