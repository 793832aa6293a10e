#include "queries/command_status.hpp"

#include <nlohmann/json.hpp>

#include "core/time.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

const char* state_of(const store::CommandRecord& record) {
    switch (record.state) {
        case store::CommandState::accepted:
            return "running";
        case store::CommandState::done:
            return record.succeeded ? "succeeded" : "failed";
        case store::CommandState::retryable:
            return "retryable";
    }
    return "";
}

Json answer_of(const store::CommandAnswer& answer, Position position) {
    Json json;
    json["status"] = answer.status;
    if (!answer.body.empty()) json["body"] = Json::parse(body_of(answer, position));
    if (position > 0) json["position"] = position;
    return json;
}

}  // namespace

Result command_status(const ReadSide& reads, const TenantId& tenant, const CommandId& id) {
    const auto record = reads.store.journal().find(tenant, id);
    if (!record) return std::unexpected(not_found("there is no such command"));
    Json json;
    json["command_id"] = id.str();
    json["name"] = record->head.name;
    json["state"] = state_of(*record);
    json["accepted_at"] = format_time(record->head.accepted_at);
    if (record->answer) json["answer"] = answer_of(*record->answer, record->position);
    Answer answer;
    answer.body = json.dump();
    answer.position = record->position;
    return answer;
}

}  // namespace vitrine::queries
