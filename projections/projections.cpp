#include "projections/projections.hpp"

#include <stdexcept>

#include "projections/runner.hpp"
#include "store/append.hpp"

namespace vitrine::projections {
namespace {

/// Longer only for a projection that is behind, or that stands still.
constexpr std::chrono::seconds release_patience{5};

}  // namespace

Projections::Projections(
    store::EventStore& store,
    std::filesystem::path data_directory,
    std::span<const Projection> projections,
    Options options
)
    : store_(store), clock_(options.clock), new_id_(uuid_v7_source(options.clock)) {
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
    for (const auto& runner : runners_) runner->begin_to_stop();
    for (const auto& runner : runners_) runner->stop();
}

std::vector<Status> Projections::status() const {
    std::vector<Status> all;
    all.reserve(runners_.size());
    for (const auto& runner : runners_) all.push_back(runner->status());
    return all;
}

std::optional<std::string> Projections::behind() const {
    const auto head = store_.head();
    for (const auto& runner : runners_) {
        const auto position = runner->model().position();
        if (position >= head || runner->is_stopped()) continue;
        return "projection " + std::string(runner->name()) + " at " + std::to_string(position) +
               " of " + std::to_string(head);
    }
    return std::nullopt;
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

std::size_t Projections::drop_old(const std::string& name) {
    return runner(name).drop_old();
}

std::vector<ParkedEvent> Projections::parked(
    std::string_view name, const std::optional<TenantId>& tenant
) const {
    return runner(name).parked(tenant);
}

asio::awaitable<std::expected<ReleaseReport, ReleaseError>> Projections::release(
    std::string name, Release release
) {
    auto& of = runner(name);
    const auto before = of.parked(release.tenant);
    auto append = release_append(of.projection(), before, release, new_id_, clock_);
    if (!append) co_return std::unexpected(std::move(append).error());
    const auto appended = co_await store::append_to(store_, *std::move(append));
    if (!appended)
        co_return std::unexpected(ReleaseError{
            phrase(
                "the log cannot be written: {}",
                "o registro não pode ser gravado: {}",
                appended.error().detail
            ),
            appended.error()
        });
    of.retry_now();
    const auto deadline = std::chrono::steady_clock::now() + release_patience;
    co_await of.waiters().wait_until(appended->last, deadline);
    auto report = release_report(of.projection(), before, of.parked(release.tenant), release);
    report.position = appended->last;
    co_return report;
}

}  // namespace vitrine::projections
