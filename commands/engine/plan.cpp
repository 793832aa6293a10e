#include "commands/engine/plan.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "commands/json.hpp"
#include "commands/older_plans.hpp"
#include "core/json_append.hpp"

namespace vitrine::commands {
namespace {

template <class Enum>
struct Name {
    Enum value;
    const char* name;
};

constexpr std::array on_refusal_names{
    Name{OnRefusal::fail, "fail"},
    Name{OnRefusal::undo, "undo"},
    Name{OnRefusal::go_on, "go_on"},
};

template <class Names, class Enum>
const char* name_of(const Names& names, Enum value) {
    return std::ranges::find(names, value, [](const auto& row) { return row.value; })->name;
}

template <class Names>
auto value_of(const Names& names, const std::string& name) {
    const auto* found = std::ranges::find(names, name, [](const auto& row) { return row.name; });
    if (found == names.end())
        throw std::runtime_error("a plan in the journal has an unknown word: " + name);
    return found->value;
}

std::string json_of(const Step& step) {
    const auto& effect = step.effect;
    std::string json = "{";
    append_text(json, "name", step.name);
    append_text(json, "connector", effect.connector);
    append_text(json, "method", effect.method);
    append_text(json, "path", effect.path);
    if (!effect.body.empty()) append_text(json, "body", effect.body.text);
    append_text(json, "settle", effect.settle);
    if (!effect.subject.empty()) append_text(json, "subject", effect.subject);
    if (!effect.wanted.empty()) append_text(json, "wanted", effect.wanted);
    append_text(json, "on_refusal", name_of(on_refusal_names, step.on_refusal));
    append_text(json, "failure_type", step.failure_type);
    if (!step.without.empty()) append_text(json, "without", step.without.text);
    if (!step.problem_at.empty()) append_text(json, "problem_at", step.problem_at);
    return json + '}';
}

Step step_from(const Json& json) {
    Step step;
    step.name = json.at("name");
    step.effect.connector = json.at("connector");
    step.effect.method = json.at("method");
    step.effect.path = json.at("path");
    step.effect.body = JsonText(json.value("body", ""));
    step.effect.settle = json.at("settle");
    step.effect.subject = json.value("subject", "");
    step.effect.wanted = json.value("wanted", "");
    step.on_refusal = value_of(on_refusal_names, json.at("on_refusal"));
    step.failure_type = json.at("failure_type");
    step.without = JsonText(json.value("without", ""));
    step.problem_at = json.value("problem_at", "");
    return step;
}

std::string json_of(const PlannedEvent& event) {
    std::string json = "{";
    append_text(json, "type", event.type);
    append_number(json, "schema", event.schema);
    append_text(json, "data", event.data.text);
    if (!event.step.empty()) append_text(json, "step", event.step);
    if (!event.id_member.empty()) append_text(json, "id_member", event.id_member);
    return json + '}';
}

PlannedEvent event_from(const Json& json) {
    return {
        json.at("type"),
        json.at("schema"),
        JsonText(json.at("data").get<std::string>()),
        json.value("step", ""),
        json.value("id_member", "")
    };
}

std::string json_of(const Refusal& refusal) {
    std::string json = "{";
    append_text(json, "problem", refusal.problem);
    append_number(json, "status", refusal.status);
    append_text(json, "class", refusal.failure_class);
    append_text(json, "detail", refusal.detail.english());
    append_text(json, "detail_pt", refusal.detail.in(Language::portuguese));
    return json + '}';
}

Refusal refusal_from(const Json& json) {
    const std::string detail = json.at("detail");
    return {
        json.at("problem"), json.at("status"), json.at("class"), {detail, json.at("detail_pt")}
    };
}

std::string json_of(const StepResult& result) {
    std::string json = "{";
    append_text(json, "step", result.step);
    if (!result.id.empty()) append_text(json, "id", result.id);
    if (result.refusal) append_raw(json, "refusal", json_of(*result.refusal));
    return json + '}';
}

StepResult result_from(const Json& json) {
    StepResult result{json.at("step"), json.value("id", ""), {}};
    if (json.contains("refusal")) result.refusal = refusal_from(json.at("refusal"));
    return result;
}

std::string json_of(const store::Claim& claim) {
    std::string json = "{";
    append_text(json, "kind", claim.kind);
    append_text(json, "key", claim.key);
    return json + '}';
}

store::Claim claim_from(const Json& json) {
    return {json.at("kind"), json.at("key")};
}

std::string json_of(const store::HeldClaim& held) {
    std::string json = "{";
    append_text(json, "kind", held.claim.kind);
    append_text(json, "key", held.claim.key);
    append_text(json, "holder", held.holder.view());
    return json + '}';
}

store::HeldClaim held_key_from(const Json& json) {
    return {claim_from(json), CommandId(json.at("holder").get<std::string>())};
}

std::string json_of(const Feeding& feeds) {
    std::string json = "{";
    append_text(json, "kind", feeds.kind);
    append_text(json, "signal", feeds.signal.view());
    return json + '}';
}

Feeding feeding_from(const Json& json) {
    return {json.at("kind"), EventId(json.at("signal").get<std::string>())};
}

template <class T>
std::string list(const std::vector<T>& values) {
    std::string json = "[";
    for (const auto& value : values) {
        if (json.size() > 1) json += ',';
        json += json_of(value);
    }
    return json + ']';
}

template <class T>
std::vector<T> list_from(const Json& json, T (*from)(const Json&)) {
    std::vector<T> values;
    for (const auto& value : json) values.push_back(from(value));
    return values;
}

}  // namespace

// "~" needs no escape in a path, and no id has one.
std::string result_of(const std::string& step) {
    return "~" + step + "~";
}

std::string fill_in(const Plan& plan, std::string text) {
    for (const auto& result : plan.results) {
        const auto mark = result_of(result.step);
        for (auto at = text.find(mark); at != std::string::npos;
             at = text.find(mark, at + result.id.size())) {
            text.replace(at, mark.size(), result.id);
        }
    }
    return text;
}

const Step* next_step(const Plan& plan) {
    for (const auto& step : plan.failure ? plan.undo : plan.steps) {
        if (std::ranges::find(plan.results, step.name, &StepResult::step) == plan.results.end())
            return &step;
    }
    return nullptr;
}

JsonText to_json(const Plan& plan) {
    std::string json = "{";
    append_text(json, "entity", plan.entity);
    append_text(json, "entity_id", plan.entity_id);
    if (!plan.item_id.empty()) append_text(json, "item_id", plan.item_id);
    append_text(json, "stream", plan.stream.view());
    append_raw(json, "version", std::to_string(plan.version));
    if (!plan.claims.empty()) append_raw(json, "claims", list(plan.claims));
    if (!plan.releases.empty()) append_raw(json, "releases", list(plan.releases));
    append_raw(json, "steps", list(plan.steps));
    if (!plan.undo.empty()) append_raw(json, "undo", list(plan.undo));
    append_raw(json, "events", list(plan.events));
    append_text(json, "answer", plan.answer.text);
    append_number(json, "success_status", plan.success_status);
    append_text(json, "location", plan.location);
    append_raw(json, "results", list(plan.results));
    if (plan.failure) append_raw(json, "failure", json_of(*plan.failure));
    if (plan.feeds) append_raw(json, "feeds", json_of(*plan.feeds));
    if (plan.late_until)
        append_number(json, "late_until", plan.late_until->time_since_epoch().count());
    if (plan.person) append_text(json, "person", *plan.person);
    return JsonText(json + '}');
}

Plan plan_from_json(const JsonText& text) {
    try {
        const auto json = as_written_today(Json::parse(text.text));
        Plan plan;
        plan.entity = json.at("entity");
        plan.entity_id = json.at("entity_id");
        plan.item_id = json.value("item_id", "");
        plan.stream = StreamName(json.at("stream").get<std::string>());
        plan.version = json.at("version");
        if (json.contains("claims")) plan.claims = list_from(json.at("claims"), claim_from);
        if (json.contains("releases"))
            plan.releases = list_from(json.at("releases"), held_key_from);
        plan.steps = list_from(json.at("steps"), step_from);
        if (json.contains("undo")) plan.undo = list_from(json.at("undo"), step_from);
        plan.events = list_from(json.at("events"), event_from);
        plan.answer = JsonText(json.at("answer").get<std::string>());
        plan.success_status = json.at("success_status");
        plan.location = json.at("location");
        plan.results = list_from(json.at("results"), result_from);
        if (json.contains("failure")) plan.failure = refusal_from(json.at("failure"));
        if (json.contains("feeds")) plan.feeds = feeding_from(json.at("feeds"));
        if (json.contains("late_until")) {
            plan.late_until = Timestamp(Timestamp::duration(json.at("late_until")));
        }
        if (json.contains("person")) plan.person = json.at("person").get<std::string>();
        return plan;
    } catch (const Json::exception& error) {
        throw std::runtime_error(std::string("a plan in the journal is damaged: ") + error.what());
    }
}

}  // namespace vitrine::commands
