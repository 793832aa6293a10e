#pragma once

#include <span>

#include "sandbox/call.hpp"

namespace vitrine::sandbox {

std::span<const Route> offer_routes();
std::span<const Route> offer_status_routes();
std::span<const Route> offer_product_routes();
std::span<const Route> offer_design_routes();
std::span<const Route> offer_url_routes();
std::span<const Route> offer_stats_routes();

/// 409 for a slug that another offer of the tenant has.
Refusal slug_taken(std::string_view slug, const Row& holder);

/// 409 when an archived offer would become active, or leave the archive by publish or unpublish.
Refusal is_archived(std::string_view asked);

/// The offer whose slug stands first in the pattern, for buyers: they need no token, but may name
/// the tenant.
const Row* find_public(const Call& call);

/// The slug, or the first of slug-1, slug-2, … that is free.
std::string free_slug(const Call& call, const std::string& slug);

/// Checks the products of a new or changed offer, each put under its attested names.
Json read_offer_products(const Call& call, Json& list, FieldErrors& errors);

}  // namespace vitrine::sandbox
