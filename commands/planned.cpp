#include "commands/planned.hpp"

#include "commands/json.hpp"

namespace vitrine::commands {

Plan plan_for(std::string entity, std::string entity_id, StreamName stream, Version version) {
    Plan plan;
    plan.entity = std::move(entity);
    plan.entity_id = std::move(entity_id);
    plan.stream = std::move(stream);
    plan.version = version;
    return plan;
}

JsonText status_answer(std::string_view status) {
    Json json;
    json["status"] = status;
    return JsonText(json.dump());
}

}  // namespace vitrine::commands
