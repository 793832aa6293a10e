#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/phrase.hpp"
#include "core/time.hpp"
#include "projections/page.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

struct ReceivedWebhook {
    Position position = 0;
    std::string outcome, delivery_id, event;
    Phrase reason;  // in English only where it was kept so
    bool taken = false;
    Timestamp sent_at, received_at;
};

struct WebhookFilter {
    std::string outcome;  // empty: any
    std::optional<Position> before = {};
    std::size_t limit = 50;
};

/// Look-ups in the read model `webhooks`, on the caller's thread.
class WebhooksReader {
public:
    explicit WebhooksReader(Lease lease) : lease_(std::move(lease)) {}

    Position position() const { return lease_.position(); }

    /// The newest first; `next` is `before` of the next page.
    Page<ReceivedWebhook, Position> list(const TenantId& tenant, const WebhookFilter& filter);

private:
    Lease lease_;
};

}  // namespace vitrine::projections
