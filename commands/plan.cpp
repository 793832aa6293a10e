#include "commands/plan.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "commands/json.hpp"

namespace vitrine::commands {
namespace {

template <class Enum>
struct Name {
    Enum value;
    const char* name;
};

constexpr std::array settle_names{
    Name{Settle::offer_by_slug, "offer_by_slug"},
    Name{Settle::product_by_mark, "product_by_mark"},
    Name{Settle::product_edit_mark, "product_edit_mark"},
    Name{Settle::offer_edit_mark, "offer_edit_mark"},
    Name{Settle::offer_status, "offer_status"},
    Name{Settle::offer_has_product, "offer_has_product"},
    Name{Settle::offer_lacks_product, "offer_lacks_product"},
    Name{Settle::offer_product_as_sent, "offer_product_as_sent"},
    Name{Settle::repeat, "repeat"},
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

Json to_json(const Step& step) {
    Json json;
    json["name"] = step.name;
    json["method"] = step.call.method;
    json["path"] = step.call.path;
    if (!step.call.body.empty()) json["body"] = step.call.body.text;
    json["settle"] = name_of(settle_names, step.settle);
    if (!step.subject.empty()) json["subject"] = step.subject;
    if (!step.wanted.empty()) json["wanted"] = step.wanted;
    json["on_refusal"] = name_of(on_refusal_names, step.on_refusal);
    json["failure_type"] = step.failure_type;
    return json;
}

Step step_from(const Json& json) {
    Step step;
    step.name = json.at("name");
    step.call.method = json.at("method");
    step.call.path = json.at("path");
    step.call.body = JsonText(json.value("body", ""));
    step.settle = value_of(settle_names, json.at("settle"));
    step.subject = json.value("subject", "");
    step.wanted = json.value("wanted", "");
    step.on_refusal = value_of(on_refusal_names, json.at("on_refusal"));
    step.failure_type = json.at("failure_type");
    return step;
}

Json to_json(const PlannedEvent& event) {
    Json json;
    json["type"] = event.type;
    json["schema"] = event.schema;
    json["data"] = event.data.text;
    if (!event.step.empty()) json["step"] = event.step;
    if (!event.id_member.empty()) json["id_member"] = event.id_member;
    return json;
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

Json to_json(const Refusal& refusal) {
    Json json;
    json["problem"] = refusal.problem;
    json["status"] = refusal.status;
    json["class"] = refusal.failure_class;
    json["detail"] = refusal.detail.english();
    json["detail_pt"] = refusal.detail.in(Language::portuguese);
    return json;
}

Refusal refusal_from(const Json& json) {
    const std::string detail = json.at("detail");
    return {
        json.at("problem"),
        json.at("status"),
        json.at("class"),
        {detail, json.value("detail_pt", detail)}  // kept before there were languages: in English
    };
}

Json to_json(const StepResult& result) {
    Json json;
    json["step"] = result.step;
    if (!result.id.empty()) json["id"] = result.id;
    if (result.refusal) json["refusal"] = to_json(*result.refusal);
    return json;
}

StepResult result_from(const Json& json) {
    StepResult result{json.at("step"), json.value("id", ""), {}};
    if (json.contains("refusal")) result.refusal = refusal_from(json.at("refusal"));
    return result;
}

Json to_json(const store::Reservation& claim) {
    Json json;
    json["kind"] = claim.kind;
    json["key"] = claim.key;
    return json;
}

store::Reservation claim_from(const Json& json) {
    return {json.at("kind"), json.at("key")};
}

Json to_json(const store::HeldKey& held) {
    auto json = to_json(held.reservation);
    json["holder"] = held.holder.str();
    return json;
}

store::HeldKey held_key_from(const Json& json) {
    return {claim_from(json), CommandId(json.at("holder").get<std::string>())};
}

template <class T>
Json list(const std::vector<T>& values) {
    Json json = Json::array();
    for (const auto& value : values) json.push_back(to_json(value));
    return json;
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
    Json json;
    json["entity"] = plan.entity;
    json["entity_id"] = plan.entity_id;
    json["stream"] = plan.stream.str();
    json["version"] = plan.version;
    if (!plan.claims.empty()) json["claims"] = list(plan.claims);
    if (!plan.releases.empty()) json["releases"] = list(plan.releases);
    json["steps"] = list(plan.steps);
    if (!plan.undo.empty()) json["undo"] = list(plan.undo);
    json["events"] = list(plan.events);
    json["answer"] = plan.answer.text;
    json["success_status"] = plan.success_status;
    json["results"] = list(plan.results);
    if (plan.failure) json["failure"] = to_json(*plan.failure);
    if (plan.late_until) json["late_until"] = plan.late_until->time_since_epoch().count();
    return JsonText(json.dump());
}

Plan plan_from_json(const JsonText& text) {
    try {
        const auto json = Json::parse(text.text);
        Plan plan;
        plan.entity = json.at("entity");
        plan.entity_id = json.at("entity_id");
        plan.stream = StreamName(json.at("stream").get<std::string>());
        plan.version = json.at("version");
        // Older rows name the one key that they knew.
        if (json.contains("slug")) plan.claims = {{"slug", json.at("slug")}};
        if (json.contains("claims")) plan.claims = list_from(json.at("claims"), claim_from);
        if (json.contains("releases"))
            plan.releases = list_from(json.at("releases"), held_key_from);
        plan.steps = list_from(json.at("steps"), step_from);
        if (json.contains("undo")) plan.undo = list_from(json.at("undo"), step_from);
        plan.events = list_from(json.at("events"), event_from);
        plan.answer = JsonText(json.at("answer").get<std::string>());
        plan.success_status = json.at("success_status");
        plan.results = list_from(json.at("results"), result_from);
        if (json.contains("failure")) plan.failure = refusal_from(json.at("failure"));
        if (json.contains("late_until")) {
            plan.late_until = Timestamp(Timestamp::duration(json.at("late_until")));
        }
        return plan;
    } catch (const Json::exception& error) {
        throw std::runtime_error(std::string("a plan in the journal is damaged: ") + error.what());
    }
}

}  // namespace vitrine::commands
