#include "processes/runner.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "commands/engine/plan.hpp"
#include "net/timer.hpp"
#include "processes/carriers.hpp"
#include "processes/checkpoint.hpp"
#include "processes/early_signals.hpp"
#include "processes/event_at.hpp"
#include "processes/fair_slots.hpp"
#include "processes/firing.hpp"
#include "processes/gathering.hpp"
#include "processes/held_signals.hpp"
#include "processes/log_reader.hpp"
#include "processes/routing.hpp"
#include "processes/signal_id.hpp"
#include "processes/taker.hpp"
#include "store/read.hpp"

namespace vitrine::processes {

namespace asio = boost::asio;

using std::chrono::steady_clock;

namespace {

constexpr std::size_t page = 256;
constexpr std::chrono::seconds between_checkpoints{1};

/// What a process has appended it was compared with at once.
bool is_own_doing(const ProcessName& process, const events::RecordedEvent& event) {
    return !event.metadata.empty() &&
           events::decode_metadata(event.metadata).actor == actor_of(process);
}

/// nullopt: none, or the plan is another program's.
std::optional<ProcessName> process_fed_by(const store::CommandRecord& row) {
    try {
        const auto plan = commands::plan_from_json(row.plan);
        if (!plan.feeds) return std::nullopt;
        return ProcessName{row.tenant, plan.feeds->kind, plan.entity_id};
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

}  // namespace

class Runner::Impl : public std::enable_shared_from_this<Runner::Impl> {
public:
    Impl(RunnerParts parts, RunnerOptions options)
        : parts_(std::move(parts)), options_(options), slots_(options_.reactions) {}

    /// Before anything else.
    void begin();
    void start();
    void stop();
    void end();
    void drain(std::chrono::milliseconds limit, std::function<void()> done);
    std::optional<std::string> under_way();
    RunnerFigures figures() const;

private:
    using Self = std::shared_ptr<Impl>;

    static asio::awaitable<void> take_up(Self self);
    static asio::awaitable<void> look_at_head(Self self);
    static asio::awaitable<void> take_up_commands(Self self);
    static asio::awaitable<void> take_up_one(Self self, ProcessName process);
    static asio::awaitable<void> work_through(Self self, LogReader::Page read, Position upto);
    static asio::awaitable<void> take_all(Self self, DueOf due);
    static asio::awaitable<void> wait_until_idle(
        Self self, std::chrono::milliseconds limit, std::function<void()> done
    );

    asio::awaitable<Taken> take(ProcessName process, Input input);
    void follow_the_log();
    bool has_read_all();
    void hold(HeldSignal signal, Timestamp since);
    asio::awaitable<std::vector<Due>> held_inputs(ProcessName process);
    void save_checkpoint();
    void stand_still(const std::exception_ptr& error);
    template <class Work>
    void spawn(Work work) {
        asio::co_spawn(
            parts_.loop,
            std::move(work),
            [self = shared_from_this()](const std::exception_ptr& error) {
                if (error) self->stand_still(error);
            }
        );
    }
    void warn(std::string_view event, const ProcessName& process, std::string reason) {
        parts_.notify({Notice::Level::warning, event, process, "", std::move(reason)});
    }

    RunnerParts parts_;
    RunnerOptions options_;
    FairSlots slots_;
    std::shared_ptr<HeldSignals> held_ = std::make_shared<HeldSignals>();
    std::shared_ptr<Taker> taker_;
    std::shared_ptr<Carriers> carriers_;
    std::shared_ptr<Firing> firing_;
    std::shared_ptr<EarlySignals> early_;
    net::Watching watching_;
    Position position_ = 0;
    Position head_ = 0;  // where it is not asked for at once: as it was read last
    bool looking_at_head_ = false;
    Checkpoint saved_;
    steady_clock::time_point saved_at_ = steady_clock::now();
    bool taking_up_ = false;
    bool working_ = false;
    bool stopped_ = false;
    std::unique_ptr<LogReader> reader_;  // last: it uses the others
};

void Runner::Impl::begin() {
    const auto weak = weak_from_this();
    taker_ = std::make_shared<Taker>(
        parts_,
        options_,
        Taker::Hooks{
            [weak](const ProcessName& process, const Draft& draft, Position first) {
                if (const auto self = weak.lock()) self->firing_->appended(process, draft, first);
            },
            [weak](
                const ProcessName& process, const Kind& kind, const Folded& folded, Version before
            ) {
                if (const auto self = weak.lock())
                    self->carriers_->look(process, kind, folded, before);
            }
        }
    );
    carriers_ = std::make_shared<Carriers>(
        parts_,
        options_,
        [taker = taker_](ProcessName process, Input input) {
            return Taker::take(taker, std::move(process), std::move(input));
        }
    );
    const auto failed = [weak](const std::exception_ptr& error) {
        const auto self = weak.lock();
        if (error && self) self->stand_still(error);
    };
    firing_ = std::make_shared<Firing>(
        parts_,
        [weak](ProcessName process, Input input) -> asio::awaitable<Taken> {
            const auto self = weak.lock();
            if (!self) co_return Taken::stopped;
            auto taking = self->take(std::move(process), std::move(input));
            co_return co_await std::move(taking);
        },
        failed
    );
    early_ = std::make_shared<EarlySignals>(parts_, options_, held_, failed);
}

void Runner::Impl::start() {
    if (!parts_.checkpoint.empty()) saved_ = read_checkpoint(parts_.checkpoint);
    watching_ = parts_.time.watch([weak = weak_from_this()]() -> std::optional<std::string> {
        const auto self = weak.lock();
        return self ? self->under_way() : std::nullopt;
    });
    taking_up_ = true;
    spawn(take_up(shared_from_this()));
}

/// From the checkpoint on.
void Runner::Impl::follow_the_log() {
    const auto take = [weak = weak_from_this()](LogReader::Page read, Position upto) {
        const auto self = weak.lock();
        if (!self || self->stopped_) return;
        self->working_ = true;
        self->spawn(work_through(self, std::move(read), upto));
    };
    reader_ = std::make_unique<LogReader>(
        parts_.loop, parts_.store, position_, filter_of(parts_.kinds), take
    );
}

/// What an earlier runner left: effects under way, signals that could not be taken, timers that
/// fell due meanwhile.
asio::awaitable<void> Runner::Impl::take_up(Self self) {
    auto reading = head_of(self->parts_.store);
    const auto head = co_await std::move(reading);
    if (self->saved_.position > head) self->saved_ = {};  // of another log
    self->position_ = self->saved_.position;
    for (const auto& signal : self->saved_.held) {
        auto looking = event_at(self->parts_.store, signal.position);
        if (const auto event = co_await std::move(looking))
            self->held_->add(signal, event->recorded_at);
    }
    if (self->stopped_) co_return;
    self->follow_the_log();
    while (self->parts_.open.position() < head && !self->stopped_)
        co_await net::wait_for(std::chrono::milliseconds(5));
    std::optional<ProcessName> after;
    while (!self->stopped_) {
        const auto names = self->parts_.open.under_way(after, page);
        Gathering gathering(self->parts_.loop);
        for (const auto& name : names) gathering.add(take_up_one(self, name));
        auto all = Gathering::all(gathering);
        co_await std::move(all);
        if (names.size() < page) break;
        after = names.back();
    }
    auto asking = Impl::take_up_commands(self);
    co_await std::move(asking);
    std::set<ProcessName> waited_for;
    for (const auto& signal : self->held_->all()) waited_for.insert(signal.process);
    for (const auto& process : waited_for) {
        auto reading_held = self->held_inputs(process);
        auto taking = take_all(self, {process, co_await std::move(reading_held)});
        co_await std::move(taking);
    }
    self->taking_up_ = false;
    self->firing_->begin();
    self->early_->look();
}

/// Commands that have fed a process and have no answer: where it could have given one, it does so
/// now.
asio::awaitable<void> Runner::Impl::take_up_commands(Self self) {
    auto& store = self->parts_.store;
    std::set<ProcessName> names;
    auto reading = store::read(store, [&] {
        for (const auto& row : store.journal().unfinished()) {
            const auto process = process_fed_by(row);
            if (process && self->taker_->kind_of(*process) != nullptr) names.insert(*process);
        }
    });
    co_await std::move(reading);
    for (const auto& name : names) {
        if (self->stopped_) co_return;
        auto taking = take_up_one(self, name);
        co_await std::move(taking);
    }
}

asio::awaitable<void> Runner::Impl::take_up_one(Self self, ProcessName process) {
    auto taking = self->take(std::move(process), Compare{});
    co_await std::move(taking);
}

asio::awaitable<Taken> Runner::Impl::take(ProcessName process, Input input) {
    auto awaiting = slots_.take(process.tenant);
    const auto slot = co_await std::move(awaiting);
    if (stopped_) co_return Taken::stopped;
    auto taking = Taker::take(taker_, std::move(process), std::move(input));
    co_return co_await std::move(taking);
}

/// The checkpoint passes over a page when all that is in it was taken, or is held.
asio::awaitable<void> Runner::Impl::work_through(Self self, LogReader::Page read, Position upto) {
    std::vector<DueOf> routed;
    try {
        routed = route(self->parts_.kinds, read);
    } catch (const std::exception& error) {
        self->warn("facts of the log cannot be routed to processes", {}, error.what());
    }
    Gathering gathering(self->parts_.loop);
    for (auto& due : routed) gathering.add(take_all(self, std::move(due)));
    auto all = Gathering::all(gathering);
    co_await std::move(all);
    self->working_ = false;
    if (self->stopped_) co_return;
    self->position_ = std::max(self->position_, upto);
    if (steady_clock::now() - self->saved_at_ >= between_checkpoints) self->save_checkpoint();
    if (self->reader_) self->reader_->go_on();
}

asio::awaitable<void> Runner::Impl::take_all(Self self, DueOf due) {
    for (std::size_t i = 0; i < due.inputs.size(); ++i) {
        const auto each = due.inputs[i];
        const auto since = each.event->recorded_at;
        const bool compares = std::holds_alternative<Compare>(each.input);
        if (compares && !each.was_held && !self->held_->waits_for(due.process) &&
            is_own_doing(due.process, *each.event))
            continue;
        const HeldSignal signal{due.process, each.event->position, !compares};
        // Those that came before it wait still.
        if (!compares && !each.was_held && self->held_->waits_for(due.process)) {
            self->hold(signal, since);
            continue;
        }
        auto taking = self->take(due.process, each.input);
        switch (co_await std::move(taking)) {
            case Taken::stopped:
                co_return;
            case Taken::not_there:
                if (each.waits) self->hold(signal, since);
                break;
            case Taken::stuck:
                self->hold({due.process, signal.position, false}, since);
                break;
            case Taken::taken:
                self->held_->drop(signal);
                if (!compares || each.was_held) break;
                auto reading = self->held_inputs(due.process);
                const auto held = co_await std::move(reading);
                due.inputs.insert(
                    due.inputs.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                    held.begin(),
                    held.end()
                );
        }
    }
}

asio::awaitable<std::vector<Due>> Runner::Impl::held_inputs(ProcessName process) {
    std::vector<Due> inputs;
    const auto* kind = taker_->kind_of(process);
    for (const auto& signal : held_->of(process)) {
        auto reading = event_at(parts_.store, signal.position);
        const auto event = co_await std::move(reading);
        auto input = kind == nullptr || !event ? std::nullopt : input_of(*kind, process, event);
        if (input) {
            inputs.push_back({*std::move(input), event, true, true});
        } else {  // of a kind that was, or listened to more
            held_->drop(signal);
        }
    }
    co_return inputs;
}

void Runner::Impl::hold(HeldSignal signal, Timestamp since) {
    const bool is_early = signal.is_early;
    held_->add(std::move(signal), since);
    if (is_early && !taking_up_) early_->look();
}

void Runner::Impl::save_checkpoint() {
    Checkpoint checkpoint{position_, held_->all()};
    if (parts_.checkpoint.empty() || checkpoint == saved_) return;
    try {
        write_checkpoint(parts_.checkpoint, checkpoint);
        saved_ = std::move(checkpoint);
        saved_at_ = steady_clock::now();
    } catch (const std::exception& error) {
        warn("the checkpoint of processes cannot be written", {}, error.what());
        saved_at_ = steady_clock::now() + std::chrono::minutes(1);
    }
}

/// Where reads take long it is the answer to the question before.
bool Runner::Impl::has_read_all() {
    if (parts_.store.read_threads() == nullptr) return position_ >= parts_.store.head();
    if (!std::exchange(looking_at_head_, true)) spawn(look_at_head(shared_from_this()));
    return position_ >= head_;
}

asio::awaitable<void> Runner::Impl::look_at_head(Self self) {
    auto reading = head_of(self->parts_.store);
    self->head_ = co_await std::move(reading);
    self->looking_at_head_ = false;
}

std::optional<std::string> Runner::Impl::under_way() {
    if (stopped_) return std::nullopt;
    if (taking_up_) return "processes are taken up";
    if (working_ || !has_read_all()) return "processes read the log";
    if (firing_->is_active()) return "timers of processes";
    if (taker_->under_way() != 0) return "processes react";
    if (early_->is_active()) return "early signals of processes";
    return carriers_->active();
}

RunnerFigures Runner::Impl::figures() const {
    return {
        .position = position_,
        .reactions = taker_->under_way(),
        .effects = carriers_->under_way(),
        .pausing = carriers_->pausing(),
        .early = held_->early(),
        .stuck = held_->stuck() + firing_->stuck() + carriers_->stuck()
    };
}

/// The store or the read model is broken.
void Runner::Impl::stand_still(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& fault) {
        warn("processes stand still until the next start", {}, fault.what());
    }
}

void Runner::Impl::stop() {
    if (std::exchange(stopped_, true)) return;
    firing_->stop();
    early_->stop();
    taker_->stop();
    carriers_->stop();
    reader_.reset();
    save_checkpoint();
}

void Runner::Impl::end() {
    stop();
    watching_.end();
}

void Runner::Impl::drain(std::chrono::milliseconds limit, std::function<void()> done) {
    stop();
    spawn(wait_until_idle(shared_from_this(), limit, std::move(done)));
}

asio::awaitable<void> Runner::Impl::wait_until_idle(
    Self self, std::chrono::milliseconds limit, std::function<void()> done
) {
    const auto end = steady_clock::now() + limit;
    while (steady_clock::now() < end &&
           (self->taker_->under_way() != 0 || self->carriers_->active()))
        co_await net::wait_for(std::chrono::milliseconds(5));
    done();
}

Runner::Runner(RunnerParts parts, RunnerOptions options)
    : impl_(std::make_shared<Impl>(std::move(parts), options)) {
    impl_->begin();
}

Runner::~Runner() {
    impl_->end();
}

void Runner::start() {
    impl_->start();
}
void Runner::stop() {
    impl_->stop();
}
void Runner::drain(std::chrono::milliseconds limit, std::function<void()> done) {
    impl_->drain(limit, std::move(done));
}
bool Runner::is_idle() const {
    return !impl_->under_way();
}
RunnerFigures Runner::figures() const {
    return impl_->figures();
}

}  // namespace vitrine::processes
