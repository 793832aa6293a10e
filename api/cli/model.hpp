#pragma once

#include "api/cli/subcommands.hpp"

// The subcommands of `vitrine model`: each adds one.
namespace vitrine::api {

void add_model_fit(CLI::App& model, Action& action);
void add_model_predict(CLI::App& model, Action& action);
void add_model_forecast(CLI::App& model, Action& action);

}  // namespace vitrine::api
