#include "queries/processes/process_json.hpp"

#include <nlohmann/json.hpp>

namespace vitrine::queries {

using Json = nlohmann::ordered_json;

namespace {

const std::string& in(
    Language language, const std::string& english, const std::string& portuguese
) {
    return language == Language::portuguese && !portuguese.empty() ? portuguese : english;
}

Json to_json(const projections::ProcessStep& step, Language language) {
    Json json;
    json["effect"] = step.effect;
    json["key"] = step.key;
    json["connector"] = step.connector;
    json["summary"] = in(language, step.summary, step.summary_pt);
    json["state"] = step.state;
    if (step.attempts > 0) json["attempts"] = step.attempts;
    json["intended_at"] = format_time(step.intended_at);
    if (step.ended_at) json["ended_at"] = format_time(*step.ended_at);
    if (step.next_try_at) json["next_try_at"] = format_time(*step.next_try_at);
    if (!step.problem.empty()) json["problem"] = step.problem;
    if (!step.detail.empty()) json["detail"] = in(language, step.detail, step.detail_pt);
    return json;
}

}  // namespace

Json to_json(
    const projections::ProcessState& process, std::optional<Timestamp> next_due, Language language
) {
    Json json;
    json["kind"] = process.kind;
    json["id"] = process.id;
    json["state"] = process.state;
    if (!process.waits_for.empty())
        json["waits_for"] = in(language, process.waits_for, process.waits_for_pt);
    if (next_due) json["next_due"] = format_time(*next_due);
    json["opened_at"] = format_time(process.opened_at);
    json["changed_at"] = format_time(process.changed_at);
    json["version"] = process.version;
    json["position"] = process.position;
    return json;
}

Json whole_to_json(const projections::ProcessState& process, Language language) {
    std::optional<Timestamp> next_due;
    auto timers = Json::array();
    for (const auto& timer : process.timers) {
        if (!next_due) next_due = timer.due;
        timers.push_back(Json{{"timer", timer.name}, {"due", format_time(timer.due)}});
    }
    auto json = to_json(process, next_due, language);
    auto steps = Json::array();
    for (const auto& step : process.steps) steps.push_back(to_json(step, language));
    json["steps"] = std::move(steps);
    json["timers"] = std::move(timers);
    json["ignored_signals"] = process.ignored;
    if (!process.last_ignored.empty())
        json["last_ignored"] = in(language, process.last_ignored, process.last_ignored_pt);
    return json;
}

}  // namespace vitrine::queries
