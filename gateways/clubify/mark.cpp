#include "gateways/clubify/mark.hpp"

#include <nlohmann/json.hpp>
#include "core/shortest_numbers.hpp"

namespace vitrine::clubify {

using Json = nlohmann::ordered_json;

JsonText marked(const JsonText& metadata, const Imprint& mark) {
    Json json = metadata.empty() ? Json::object() : Json::parse(metadata.text);
    auto& ours = json["vitrine"] = Json::object();
    ours["command_id"] = mark.command_id.str();
    ours[mark.entity + "_id"] = mark.entity_id;
    if (!mark.type.empty()) ours["type"] = mark.type;
    if (!mark.edited_by.empty()) ours["edited_by"] = mark.edited_by;
    if (!mark.tenant_context.empty())
        ours["tenant_context"] = Json::parse(mark.tenant_context.text);
    return JsonText(with_shortest_numbers(json.dump()));
}

}  // namespace vitrine::clubify
