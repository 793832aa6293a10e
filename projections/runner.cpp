#include "projections/runner.hpp"

#include <algorithm>
#include <future>
#include <set>
#include <stdexcept>

#include "projections/builder.hpp"
#include "projections/compare.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr std::chrono::milliseconds brief_retry{1000};

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
    if (const auto generation = model_.generation()) generation->close_idle();
}

void Projections::Runner::open() {
    files_->remove_leftovers(projection_.name, projection_.version);
    if (open_live()) return;
    serve_former();
    if (store_.head() == 0) begin_empty();
}

/// A file of this version, live or kept from when it was. False: there is none that can be gone on
/// with.
bool Projections::Runner::open_live() {
    const auto live = files_->live(projection_.name);
    if (live && live->version == projection_.version && open_file(*live)) return true;
    for (const auto& kept : files_->kept(projection_.name)) {
        if (kept.version != projection_.version || !open_file(kept)) continue;
        files_->publish(projection_.name, kept);
        return true;
    }
    return false;
}

/// False: it cannot be read, or is of another log. Read models are disposable.
bool Projections::Runner::open_file(const LiveFile& file) {
    try {
        auto applier =
            std::make_unique<Applier>(store_, file.file, projection_, options_.cache_bytes);
        if (!same_log(applier->checkpoint(), store_)) return false;
        use(std::move(applier), file);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

/// The live file of another version goes on serving, as it is, if the readers understand it.
void Projections::Runner::serve_former() {
    const auto live = files_->live(projection_.name);
    if (!live || live->version == projection_.version ||
        live->version < projection_.readable_since || live->version > projection_.version) {
        return;
    }
    try {
        const auto checkpoint = read_checkpoint_of(live->file);
        if (!same_log(checkpoint, store_)) return;
        model_.publish(
            std::make_shared<Generation>(live->file, live->generation), checkpoint.position
        );
        upgrading_ = true;
    } catch (const std::exception&) {  // then nothing serves until the build is done
    }
}

/// To be filled by the live way.
void Projections::Runner::begin_empty() {
    const auto live = files_->next(projection_.name, projection_.version);
    create_model_file(live.file, projection_);
    auto applier = std::make_unique<Applier>(store_, live.file, projection_, options_.cache_bytes);
    files_->publish(projection_.name, live);
    use(std::move(applier), live);
}

void Projections::Runner::use(std::unique_ptr<Applier> applier, const LiveFile& live) {
    const auto former = model_.generation();
    applier_ = std::move(applier);
    auto generation = std::make_shared<Generation>(live.file, live.generation);
    applier_->before_commits([generation] { generation->writing(); });
    model_.publish(std::move(generation), applier_->position());
    if (former && !files_->is_kept(projection_.name, former->file()))
        former->retire(files_->remover());
    upgrading_ = false;
    parked_ = applier_->parked();
    waiters_.reached(applier_->position());
}

void Projections::Runner::start() {
    thread_ = std::thread([this] { run(); });
}

void Projections::Runner::begin_to_stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake();
    waiters_.close();
}

void Projections::Runner::stop() {
    begin_to_stop();
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

/// The first file of this version, from the log.
void Projections::Runner::build() {
    auto live = files_->unfinished(projection_.name, projection_.version)
                    .value_or(files_->next(projection_.name, projection_.version));
    if (!fill(live)) {
        begin_empty();
        report_change();
        return;
    }
    auto applier = std::make_unique<Applier>(store_, live.file, projection_, options_.cache_bytes);
    files_->publish(projection_.name, live);
    use(std::move(applier), live);
    advanced();
    report_change();
}

/// In bulk, which is strict; the live way if there is an event to be parked, into another file
/// then. False: an event stops this projection, and is to be met the live way.
bool Projections::Runner::fill(LiveFile& live) {
    RebuildOptions options;
    options.memory = options_.build_bytes;
    options.cancelled = [this] { return stopping(); };
    Building building(*this);
    options.progress = [&building](const RebuildProgress& progress) { building.reached(progress); };
    if (!status().stop) report_change();  // not at each attempt
    try {
        build_model_file(store_, live.file, projection_, options);
        return true;
    } catch (const PoisonEvent&) {
        if (projection_.poison == Poison::stop && upgrading_) throw;
    }
    if (projection_.poison == Poison::stop) return false;
    live = files_->next(projection_.name, projection_.version);
    build_parking(store_, live.file, projection_, options);
    if (upgrading_) refuse_to_lose(live.file);
    return true;
}

/// A version that cannot apply what the former one could is not switched to: whoever goes back
/// loses nothing then. Throws PoisonEvent.
void Projections::Runner::refuse_to_lose(const std::filesystem::path& file) {
    const auto former = model_.generation()->file();
    const auto reached = read_checkpoint_of(former).position;
    std::set<Position> known;
    for (const auto& event : read_parked_of(former, std::nullopt)) known.insert(event.position);
    for (const auto& event : read_parked_of(file, std::nullopt)) {
        if (event.position > reached || known.contains(event.position)) continue;
        remove_model_file(file);
        throw PoisonEvent(
            event.position,
            event.type,
            event.reason + "; the former version could apply it, and goes on serving as it was"
        );
    }
}

/// Applies what comes until woken.
void Projections::Runner::follow() {
    auto subscription = store_.subscribe(applier_->position(), looked_at_by(projection_));
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
    while (const auto events = events_in->advance(options_.batch_events)) {
        try {
            applier_->apply(*events, events_in->position());
        } catch (const PoisonEvent&) {
            tell_readers();  // those before it are in
            throw;
        }
        advanced();
    }
}

void Projections::Runner::tell_readers() {
    const auto parked = applier_->parked();
    const bool other_number = parked_.exchange(parked) != parked;
    model_.generation()->written();
    model_.advance(applier_->position());
    waiters_.reached(applier_->position());
    if (other_number) report_change();
}

void Projections::Runner::report_change() {
    if (!options_.changed) return;
    auto status = this->status();
    if (status.parked > 0) {
        for (auto& event : parked(std::nullopt)) {
            if (event.state == ParkedState::dismissed) continue;
            status.first_parked = std::move(event);
            break;
        }
    }
    options_.changed(status);
}

void Projections::Runner::advanced() {
    tell_readers();
    bool runs_again = false;
    {
        const std::scoped_lock lock(mutex_);
        runs_again = stop_.has_value();
        stop_.reset();
    }
    if (runs_again) report_change();
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
        if (stop_->reason != reason) stop_->attempts = 0;
        stop_->reason = reason;
        ++stop_->attempts;
    }
    report_change();
}

void Projections::Runner::back_off() {
    std::unique_lock lock(mutex_);
    const auto doublings = std::min(stop_ ? stop_->attempts - 1 : 0, 20);
    // A disk, or another process at the file, may be well again at any time.
    const auto most = stop_ && stop_->position == 0 ? std::min(options_.retry_most, brief_retry)
                                                    : options_.retry_most;
    const auto pause = std::min(options_.retry_first * (1 << doublings), most);
    changed_.wait_for(lock, pause, [this] { return stopping_ || retry_now_ || !jobs_.empty(); });
    retry_now_ = false;
}

void Projections::Runner::retry_now() {
    {
        const std::scoped_lock lock(mutex_);
        retry_now_ = true;
    }
    changed_.notify_all();
}

std::vector<ParkedEvent> Projections::Runner::parked(const std::optional<TenantId>& tenant) const {
    const auto generation = model_.generation();
    if (!generation || upgrading_) return {};
    return read_parked_of(generation->file(), tenant);
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

bool Projections::Runner::is_stopped() const {
    const std::scoped_lock lock(mutex_);
    return stop_.has_value();
}

/// How long it is known that the event at `position` is the first that is not applied.
std::chrono::duration<double> Projections::Runner::seen_for(Position position) const {
    const auto now = std::chrono::steady_clock::now();
    const std::scoped_lock lock(mutex_);
    if (seen_.position != position) seen_ = {position, now};
    return now - seen_.since;
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
        status.build = build_;
    }
    status.state = status.stop  ? State::stopped
                   : upgrading_ ? State::upgrading
                   : generation ? State::running
                                : State::building;
    status.parked = parked_;
    const auto head = store_.head();
    if (head <= status.position) return status;
    status.lag = head - status.position;
    const auto next = store_.read_all(status.position + 1, {}, 1, store::Direction::forwards);
    if (!next.empty()) {
        const std::chrono::duration<double> age = options_.clock() - next.front().recorded_at;
        // The service's clock may stand.
        status.lag_seconds = std::max(age.count(), seen_for(next.front().position).count());
    }
    return status;
}

std::string_view state_name(State state) {
    switch (state) {
        case State::building:
            return "building";
        case State::upgrading:
            return "upgrading";
        case State::running:
            return "running";
        case State::stopped:
            return "stopped";
    }
    return {};
}

}  // namespace vitrine::projections
