#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "api/cli/files.hpp"
#include "api/cli/model.hpp"
#include "api/cli/model_kind.hpp"
#include "api/cli/usage.hpp"
#include "store/damage.hpp"

namespace vitrine::api {
namespace {

struct OpenedModel {
    const ModelKind* kind;
    nlohmann::json content;
};

OpenedModel open(const std::string& name) {
    const auto file = read_input(name);
    const auto opened = analytics::open_model(file);
    if (!opened) {
        const auto what = name + " " + opened.error().what;
        if (opened.error().is == analytics::ModelFault::Is::damaged) throw store::Damaged(what);
        throw std::runtime_error(what);
    }
    const auto* kind = find_model_kind(opened->kind);
    if (kind == nullptr) {
        throw std::runtime_error(
            fmt::format("{} is a model of the unknown kind \"{}\"", name, opened->kind)
        );
    }
    auto content = nlohmann::json::parse(opened->content, nullptr, false);
    if (content.is_discarded()) throw store::Damaged(name + " is damaged: it is not JSON");
    return {kind, std::move(content)};
}

int predict(const PredictOptions& options) {
    const auto model = open(options.model);
    std::optional<std::string> csv;
    if (!options.file.empty()) csv = read_input(options.file);
    try {
        std::cout << model.kind->predict(model.content, csv, options) << std::flush;
    } catch (const analytics::BadModel& error) {
        throw store::Damaged(options.model + " is damaged: " + error.what());
    } catch (const UsageError&) {
        throw;
    } catch (const std::runtime_error& error) {
        if (!csv) throw;
        throw std::runtime_error(options.file + ": " + error.what());
    }
    return 0;
}

}  // namespace

void add_model_predict(CLI::App& model, Action& action) {
    auto options = std::make_shared<PredictOptions>();
    auto* command = model.add_subcommand(
        "predict", "What a fitted model says, as CSV:\n\n" + model_prediction_help()
    );
    command->add_option("MODEL", options->model, "a file that `vitrine model fit` has written")
        ->type_name("")
        ->check(not_empty())
        ->required();
    command
        ->add_option(
            "FILE",
            options->file,
            "the CSV file; - reads the standard input; customers: without it those of the model"
        )
        ->type_name("")
        ->check(not_empty());
    add_predict_options(*command, *options);
    command->callback([&action, options] { action = [options] { return predict(*options); }; });
}

}  // namespace vitrine::api
