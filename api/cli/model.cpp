#include "api/cli/model.hpp"

#include <CLI/CLI.hpp>

namespace vitrine::api {

void add_model(CLI::App& app, Action& action) {
    auto* model = app.add_subcommand(
        "model",
        "Models of any data in CSV files: what the service computes from its log, a seller can "
        "compute from other data. Needs no server and no data directory."
    );
    model->require_subcommand(1);
    add_model_fit(*model, action);
    add_model_predict(*model, action);
    add_model_forecast(*model, action);
}

}  // namespace vitrine::api
