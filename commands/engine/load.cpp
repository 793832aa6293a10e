#include "commands/engine/load.hpp"

#include <nlohmann/json.hpp>

namespace vitrine::commands {

using Json = nlohmann::ordered_json;

std::string write_snapshot(const CommandId& created_by, const events::Encoded& made_at_once) {
    Json json;
    json["created_by"] = created_by.str();
    json["type"] = made_at_once.type;
    json["schema"] = made_at_once.schema;
    json["data"] = made_at_once.data;
    return json.dump();
}

SnapshotEvent read_snapshot(std::string_view text) {
    const auto json = Json::parse(text);
    SnapshotEvent read;
    read.created_by = CommandId(json.at("created_by").get<std::string>());
    read.made_at_once.type = json.at("type").get<std::string>();
    read.made_at_once.schema = json.at("schema").get<int>();
    read.made_at_once.data = json.at("data").get<std::string>();
    return read;
}

}  // namespace vitrine::commands
