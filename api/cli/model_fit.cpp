#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "api/cli/files.hpp"
#include "api/cli/model.hpp"
#include "api/cli/model_kind.hpp"
#include "api/cli/print.hpp"
#include "api/cli/rated_progress.hpp"
#include "api/cli/usage.hpp"
#include "core/printable.hpp"
#include "store/durable_file.hpp"

namespace vitrine::api {
namespace {

int fit(const FitOptions& options) {
    const auto* kind = find_model_kind(options.kind);
    if (kind == nullptr) {
        throw UsageError(fmt::format(
            "there is no kind of model \"{}\"; there are {}", options.kind, model_kind_names()
        ));
    }
    const auto csv = read_input(options.file);
    RatedProgress progress("fit", "steps");
    FittedModel fitted;
    try {
        fitted = kind->fit(csv, options, [&](std::size_t done, std::size_t total) {
            progress.show(done, total);
        });
    } catch (const UsageError&) {
        throw;
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(options.file + ": " + error.what());
    }
    progress.clear();
    const auto file = analytics::write_model(kind->name, fitted.content);
    store::write_durably(std::filesystem::weakly_canonical(options.out), file);
    nlohmann::ordered_json report;
    report["kind"] = kind->name;
    report["model"] = options.out;
    report["hash"] = analytics::hash_of(file);
    report.update(fitted.report);
    std::cout << printable(report.dump(2)) << std::endl;
    require_printed("the model is written: " + options.out);
    return 0;
}

void require_out(const FitOptions& options) {
    const std::filesystem::path out(options.out);
    std::error_code ignored;
    if (std::filesystem::is_directory(out, ignored))
        throw UsageError("--out " + options.out + " is a directory, not a file");
    if (std::filesystem::exists(out, ignored) && !std::filesystem::is_regular_file(out, ignored))
        throw std::runtime_error("cannot write " + options.out + ": it is no file");
    if (std::filesystem::exists(out, ignored) && !std::filesystem::is_empty(out, ignored) &&
        !analytics::is_model(read_input(options.out)))
        throw std::runtime_error(options.out + " is no model, and is not replaced by one");
    const auto folder = out.has_parent_path() ? out.parent_path() : std::filesystem::path(".");
    if (!std::filesystem::is_directory(folder, ignored))
        throw std::runtime_error("there is no directory " + folder.string());
}

}  // namespace

void add_model_fit(CLI::App& model, Action& action) {
    auto options = std::make_shared<FitOptions>();
    auto* command = model.add_subcommand(
        "fit",
        "Fit a model to a CSV file, print as JSON how good it is on rows that were held back, and "
        "write it to a file. The same file, options and seed give the same bytes.\n\n" +
            model_kind_help()
    );
    command->add_option("KIND", options->kind, model_kind_names())->type_name("")->required();
    command->add_option("FILE", options->file, "the CSV file; - reads the standard input")
        ->type_name("")
        ->check(not_empty())
        ->required();
    command->add_option("--out", options->out, "where the model goes; replaced if it is there")
        ->type_name("MODEL")
        ->check(not_empty())
        ->required();
    add_fit_options(*command, *options);
    command->callback([&action, options] {
        action = [options] {
            require_out(*options);
            return fit(*options);
        };
    });
}

}  // namespace vitrine::api
