#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

// What routes answer and take, by their names: answers.json. For /openapi.json and /docs.
namespace vitrine::api {

using ExampleJson = nlohmann::ordered_json;

/// The schema of a route's answer; nullptr: a command, or no JSON.
const ExampleJson* answer_schema(std::string_view route);

/// Schemas that several answers share, by their names.
const ExampleJson& shared_answer_schemas();

/// `of`: "answer" and "request" are real ones; "path", "query" and "status" make the line of curl
/// that shows the route. nullptr: there is none.
const ExampleJson* example_of(std::string_view route, std::string_view of);

/// A problem document with faults.
const ExampleJson& problem_example();

}  // namespace vitrine::api
