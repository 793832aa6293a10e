#include "projections/projections.hpp"

#include <stdexcept>

#include "projections/runner.hpp"

namespace vitrine::projections {

Projections::Projections(
    store::EventStore& store,
    std::filesystem::path data_directory,
    std::span<const Projection> projections,
    Options options
) {
    const auto files = std::make_shared<ModelFiles>(data_directory);
    for (const auto& projection : projections) {
        runners_.push_back(std::make_unique<Runner>(store, files, projection, options));
    }
    for (const auto& runner : runners_) runner->start();
}

Projections::~Projections() {
    stop();
}

void Projections::stop() {
    for (const auto& runner : runners_) runner->stop();
}

std::vector<Status> Projections::status() const {
    std::vector<Status> all;
    for (const auto& runner : runners_) all.push_back(runner->status());
    return all;
}

Projections::Runner& Projections::runner(std::string_view name) const {
    for (const auto& runner : runners_) {
        if (runner->name() == name) return *runner;
    }
    throw std::out_of_range("there is no projection " + std::string(name));
}

const ReadModel& Projections::read_model(std::string_view name) const {
    return runner(name).model();
}

asio::awaitable<bool> Projections::wait_until(
    std::string name, Position position, std::chrono::steady_clock::time_point deadline
) {
    return runner(name).waiters().wait_until(position, deadline);
}

RebuildReport Projections::rebuild(const std::string& name, const RebuildOptions& options) {
    return runner(name).rebuild(options);
}

}  // namespace vitrine::projections
