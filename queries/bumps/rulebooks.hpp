#pragma once

#include <cstdint>

#include "core/ids.hpp"
#include "core/phrase.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

// What is drafted and published of what buyers of an offer are shown. On the caller's thread.
namespace vitrine::queries {

/// The bumps that are drafted, and whether they are others than those that are published.
Result get_bumps(const ReadSide& reads, const TenantId& tenant, const OfferId& offer);

/// The revisions, the newest first, and which one counts for what begins now.
Result get_revisions(const ReadSide& reads, const TenantId& tenant, const OfferId& offer);

/// One revision, whole.
Result get_revision(
    const ReadSide& reads, const TenantId& tenant, const OfferId& offer, std::string_view revision
);

/// What is other in `second` than in `first`, member by member, and in words.
Result diff_revisions(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& offer,
    std::string_view first,
    std::string_view second,
    Language language
);

}  // namespace vitrine::queries
