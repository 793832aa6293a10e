#include "queries/command_json.hpp"

#include <nlohmann/json.hpp>

#include "core/time.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

Json answer_of(const store::CommandAnswer& answer, Position position) {
    Json json;
    json["status"] = answer.status;
    if (!answer.body.empty()) json["body"] = Json::parse(body_of(answer, position));
    if (position > 0) json["position"] = position;
    return json;
}

}  // namespace

std::string_view command_state(const store::CommandRecord& record) {
    switch (record.state) {
        case store::CommandState::accepted:
            return "running";
        case store::CommandState::done:
            return record.succeeded ? "succeeded" : "failed";
        case store::CommandState::retryable:
            return "retryable";
    }
    return {};
}

Json command_json(const store::CommandRecord& record) {
    Json json;
    json["command_id"] = record.head.id.str();
    json["name"] = record.head.name;
    json["state"] = command_state(record);
    json["stream"] = record.head.stream.str();
    json["accepted_at"] = format_time(record.head.accepted_at);
    if (record.answer) json["answer"] = answer_of(*record.answer, record.position);
    return json;
}

}  // namespace vitrine::queries
