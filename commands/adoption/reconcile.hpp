#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "commands/adoption/adopt.hpp"
#include "commands/offers/offer.hpp"
#include "commands/products/product.hpp"
#include "gateways/clubify/listed.hpp"

namespace vitrine::commands {

struct Difference {
    enum class Kind {
        missing_there,  // we have it, the platform has not
        missing_here,   // the platform has it, we have not: see adopt
        differs,        // both have it, and do not agree on `field`
    };
    Kind kind{};
    std::string entity;  // product, offer
    std::string id;      // ours; empty when missing here
    ClubifyId clubify_id;
    std::string name;
    std::string field;         // of differs: as in our commands
    std::string ours, theirs;  // of differs: JSON
};

std::string_view difference_name(Difference::Kind kind);

struct Reconciliation {
    std::size_t products = 0, offers = 0;  // compared: on either side
    std::vector<Difference> differences;
};

/// How ours differs from theirs. Pure. What we leave to the platform is not compared: sections of
/// the configuration and metadata that we never set.
std::vector<Difference> compare(const ProductState& ours, const clubify::ListedProduct& theirs);
std::vector<Difference> compare(const OfferState& ours, const clubify::ListedOffer& theirs);

/// Compares the tenant's products and offers with the platform's; changes nothing on either side. A
/// command that is under way meanwhile may show as a difference.
boost::asio::awaitable<std::expected<Reconciliation, Problem>> reconcile(
    AdoptionTools tools, TenantId tenant
);

}  // namespace vitrine::commands
