#include "api/http/examples.hpp"

namespace vitrine::api {
namespace {

const ExampleJson& all() {
    constexpr char text[] = {
#embed "answers.json"
    };
    static const auto json = ExampleJson::parse(text, text + sizeof text);
    return json;
}

const ExampleJson* member(const ExampleJson& json, std::string_view name) {
    const auto found = json.find(name);
    return found == json.end() ? nullptr : &*found;
}

}  // namespace

const ExampleJson* answer_schema(std::string_view route) {
    return member(all()["answers"], route);
}

const ExampleJson& shared_answer_schemas() {
    return all()["schemas"];
}

const ExampleJson* example_of(std::string_view route, std::string_view of) {
    const auto* example = member(all()["examples"], route);
    return example == nullptr ? nullptr : member(*example, of);
}

const ExampleJson& problem_example() {
    return all()["problem"];
}

}  // namespace vitrine::api
