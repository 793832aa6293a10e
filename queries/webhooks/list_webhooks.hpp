#pragma once

#include <optional>
#include <string>

#include "core/phrase.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// Parameters as they came in.
struct WebhooksParameters {
    std::optional<std::string> outcome, limit, cursor;
    Language language = Language::english;
};

/// GET /v1/webhooks -> {"items":[{delivery_id, event, outcome, reason?, taken, sent_at,
/// received_at, position}],"next_cursor"}: the deliveries that were kept, the newest first.
Result list_webhooks(
    const ReadSide& reads, const TenantId& tenant, const WebhooksParameters& parameters
);

}  // namespace vitrine::queries
