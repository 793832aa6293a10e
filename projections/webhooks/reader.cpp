#include "projections/webhooks/reader.hpp"

#include <limits>

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr Position beyond_all = std::numeric_limits<std::int64_t>::max();

#define VITRINE_WEBHOOKS                                                                   \
    "SELECT position,outcome,delivery_id,event,reason,taken,sent_at,received_at,reason_pt" \
    " FROM deliveries WHERE tenant=?1 AND position<?2"
#define VITRINE_NEWEST_FIRST " ORDER BY position DESC"

ReceivedWebhook webhook_of(const Statement::Run& row) {
    ReceivedWebhook webhook;
    webhook.position = row.unsigned_number(0);
    webhook.outcome = row.text(1);
    webhook.delivery_id = row.text(2);
    webhook.event = row.text(3);
    const auto reason = row.string(4), in_portuguese = row.string(8);
    webhook.reason = Phrase(reason, in_portuguese.empty() ? reason : in_portuguese);
    webhook.taken = row.number(5) != 0;
    webhook.sent_at = row.time(6);
    webhook.received_at = row.time(7);
    return webhook;
}

/// Whatever is asked for, every row that is looked at fits.
bool may_go_on() {
    return true;
}

}  // namespace

Page<ReceivedWebhook, Position> WebhooksReader::list(
    const TenantId& tenant, const WebhookFilter& filter
) {
    lease_.read_position();
    const auto before = filter.before.value_or(beyond_all);
    auto& select = lease_.statement(
        filter.outcome.empty() ? VITRINE_WEBHOOKS VITRINE_NEWEST_FIRST
                               : VITRINE_WEBHOOKS " AND outcome=?3" VITRINE_NEWEST_FIRST
    );
    auto rows = filter.outcome.empty() ? select.run(tenant, before)
                                       : select.run(tenant, before, filter.outcome);
    return look_through<ReceivedWebhook, Position>(
        std::move(rows),
        filter.limit,
        may_go_on,
        [](const Statement::Run& row, Position& position) -> std::optional<ReceivedWebhook> {
            position = row.unsigned_number(0);
            return webhook_of(row);
        }
    );
}

}  // namespace vitrine::projections
