#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "events/envelope.hpp"
#include "projections/payload.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

/// What offers show of a product.
struct ProductFacts {
    std::string product_id, clubify_product_id, name;
    std::optional<std::int64_t> price_cents;  // absent: not known
    std::string currency;
    Version version = 0;    // of the product's stream; 0: no such product
    Position position = 0;  // of the event that gave it the present facts

    std::size_t bytes() const { return sizeof(ProductFacts) + name.size() + 96; }
};

/// Applies events of a product's stream, in order, to its facts; those they have seen change
/// nothing. One thread uses it. Throws std::runtime_error for an event that is not what its type
/// promises.
class ProductFold {
public:
    enum class Outcome { seen, same, changed };
    Outcome apply(ProductFacts& facts, const events::RecordedEvent& event);

private:
    bool fold(ProductFacts& facts, const events::RecordedEvent& event);
    Payload payload_;
};

/// The row's product_id, clubify_product_id, name, price_cents, currency, version, position;
/// nullopt: there is no row.
std::optional<ProductFacts> read_product(Statement::Run row);

/// Those that may change the facts.
std::vector<std::string> product_fact_event_types();

}  // namespace vitrine::projections
