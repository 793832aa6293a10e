#include "queries/webhooks/list_webhooks.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/time.hpp"
#include "projections/webhooks/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view outcomes[] = {"accepted", "ignored", "unclear"};

Json to_json(const projections::ReceivedWebhook& webhook) {
    Json json;
    json["delivery_id"] = webhook.delivery_id;
    json["event"] = webhook.event;
    json["outcome"] = webhook.outcome;
    if (!webhook.reason.empty()) json["reason"] = webhook.reason;
    json["taken"] = webhook.taken;
    json["sent_at"] = format_time(webhook.sent_at);
    json["received_at"] = format_time(webhook.received_at);
    json["position"] = webhook.position;
    return json;
}

}  // namespace

Result list_webhooks(
    const ReadSide& reads, const TenantId& tenant, const WebhooksParameters& parameters
) {
    std::vector<Fault> faults;
    ListParameters common;
    common.limit = parameters.limit;
    const auto request = read_list(common, faults);
    projections::WebhookFilter filter;
    filter.limit = request.limit;
    filter.outcome = parameters.outcome.value_or("");
    if (parameters.outcome && std::ranges::find(outcomes, filter.outcome) == std::end(outcomes))
        faults.push_back(
            {"/outcome",
             "enum",
             {"must be accepted, ignored or unclear", "deve ser accepted, ignored ou unclear"}}
        );
    if (parameters.cursor) {
        filter.before = decode_position_cursor(*parameters.cursor);
        if (!filter.before)
            faults.push_back(
                {"/cursor",
                 "invalid",
                 {"cursor is not the next_cursor of a page",
                  "cursor não é o next_cursor de uma página"}}
            );
    }
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    auto lease = reads.projections.read_model(webhooks_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::WebhooksReader webhooks(std::move(*lease));
    const auto page = webhooks.list(tenant, filter);

    Answer answer;
    answer.position = webhooks.position();
    if (page.next) answer.next_cursor = encode_position_cursor(*page.next);
    Json json;
    json["items"] = Json::array();
    for (const auto& webhook : page.items) json["items"].push_back(to_json(webhook));
    json["next_cursor"] = page.next ? Json(answer.next_cursor) : Json();
    answer.body = json.dump();
    return answer;
}

}  // namespace vitrine::queries
