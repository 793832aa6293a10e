#include "commands/older_plans.hpp"

#include "commands/json.hpp"

namespace vitrine::commands {
namespace {

void complete_refusal(Json& refusal) {
    // Before there were languages: in English.
    if (!refusal.contains("detail_pt")) refusal["detail_pt"] = refusal.at("detail");
}

/// There was one platform, and one step that a command could go on without.
void complete_step(Json& step) {
    if (step.contains("connector")) return;
    step["connector"] = "clubify";
    if (step.at("failure_type") != "OfferActivationFailed" || step.at("on_refusal") != "go_on")
        return;
    step["without"] = R"({"status":"draft","activation":{"status":"failed"}})";
    step["problem_at"] = "/activation/problem";
}

}  // namespace

Json as_written_today(Json plan) {
    // One natural key was known.
    if (plan.contains("slug") && !plan.contains("claims"))
        plan["claims"] = Json::array({{{"kind", "slug"}, {"key", plan.at("slug")}}});
    if (!plan.contains("location")) {
        plan["location"] = "/v1/" + plan.at("entity").get<std::string>() + "s/" +
                           plan.at("entity_id").get<std::string>();
    }
    for (auto& step : plan.at("steps")) complete_step(step);
    if (plan.contains("undo")) {
        for (auto& step : plan.at("undo")) complete_step(step);
    }
    for (auto& result : plan.at("results")) {
        if (result.contains("refusal")) complete_refusal(result.at("refusal"));
    }
    if (plan.contains("failure")) complete_refusal(plan.at("failure"));
    return plan;
}

}  // namespace vitrine::commands
