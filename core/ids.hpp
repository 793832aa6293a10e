#pragma once

#include <cstdint>

#include "core/strong.hpp"

namespace vitrine {

using TenantId = Strong<struct TenantIdTag>;            // "acme": [a-z0-9][a-z0-9-]{0,62}
using StreamName = Strong<struct StreamNameTag>;        // "<category>-<id>": "offer-0190…"
using EventId = Strong<struct EventIdTag>;              // UUIDv7
using CommandId = Strong<struct CommandIdTag>;          // UUIDv7
using CorrelationId = Strong<struct CorrelationIdTag>;  // the caller's, or the command id
using OfferId = Strong<struct OfferIdTag>;              // UUIDv7, ours
using ProductId = Strong<struct ProductIdTag>;          // UUIDv7, ours
using ClubifyId = Strong<struct ClubifyIdTag>;          // the platform's id of an offer or product

/// Place of an event in the log, over all tenants: 1, 2, … without gaps. 0 means "before the
/// first".
using Position = std::uint64_t;

/// Place of an event in its stream: 1, 2, … without gaps. 0 means "no such stream yet".
using Version = std::uint64_t;

}  // namespace vitrine
