#include "queries/webhooks/list_webhooks.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/time.hpp"
#include "projections/webhooks/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/list_page.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view outcomes[] = {"accepted", "ignored", "unclear"};

Json to_json(const projections::ReceivedWebhook& webhook, Language language) {
    Json json;
    json["delivery_id"] = webhook.delivery_id;
    json["event"] = webhook.event;
    json["outcome"] = webhook.outcome;
    if (!webhook.reason.empty()) json["reason"] = webhook.reason.in(language);
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
    filter.before = read_position_cursor(parameters.cursor, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    auto lease = reads.projections.read_model(webhooks_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::WebhooksReader webhooks(std::move(*lease));
    const auto page = webhooks.list(tenant, filter);

    auto answer = list_answer(
        page.items,
        webhooks.position(),
        page.next ? encode_position_cursor(*page.next) : std::string(),
        [&](const auto& webhook) { return to_json(webhook, parameters.language).dump(); }
    );
    answer.language = parameters.language;
    return answer;
}

}  // namespace vitrine::queries
