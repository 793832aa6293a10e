#include "projections/runner.hpp"

#include <algorithm>
#include <future>
#include <stdexcept>

#include "projections/builder.hpp"
#include "projections/compare.hpp"

namespace vitrine::projections {
namespace {

/// A log up to this long is caught up with live; a longer one is loaded in bulk first.
constexpr Position short_log = 10'000;

}  // namespace

Projections::Runner::Runner(
    store::EventStore& store,
    std::shared_ptr<ModelFiles> files,
    const Projection& projection,
    const Options& options
)
    : store_(store), files_(std::move(files)), projection_(projection), options_(options) {
    open();
}

Projections::Runner::~Runner() {
    stop();
}

void Projections::Runner::open() {
    files_->remove_leftovers(projection_.name);
    if (open_live() || store_.head() > short_log) return;
    const auto live = files_->next(projection_.name, projection_.version);
    create_model_file(live.file, projection_);
    auto applier = std::make_unique<Applier>(live.file, projection_, options_.cache_bytes);
    files_->publish(projection_.name, live);
    use(std::move(applier), live);
}

/// False: there is no file of this version, it cannot be read, or it is of another log.
bool Projections::Runner::open_live() {
    const auto live = files_->live(projection_.name);
    if (!live || live->version != projection_.version) return false;
    try {
        auto applier = std::make_unique<Applier>(live->file, projection_, options_.cache_bytes);
        if (!same_log(applier->checkpoint(), store_)) return false;
        use(std::move(applier), *live);
        return true;
    } catch (const std::exception&) {
        return false;  // read models are disposable
    }
}

void Projections::Runner::use(std::unique_ptr<Applier> applier, const LiveFile& live) {
    const auto former = model_.generation();
    applier_ = std::move(applier);
    model_.publish(std::make_shared<Generation>(live.file, live.generation), applier_->position());
    if (former) former->retire();
    waiters_.reached(applier_->position());
}

void Projections::Runner::start() {
    thread_ = std::thread([this] { run(); });
}

void Projections::Runner::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake();
    waiters_.close();
    if (thread_.joinable()) thread_.join();
}

bool Projections::Runner::stopping() const {
    const std::scoped_lock lock(mutex_);
    return stopping_;
}

void Projections::Runner::wake() {
    {
        const std::scoped_lock lock(mutex_);
        if (subscription_) subscription_->close();
    }
    changed_.notify_all();
}

void Projections::Runner::run() {
    while (!stopping()) {
        try {
            run_jobs();
            if (!applier_) build();
            follow();
        } catch (const Cancelled&) {  // stopping
        } catch (const PoisonEvent& poison) {
            note_stop(poison.position, poison.type, poison.what());
            back_off();
        } catch (const std::exception& error) {
            note_stop(0, "", error.what());
            back_off();
        }
    }
    const std::scoped_lock lock(mutex_);
    jobs_.clear();  // whoever waits for one learns by its broken promise
}

void Projections::Runner::build() {
    RebuildOptions options;
    options.memory = options_.build_bytes;
    options.cancelled = [this] { return stopping(); };
    const auto live = files_->next(projection_.name, projection_.version);
    build_model_file(store_, live.file, projection_, options);
    auto applier = std::make_unique<Applier>(live.file, projection_, options_.cache_bytes);
    files_->publish(projection_.name, live);
    use(std::move(applier), live);
    advanced();
}

/// Applies what comes until woken.
void Projections::Runner::follow() {
    auto subscription = store_.subscribe(applier_->position(), {});
    auto* events_in = subscription.get();
    {
        const std::scoped_lock lock(mutex_);
        if (stopping_ || !jobs_.empty()) return;
        subscription_ = std::move(subscription);
    }
    struct Leave {
        Runner& runner;
        ~Leave() {
            const std::scoped_lock lock(runner.mutex_);
            runner.subscription_.reset();
        }
    } const leave{*this};
    for (;;) {
        const auto events = events_in->next(options_.batch_events);
        if (events.empty()) return;
        try {
            applier_->apply(events, events_in->position());
        } catch (const PoisonEvent&) {
            model_.advance(applier_->position());  // those before it are in
            waiters_.reached(applier_->position());
            throw;
        }
        advanced();
    }
}

void Projections::Runner::advanced() {
    model_.advance(applier_->position());
    waiters_.reached(applier_->position());
    bool runs_again = false;
    {
        const std::scoped_lock lock(mutex_);
        runs_again = stop_.has_value();
        stop_.reset();
    }
    if (runs_again && options_.changed) options_.changed(status());
}

void Projections::Runner::note_stop(
    Position position, const std::string& type, const std::string& reason
) {
    {
        const std::scoped_lock lock(mutex_);
        if (!stop_ || stop_->position != position) {
            stop_.emplace();
            stop_->since = options_.clock();
        }
        stop_->position = position;
        stop_->event_type = type;
        stop_->reason = reason;
        ++stop_->attempts;
    }
    if (options_.changed) options_.changed(status());
}

void Projections::Runner::back_off() {
    std::unique_lock lock(mutex_);
    const auto doublings = std::min(stop_ ? stop_->attempts - 1 : 0, 20);
    const auto pause = std::min(options_.retry_first * (1 << doublings), options_.retry_most);
    changed_.wait_for(lock, pause, [this] { return stopping_ || !jobs_.empty(); });
}

void Projections::Runner::run_jobs() {
    for (;;) {
        Job job;
        {
            const std::scoped_lock lock(mutex_);
            if (jobs_.empty() || stopping_) return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job();
    }
}

/// Waits for it. Throws what the job threw, or Cancelled when the runner is stopping.
void Projections::Runner::run_on_thread(Job job) {
    auto task = std::make_shared<std::packaged_task<void()>>(std::move(job));
    auto done = task->get_future();
    {
        const std::scoped_lock lock(mutex_);
        if (stopping_) throw Cancelled();
        jobs_.emplace_back([task = std::move(task)] { (*task)(); });
    }
    wake();
    try {
        done.get();
    } catch (const std::future_error&) {
        throw Cancelled();
    }
}

Status Projections::Runner::status() const {
    Status status;
    status.name = projection_.name;
    status.version = projection_.version;
    const auto generation = model_.generation();
    status.generation = generation ? generation->number() : 0;
    status.position = model_.position();
    {
        const std::scoped_lock lock(mutex_);
        status.stop = stop_;
    }
    status.state = status.stop ? State::stopped : generation ? State::running : State::building;
    const auto head = store_.head();
    if (head <= status.position) return status;
    status.lag = head - status.position;
    const auto next = store_.read_all(status.position + 1, {}, 1, store::Direction::forwards);
    if (!next.empty()) {
        const std::chrono::duration<double> age = options_.clock() - next.front().recorded_at;
        status.lag_seconds = std::max(age.count(), 0.0);
    }
    return status;
}

std::string_view state_name(State state) {
    switch (state) {
        case State::building:
            return "building";
        case State::running:
            return "running";
        case State::stopped:
            return "stopped";
    }
    return {};
}

}  // namespace vitrine::projections
