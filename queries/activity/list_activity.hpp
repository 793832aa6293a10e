#pragma once

#include <optional>
#include <string>

#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// Parameters as they came in.
struct ActivityParameters {
    std::optional<std::string> actor = {}, offer_id = {}, q = {}, limit = {}, cursor = {};
};

/// GET /v1/activity -> {"items":[{position, at, actor, type, stream, offer_id?, offer_name?,
/// product_id?, clubify_product_id?, product_name?, summary}],"next_cursor"}: who did what when,
/// the newest first. Names are those of now; null: nobody told.
Result list_activity(
    const ReadSide& reads, const TenantId& tenant, const ActivityParameters& parameters
);

}  // namespace vitrine::queries
