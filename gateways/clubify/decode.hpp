#pragma once

#include <optional>

#include "gateways/clubify/clubify.hpp"
#include "gateways/rest/peer.hpp"

/// Reads the platform's answers, in every shape it is known to use: `_id` or `id`, camelCase or
/// snake_case, bare or wrapped in `data`. nullopt: what makes the thing what it is (its id, its
/// URL) is missing.
namespace vitrine::clubify {

std::optional<rest::Token> read_token(const JsonText& answer);
/// What we wrote into the metadata of such an object.
Mark read_mark(const JsonText& object);
std::optional<RemoteOffer> read_offer(const JsonText& answer);
std::optional<RemoteProduct> read_product(const JsonText& answer);
std::optional<ProductPage> read_product_page(
    const JsonText& answer, int page, std::size_t page_size
);
std::optional<OfferStats> read_stats(const JsonText& answer);
std::optional<std::map<ClubifyId, OfferStats>> read_stats_by_offer(const JsonText& answer);
std::optional<CheckoutUrl> read_checkout_url(const JsonText& answer);
/// The `status` of GET /health.
std::string read_health(const JsonText& answer);

}  // namespace vitrine::clubify
