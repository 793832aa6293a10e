#include "commands/engine/planned.hpp"

#include "commands/json.hpp"

namespace vitrine::commands {

Plan new_plan(const Entity& entity, const std::string& id, Version version) {
    Plan plan;
    plan.entity = entity.name;
    plan.entity_id = id;
    plan.stream = StreamName(std::string(entity.category_of_streams()) + "-" + id);
    plan.version = version;
    plan.location = std::string(entity.collection) + "/" + id;
    return plan;
}

Plan begun_plan(const Preparation& from) {
    auto plan = new_plan(from.definition.entity, from.entity_id, from.version);
    plan.item_id = from.item_id;
    const bool is_known = from.definition.handler.owner_of != nullptr && from.version != 0;
    const bool creates = from.definition.creates && !is_known;
    plan.success_status = creates ? 201 : 200;
    if (creates) plan.claims = from.claims;
    if (from.definition.names_people)
        plan.person = from.definition.ends_person ? std::string() : from.entity_id;
    if (!from.definition.feeds.empty())
        plan.feeds = Feeding{std::string(from.definition.feeds), {}};
    return plan;
}

void name_failures(Plan& plan, const Definition& definition) {
    for (auto& step : plan.steps) {
        if (step.failure_type.empty()) step.failure_type = definition.failure_type;
    }
}

JsonText status_answer(std::string_view status) {
    Json json;
    json["status"] = status;
    return JsonText(json.dump());
}

void carried_by(Plan& plan, std::string step, Effect effect) {
    for (auto& event : plan.events) event.step = step;
    plan.steps = {{.name = std::move(step), .effect = std::move(effect)}};
}

}  // namespace vitrine::commands
