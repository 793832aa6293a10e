#include "api/http/service_metrics.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>

#include "api/http/backend.hpp"
#include "api/http/delivery_metrics.hpp"
#include "api/http/money_metrics.hpp"
#include "api/http/process_metrics.hpp"
#include "api/http/processes_metrics.hpp"
#include "store/open_store.hpp"
#include "store/read.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;
using Families = std::vector<prometheus::MetricFamily>;
using projections::State;

/// What only the main loop may read.
struct MainLoopFigures {
    std::size_t commands_running = 0;
    std::size_t commands_waiting = 0;
    std::vector<queries::CacheFigures> caches;
    std::vector<clubify::TenantCalls> clubify;
};

asio::awaitable<MainLoopFigures> main_loop_figures(Backend* backend) {
    co_return MainLoopFigures{
        backend->bus.running(),
        backend->bus.waiting(),
        backend->live.caches(),
        backend->clubify.calls()
    };
}

template <class Number>
std::vector<Sample> one(Number value) {
    return {{{}, static_cast<double>(value)}};
}

/// What the log says; where its reads may block.
struct LogState {
    Position head = 0;
    std::vector<projections::Status> read_models;
    double oldest_unfinished = 0;  // seconds; 0: there is none
};

LogState log_state(const queries::ReadSide& reads) {
    LogState state{reads.store.head(), reads.projections.status()};
    const auto unfinished = reads.store.journal().unfinished();
    if (unfinished.empty()) return state;
    const std::chrono::duration<double> age = reads.clock() - unfinished.front().head.accepted_at;
    state.oldest_unfinished = std::max(age.count(), 0.0);
    return state;
}

Families request_families(
    const Backend& backend, const MainLoopFigures& figures, const LogState& state
) {
    Families families{
        gauge_family("vitrine_http_connections", "Open connections.", one(backend.connections())),
        gauge_family(
            "vitrine_commands_running", "Commands under way.", one(figures.commands_running)
        ),
        gauge_family(
            "vitrine_commands_waiting",
            "Requests that wait for another command on the same stream or slug.",
            one(figures.commands_waiting)
        ),
        gauge_family(
            "vitrine_commands_oldest_seconds",
            "How long the oldest command under way has been accepted; 0: there is none.",
            one(state.oldest_unfinished)
        ),
    };
    std::ranges::move(backend.webhooks.collect(), std::back_inserter(families));
    return families;
}

Families log_families(const LogState& state, const store::StoreFigures& figures) {
    return {
        gauge_family("vitrine_log_position", "Position of the last event.", one(state.head)),
        gauge_family("vitrine_log_queue", "Appends that wait for the writer.", one(figures.queued)),
        gauge_family(
            "vitrine_wal_bytes",
            "Size of the write-ahead log on the disk.",
            one(figures.wal_file_bytes)
        ),
        gauge_family(
            "vitrine_log_open",
            "0: the log cannot be opened anew after an error.",
            one(figures.log_open)
        ),
        gauge_family(
            "vitrine_log_locked",
            "1: another process was writing to the log for longer than commands could wait.",
            one(figures.log_locked)
        ),
        gauge_family("vitrine_log_disk_low", "1: new commands are refused.", one(figures.disk_low)),
        gauge_family(
            "vitrine_log_disk_free_bytes", "Room on the disk of the log.", one(figures.disk_free)
        ),
        counter_family("vitrine_log_appends_total", "Appends written.", one(figures.appends)),
        counter_family("vitrine_log_events_total", "Events written.", one(figures.events)),
        counter_family(
            "vitrine_log_commits_total", "Commits: one fsync each.", one(figures.commits)
        ),
        counter_family(
            "vitrine_log_conflicts_total", "Appends refused by version.", one(figures.conflicts)
        ),
    };
}

double built_share(const std::optional<projections::RebuildProgress>& build) {
    using Phase = projections::RebuildProgress::Phase;
    if (!build || build->phase != Phase::building || build->total == 0) return 1;
    return static_cast<double>(build->done) / static_cast<double>(build->total);
}

Families projection_families(const std::vector<projections::Status>& all) {
    std::vector<Sample> positions, lags, seconds, stopped, parked, built;
    for (const auto& status : all) {
        const std::vector<std::pair<std::string, std::string>> labels{{"projection", status.name}};
        positions.push_back({labels, static_cast<double>(status.position)});
        lags.push_back({labels, static_cast<double>(status.lag)});
        seconds.push_back({labels, status.lag_seconds});
        stopped.push_back({labels, status.state == State::stopped ? 1.0 : 0.0});
        parked.push_back({labels, static_cast<double>(status.parked)});
        built.push_back({labels, built_share(status.build)});
    }
    return {
        gauge_family(
            "vitrine_projection_position", "Events up to here are visible.", std::move(positions)
        ),
        gauge_family(
            "vitrine_projection_lag_events", "Events of the log after that.", std::move(lags)
        ),
        gauge_family(
            "vitrine_projection_lag_seconds", "Age of the first of them.", std::move(seconds)
        ),
        gauge_family(
            "vitrine_projection_stopped", "1: an event cannot be applied.", std::move(stopped)
        ),
        gauge_family(
            "vitrine_projection_parked",
            "Events that could not be applied, and those that wait for them.",
            std::move(parked)
        ),
        gauge_family(
            "vitrine_projection_build_ratio",
            "Share of the log that the build under way has read; 1: there is none.",
            std::move(built)
        ),
    };
}

Families cache_families(
    const std::vector<queries::CacheFigures>& caches, const store::StoreFigures& store
) {
    std::vector<Sample> entries, hits, misses, evicted;
    const auto sample = [](std::string_view cache, std::uint64_t value) {
        return Sample{{{"cache", std::string(cache)}}, static_cast<double>(value)};
    };
    for (const auto& cache : caches) {
        entries.push_back(sample(cache.cache, cache.entries));
        hits.push_back(sample(cache.cache, cache.hits));
        misses.push_back(sample(cache.cache, cache.misses));
        evicted.push_back(sample(cache.cache, cache.evicted));
    }
    hits.push_back(sample("snapshots", store.snapshot_hits));
    misses.push_back(sample("snapshots", store.snapshot_misses));
    return {
        gauge_family("vitrine_cache_entries", "Entries of a cache in memory.", std::move(entries)),
        counter_family(
            "vitrine_cache_hits_total", "Look-ups answered from a cache.", std::move(hits)
        ),
        counter_family(
            "vitrine_cache_misses_total", "Look-ups that it could not answer.", std::move(misses)
        ),
        counter_family(
            "vitrine_cache_evicted_total", "Entries that had to make room.", std::move(evicted)
        ),
    };
}

Families clubify_families(const std::vector<clubify::TenantCalls>& all) {
    std::vector<Sample> breakers, opened, waiting, left, requests, repeated, shared, held;
    for (const auto& calls : all) {
        const std::pair<std::string, std::string> tenant{"tenant", calls.tenant.str()};
        const auto sample = [&](auto value) {
            return Sample{{tenant}, static_cast<double>(value)};
        };
        breakers.push_back(sample(static_cast<int>(calls.breaker)));
        opened.push_back(sample(calls.breaker_opened));
        waiting.push_back(sample(calls.waiting));
        if (calls.rate_left) left.push_back(sample(*calls.rate_left));
        requests.push_back(sample(calls.requests));
        repeated.push_back(sample(calls.repeated));
        shared.push_back(sample(calls.shared));
        const auto because = [&](const char* reason, std::uint64_t count) {
            held.push_back({{tenant, {"reason", reason}}, static_cast<double>(count)});
        };
        because("breaker", calls.held_by_breaker);
        because("rate_limit", calls.held_by_rate);
    }
    return {
        gauge_family(
            "vitrine_clubify_breaker",
            "Calls of the tenant pass (0), are held back (1), or one is tried (2).",
            std::move(breakers)
        ),
        counter_family(
            "vitrine_clubify_breaker_opened_total",
            "How often calls began to be held back.",
            std::move(opened)
        ),
        gauge_family(
            "vitrine_clubify_waiting",
            "Calls beyond those that the tenant may make at once.",
            std::move(waiting)
        ),
        gauge_family(
            "vitrine_clubify_rate_limit_left",
            "Requests left of the rate limit that the platform announced.",
            std::move(left)
        ),
        counter_family(
            "vitrine_clubify_requests_total",
            "Requests to the platform, sign-ins left out.",
            std::move(requests)
        ),
        counter_family(
            "vitrine_clubify_repeated_total", "Those that repeated one.", std::move(repeated)
        ),
        counter_family(
            "vitrine_clubify_shared_total",
            "Calls answered by the request of an equal one.",
            std::move(shared)
        ),
        counter_family(
            "vitrine_clubify_held_total", "Calls held back or made to wait.", std::move(held)
        ),
    };
}

}  // namespace

asio::awaitable<Families> service_metrics(Backend* backend) {
    const auto figures = co_await asio::co_spawn(
        backend->main_loop, main_loop_figures(backend), asio::use_awaitable
    );
    const auto state =
        co_await store::read(backend->reads.store, [&] { return log_state(backend->reads); });
    const auto log = backend->reads.store.figures();
    Families all = process_metrics();
    const auto add = [&all](Families part) { std::ranges::move(part, std::back_inserter(all)); };
    add(request_families(*backend, figures, state));
    add(log_families(state, log));
    add(projection_families(state.read_models));
    add(processes_metrics(backend->reads));
    add(money_metrics(backend->reads));
    add(cache_families(figures.caches, log));
    add(clubify_families(figures.clubify));
    const auto receivers = co_await store::read(backend->reads.store, [&] {
        return backend->deliveries.status(std::nullopt);
    });
    add(backend->delivery_metrics.collect(receivers));
    co_return all;
}

}  // namespace vitrine::api
