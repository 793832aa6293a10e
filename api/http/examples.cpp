#include "api/http/examples.hpp"

#include "api/http/areas.hpp"

namespace vitrine::api {
namespace {

/// What the areas say, in one.
ExampleJson merged() {
    auto all = ExampleJson::object();
    for (const auto& area : route_areas) {
        const auto text = area().answers;
        if (text.empty()) continue;
        const auto json = ExampleJson::parse(text);
        for (const auto& [kind, members] : json.items()) {
            auto& known = all[kind];
            if (members.is_array()) {
                for (const auto& each : members) known.push_back(each);
            } else {
                known.update(members);
            }
        }
    }
    return all;
}

const ExampleJson& all() {
    static const auto json = merged();
    return json;
}

const ExampleJson* member(const ExampleJson& json, std::string_view name) {
    const auto found = json.find(name);
    return found == json.end() ? nullptr : &*found;
}

}  // namespace

const ExampleJson* answer_schema(std::string_view route) {
    return member(all().at("answers"), route);
}

const ExampleJson* done_schema(std::string_view entity) {
    return member(all().at("done"), entity);
}

const ExampleJson& shared_answer_schemas() {
    return all().at("schemas");
}

const ExampleJson& further_commands() {
    return all().at("further_commands");
}

const ExampleJson* example_of(std::string_view route, std::string_view of) {
    const auto* example = member(all().at("examples"), route);
    return example == nullptr ? nullptr : member(*example, of);
}

const ExampleJson& problem_example() {
    return all().at("problem");
}

const ExampleJson& names_for_people() {
    return all().at("words");
}

const ExampleJson& portuguese() {
    return all().at("portuguese");
}

}  // namespace vitrine::api
