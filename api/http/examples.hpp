#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

// What routes answer and take, by their names: the files answers/<area>.json in one. For
// /openapi.json and /docs.
namespace vitrine::api {

using ExampleJson = nlohmann::ordered_json;

/// The schema of a route's answer; nullptr: a command, or no JSON.
const ExampleJson* answer_schema(std::string_view route);

/// What commands on an entity answer beside ids, version and position: `properties` and those that
/// are `required`; `created` has the same of commands that create. nullptr: not told.
const ExampleJson* done_schema(std::string_view entity);

/// Names of commands that stand in the log though no route of their own leads to them.
const ExampleJson& further_commands();

/// Schemas that several answers share, by their names.
const ExampleJson& shared_answer_schemas();

/// `of`: "answer" and "request" are real ones; "path", "query" and "status" make the line of curl
/// that shows the route, "user" is who comes in by Basic, "tenant" whose webhook it is, "after"
/// names the route whose line makes what it is about: at position $N. nullptr: there is none.
const ExampleJson* example_of(std::string_view route, std::string_view of);

/// A problem document with faults.
const ExampleJson& problem_example();

/// What the console calls events and commands, by their names: [English, Portuguese].
const ExampleJson& names_for_people();

/// Sentences that routes say of themselves, by their English.
const ExampleJson& portuguese();

}  // namespace vitrine::api
