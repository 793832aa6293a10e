#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands/customers/customer.hpp"
#include "commands/offers/offer.hpp"
#include "commands/products/product.hpp"
#include "events/orders.hpp"
#include "gateways/clubify/listed.hpp"

namespace vitrine::commands {

struct Difference {
    enum class Kind {
        missing_there,  // we have it, the platform has not
        missing_here,   // the platform has it, we have not: see adopt
        differs,        // both have it, and do not agree on `field`
    };
    Kind kind{};
    std::string entity;  // product, offer, customer, order
    std::string id;      // ours; empty when missing here
    ClubifyId clubify_id;
    std::string name;
    std::string field;         // of differs: as in our commands
    std::string ours, theirs;  // of differs: JSON; empty where they would name a person
};

std::string_view difference_name(Difference::Kind kind);

/// How ours differs from theirs. Pure. What we leave to the platform is not compared: sections of
/// the configuration and metadata that we never set.
std::vector<Difference> compare(const ProductState& ours, const clubify::ListedProduct& theirs);
std::vector<Difference> compare(const OfferState& ours, const clubify::ListedOffer& theirs);
/// What differs, not how: whoever reads it need not see people.
std::vector<Difference> compare(const CustomerState& ours, const clubify::ListedCustomer& theirs);
/// Theirs: as it would be adopted.
std::vector<Difference> compare(
    const events::OrderRecorded& ours, const events::OrderRecorded& theirs
);

}  // namespace vitrine::commands
