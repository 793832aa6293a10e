#include "queries/activity/list_activity.hpp"

#include <nlohmann/json.hpp>

#include "core/time.hpp"
#include "projections/activity/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const projections::ActivityEntry& entry) {
    Json json;
    json["position"] = entry.position;
    json["at"] = format_time(entry.at);
    json["actor"] = entry.actor;
    json["type"] = entry.type;
    json["stream"] = entry.stream;
    if (!entry.offer_id.empty()) json["offer_id"] = entry.offer_id;
    if (!entry.product_id.empty()) json["product_id"] = entry.product_id;
    json["summary"] = entry.summary;
    return json;
}

}  // namespace

Result list_activity(
    const ReadSide& reads, const TenantId& tenant, const ActivityParameters& parameters
) {
    std::vector<Fault> faults;
    ListParameters common;
    common.q = parameters.q;
    common.limit = parameters.limit;
    const auto request = read_list(common, faults);
    projections::ActivityFilter filter;
    if (parameters.cursor) {
        filter.before = decode_position_cursor(*parameters.cursor);
        if (!filter.before) {
            faults.push_back(
                {"/cursor",
                 "invalid",
                 {"cursor is not the next_cursor of a page",
                  "cursor não é o next_cursor de uma página"}}
            );
        }
    }
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    filter.actor = parameters.actor.value_or("");
    filter.offer_id = parameters.offer_id.value_or("");
    filter.search = request.search;
    filter.limit = request.limit;
    auto lease = reads.projections.read_model(activity_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ActivityReader activity(std::move(*lease));
    const auto page = activity.list(tenant, filter);

    Answer answer;
    answer.position = activity.position();
    if (page.next) answer.next_cursor = encode_position_cursor(*page.next);
    Json json;
    json["items"] = Json::array();
    for (const auto& entry : page.items) json["items"].push_back(to_json(entry));
    json["next_cursor"] = page.next ? Json(answer.next_cursor) : Json();
    answer.body = json.dump();
    return answer;
}

}  // namespace vitrine::queries
