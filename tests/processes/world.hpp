#pragma once

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/engine/bus.hpp"
#include "commands/engine/handler.hpp"
#include "commands/facts.hpp"
#include "commands/json.hpp"
#include "core/uuid.hpp"
#include "events/new_event.hpp"
#include "processes/folded.hpp"
#include "processes/runner.hpp"
#include "store/append.hpp"
#include "store/memory/memory_event_store.hpp"
#include "tests/processes/toy.hpp"

// What outlives a runner, and a runner that can be killed at any point: before and after every
// append and every call.
namespace vitrine::processes::spec {

namespace asio = boost::asio;

/// Counts what a crash could come before, and is where it comes.
struct Crash {
    int points = 0;
    int at = -1;  // never
    bool now = false;
    bool comes() {
        if (points++ == at) now = true;
        return now;
    }
};

/// A log whose writer is killed with the crash. What never is answered is kept until the loop ends.
class CrashingStore final : public store::EventStore {
public:
    CrashingStore(store::EventStore& log, Crash& crash) : log_(log), crash_(crash) {}

    void append(store::Append append, store::AppendDone done) override {
        if (crash_.comes()) return unanswered_.push_back(std::move(done));
        if (fail_appends > 0) {
            --fail_appends;
            store::AppendError full;
            full.kind = store::AppendError::Kind::disk_full;
            return done(std::unexpected(std::move(full)));
        }
        log_.append(std::move(append), [&](store::AppendResult result) {
            if (crash_.comes()) return unanswered_.push_back(std::move(done));
            done(std::move(result));
        });
    }
    std::vector<store::RecordedEvent> read_stream(
        const TenantId& tenant,
        const StreamName& stream,
        Version from,
        std::size_t limit,
        store::Direction direction
    ) override {
        auto read = log_.read_stream(tenant, stream, from, limit, direction);
        if (after_load) after_load();
        return read;
    }
    Version stream_version(const TenantId& tenant, const StreamName& stream) override {
        return log_.stream_version(tenant, stream);
    }
    void read_all_into(
        std::vector<store::RecordedEvent>& events,
        Position from,
        const store::Filter& filter,
        std::size_t limit,
        store::Direction direction,
        store::Detail detail
    ) override {
        log_.read_all_into(events, from, filter, limit, direction, detail);
    }
    Position head() override { return log_.head(); }
    Position position_at(Timestamp time) override { return log_.position_at(time); }
    std::unique_ptr<store::Subscription> subscribe(Position after, store::Filter filter) override {
        return log_.subscribe(after, std::move(filter));
    }
    store::Journal& journal() override { return log_.journal(); }

    int fail_appends = 0;
    std::function<void()> after_load;

private:
    store::EventStore& log_;
    Crash& crash_;
    std::vector<store::AppendDone> unanswered_;
};

/// The read model, which may lag.
class LaggingModel final : public OpenProcesses {
public:
    LaggingModel(store::EventStore& log, int lag) : log_(log), lag_(lag) {}

    Position position() override {
        if (asked_++ % (lag_ + 1) == 0) read();
        return read_;
    }
    std::vector<TimerRow> timers(const std::optional<TimerRow>& after, std::size_t limit) override {
        return beyond(timers_, after, limit);
    }
    std::vector<ProcessName> under_way(const std::optional<ProcessName>& after, std::size_t limit)
        override {
        std::vector<ProcessName> names;
        for (auto each = after ? effects_.upper_bound(*after) : effects_.begin();
             each != effects_.end() && names.size() < limit;
             ++each)
            if (!each->second.empty()) names.push_back(each->first);
        return names;
    }

private:
    template <class Row>
    static std::vector<Row> beyond(
        const std::set<Row>& rows, const std::optional<Row>& after, std::size_t limit
    ) {
        std::vector<Row> found;
        for (auto row = after ? rows.upper_bound(*after) : rows.begin();
             row != rows.end() && found.size() < limit;
             ++row)
            found.push_back(*row);
        return found;
    }

    void read() {
        const auto events = log_.read_all(read_ + 1, {}, 100'000, store::Direction::forwards);
        for (const auto& event : events) {
            read_ = event.position;
            const auto general = events::decode<events::ProcessEvent>(event);
            if (!general || events::category_of(event.stream) != Toy::category) continue;
            const ProcessName process{
                event.tenant, std::string(Toy::kind), std::string(events::id_of(event.stream))
            };
            const auto forget = [&](const std::string& timer) {
                std::erase_if(timers_, [&](const TimerRow& row) {
                    return row.process == process && row.timer == timer;
                });
            };
            if (const auto* set = std::get_if<events::ProcessTimerSet>(&*general))
                timers_.insert({set->due, process, set->timer});
            if (const auto* gone = std::get_if<events::ProcessTimerCancelled>(&*general))
                forget(gone->timer);
            if (const auto* fired = std::get_if<events::ProcessTimerFired>(&*general))
                forget(fired->timer);
            if (const auto* meant = std::get_if<events::ProcessEffectIntended>(&*general))
                effects_[process].emplace(meant->effect, meant->key);
            if (const auto* ended = std::get_if<events::ProcessEffectEnded>(&*general))
                effects_[process].erase({ended->effect, ended->key});
        }
    }

    store::EventStore& log_;
    int lag_;
    int asked_ = 0;
    Position read_ = 0;
    std::set<TimerRow> timers_;
    std::map<ProcessName, std::set<EffectName>> effects_;
};

/// What the peer does with one send.
enum class Peer {
    acts,
    acts_in_silence,  // times out after acting
    acts_and_fails,   // acts, and answers garbage
    drops,            // times out without acting
    fails,            // answers garbage, and has not acted
    is_away,          // nothing leaves
    refuses,
};

/// The toy's gateway and the peer behind it, which does again what it is asked again.
class ToyEffects final : public gateways::Effects {
public:
    using Script = std::function<Peer(const std::string& step)>;
    ToyEffects(std::map<std::string, int>& acted, Script script, Crash& crash)
        : acted_(acted), script_(std::move(script)), crash_(crash) {}

    gateways::Manner manner(const gateways::Effect&) const override { return {}; }

    asio::awaitable<gateways::Sent> send(gateways::Effect, gateways::EffectOrigin origin) override {
        ++sends;
        const auto peer = script_(origin.step);
        if (crash_.comes()) co_await for_ever();
        if (peer == Peer::is_away) co_return gateways::NotSent{why()};
        if (peer == Peer::refuses) co_return gateways::Refused{why().refusal};
        const bool acts = peer != Peer::drops && peer != Peer::fails;
        if (acts) ++acted_[origin.command_id.str()];
        if (crash_.comes()) co_await for_ever();
        if (peer == Peer::acts) co_return gateways::Done{};
        if (peer == Peer::acts_and_fails || peer == Peer::fails)
            co_return gateways::Answered{why()};
        co_return gateways::Unknown{};
    }

    asio::awaitable<gateways::Settled> settle(gateways::Effect, gateways::EffectOrigin origin)
        override {
        if (crash_.comes()) co_await for_ever();
        if (look_ups_fail > 0) {
            --look_ups_fail;
            co_return gateways::LookUpFailed{why()};
        }
        if (acted_.contains(origin.command_id.str())) co_return gateways::Done{};
        co_return gateways::Absent{};
    }

    int sends = 0;
    int look_ups_fail = 0;

private:
    static gateways::NotDone why() {
        return {{"clubify-unavailable", 503, "unavailable", {"It is away.", "Está fora."}}, {}};
    }
    static asio::awaitable<void> for_ever() {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        timer.expires_at(asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::use_awaitable);
    }

    std::map<std::string, int>& acted_;
    Script script_;
    Crash& crash_;
};

/// A time that stands until it is told to go to the next appointment.
class StandingTime final : public net::Timekeeper {
public:
    explicit StandingTime(Timestamp& now) : now_(now) {}

    Timestamp now() const override { return now_; }
    net::Appointment at(Timestamp due, Wake wake) override {
        const auto id = ++last_;
        waiting_->emplace(std::pair(std::max(due, now_), id), std::move(wake));
        return net::Appointment([waiting = waiting_, key = std::pair(std::max(due, now_), id)] {
            waiting->erase(key);
        });
    }
    net::Watching watch(UnderWay) override { return {}; }

    /// False: nobody waits for a time up to `limit`.
    bool go_on(Timestamp limit) {
        if (waiting_->empty() || waiting_->begin()->first.first > limit) return false;
        now_ = std::max(now_, waiting_->begin()->first.first);
        auto wake = std::move(waiting_->begin()->second);
        waiting_->erase(waiting_->begin());
        wake();
        return true;
    }

private:
    using Waiting = std::map<std::pair<Timestamp, int>, Wake>;
    Timestamp& now_;
    int last_ = 0;
    std::shared_ptr<Waiting> waiting_ = std::make_shared<Waiting>();
};

inline constexpr commands::Entity toy_entity{
    .name = "coupon",
    .collection = "/v1/coupons",
    .this_one = {"coupon", "este cupom"},
    .is_id = [](std::string_view) { return true; },
    .has_process = true
};

/// Asks the toy for "d" or "now"; anything else is refused before anything happens.
struct AskToyHandling {
    static std::string parse(const commands::Preparation& from) {
        return from.body.value("what", "");
    }
    static commands::Nothing load(const commands::Preparation&, const std::string&) { return {}; }
    static std::expected<std::vector<events::CouponEvent>, commands::Rejection> decide(
        const std::string& what, const commands::Nothing&, const commands::Preparation& from
    ) {
        if (what == "nothing") return std::vector<events::CouponEvent>{};
        if (what != "d" && what != "now")
            return std::unexpected(commands::Rejection{"illegal-transition", {"no", "não"}, {}});
        return std::vector<events::CouponEvent>{
            events::CouponDisabled{events::CouponId(from.entity_id), "ask:" + what}
        };
    }
    static JsonText
    answer(const std::string&, const commands::Nothing&, const commands::Preparation&) {
        return commands::status_answer("nothing");
    }
};

inline constexpr commands::Definition toy_commands[] = {
    {.name = "AskToy",
     .method = "POST",
     .route = "/v1/coupons/{id}/ask",
     .entity = toy_entity,
     .feeds = Toy::kind,
     .schema = R"({"type":"object"})",
     .handler = commands::handled_by<AskToyHandling>}
};

class World {
public:
    explicit World(
        ToyEffects::Script script_of_peer = [](const std::string&) { return Peer::acts; }
    )
        : script(std::move(script_of_peer)) {}
    ~World() { kill(); }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    void start() {
        crash.now = false;
        loop = std::make_unique<asio::io_context>(1);
        crashing = std::make_unique<CrashingStore>(log, crash);
        time = std::make_unique<StandingTime>(now);
        model = std::make_unique<LaggingModel>(log, lag);
        effects = std::make_unique<ToyEffects>(acted, script, crash);
        auto quick = options;
        quick.errand.settle = std::chrono::milliseconds(0);
        quick.errand.first_pause = std::chrono::milliseconds(1);
        quick.errand.longest_pause = std::chrono::milliseconds(1);
        quick.first_pause = quick.longest_pause = std::chrono::milliseconds(1);
        bus = std::make_unique<commands::CommandBus>(
            commands::BusParts{
                .loop = loop->get_executor(),
                .store = *crashing,
                .facts = *facts,
                .commands = toy_commands,
                .connectors = {},
                .tenant_context = {},
                .clock = [this] { return now; },
                .new_id = new_id,
                .notify = [](const commands::Notice&) {}
            },
            bus_options
        );
        runner = std::make_unique<Runner>(
            RunnerParts{
                .loop = loop->get_executor(),
                .store = *crashing,
                .kinds = {process_of<Toy>()},
                .connectors = {{"toy", effects.get()}},
                .time = *time,
                .open = *model,
                .checkpoint = checkpoint,
                .notify = [this](const Notice& notice) { notices.push_back(notice); },
                .answered =
                    [this](const store::CommandName& name) {
                        if (tells_bus) bus->answered(name);
                    }
            },
            quick
        );
        runner->start();
    }

    /// As a kill: whatever runs ends where it is.
    void kill() {
        runner.reset();
        bus.reset();
        crashing.reset();
        loop.reset();
        effects.reset();
        model.reset();
        time.reset();
    }

    /// Until all that is due has been done; after a crash with another runner.
    void settle() {
        if (!runner) start();
        while (!runner->is_idle()) {
            time->go_on(now);
            loop->restart();
            loop->run_one_for(std::chrono::milliseconds(1));
            if (!crash.now) continue;
            kill();
            ++crashes;
            start();
        }
    }

    /// Goes from due time to due time, up to `limit`.
    void run_until(Timestamp limit) {
        settle();
        while (time->go_on(limit)) settle();
        now = std::max(now, limit);
    }
    void run_for(std::chrono::seconds duration) { run_until(now + duration); }

    /// A request that asks the toy for something: its reply, as soon as there is one.
    using Reply = std::shared_ptr<std::optional<commands::CommandReply>>;
    Reply ask(
        const std::string& id,
        const std::string& what,
        std::optional<std::string> key = {},
        commands::CommandBus* by = nullptr
    ) {
        if (!runner) start();
        commands::CommandRequest request;
        request.principal = {TenantId("acme"), store::Role::operator_, "key:test"};
        request.name = "AskToy";
        request.method = "POST";
        request.path = "/v1/coupons/" + id + "/ask";
        request.entity_id = id;
        request.body = R"({"what":")" + what + R"("})";
        request.idempotency_key = std::move(key);
        auto reply = std::make_shared<std::optional<commands::CommandReply>>();
        asio::co_spawn(
            *loop,
            (by == nullptr ? *bus : *by).handle(std::move(request)),
            [reply](const std::exception_ptr& error, commands::CommandReply answered) {
                if (error) std::rethrow_exception(error);
                *reply = std::move(answered);
            }
        );
        return reply;
    }
    /// Does what there is to do until it is there, or a crash has taken it.
    void wait_for(const Reply& reply) {
        const auto crashes_before = crashes;
        while (!*reply && crashes == crashes_before) {
            settle();
            if (crashes != crashes_before) break;
            loop->restart();
            loop->run_one_for(std::chrono::milliseconds(1));
            if (crash.now) settle_after_crash();
        }
    }
    void settle_after_crash() {
        kill();
        ++crashes;
        start();
        settle();
    }

    /// As a command would, but for its journal.
    void append(const std::string& stream, events::Encoded event) {
        store::Append append;
        append.tenant = TenantId("acme");
        events::Metadata metadata;
        metadata.correlation_id = CorrelationId("c1");
        append.streams.push_back(
            {StreamName(stream),
             store::ExpectedVersion::any(),
             {events::new_event(EventId(new_id()), std::move(event), metadata, now)}}
        );
        if (!store::append_and_wait(log, std::move(append))) throw std::runtime_error("no append");
    }
    void create(const std::string& id, std::chrono::seconds in = std::chrono::hours(1)) {
        events::CouponCreated created;
        created.coupon_id = events::CouponId(id);
        created.code = id;
        created.valid_from = now + in;
        append("coupon-" + id, events::encode(created));
    }
    void change(const std::string& id, const std::string& what) {
        append("coupon-" + id, events::encode(events::CouponDisabled{events::CouponId(id), what}));
    }
    void fact(const std::string& id) {
        append("offer-1", events::encode(events::OfferPaused{OfferId("1"), id}));
    }

    std::vector<events::RecordedEvent> stream(const std::string& name) {
        return log.read_stream(
            TenantId("acme"), StreamName(name), 1, 100'000, store::Direction::forwards
        );
    }
    std::vector<std::string> types(const std::string& id) {
        std::vector<std::string> types;
        for (const auto& event : stream("coupon-" + id)) types.push_back(event.type);
        return types;
    }
    Folded folded(const std::string& id) {
        const auto toy = process_of<Toy>();
        return catch_up(log, toy, {TenantId("acme"), "toy", id}, nothing_of(toy));
    }
    std::vector<events::ProcessEffectEnded> ended(const std::string& id) {
        std::vector<events::ProcessEffectEnded> all;
        for (const auto& event : stream("coupon-" + id)) {
            const auto general = events::decode<events::ProcessEvent>(event);
            if (!general) continue;
            if (const auto* one = std::get_if<events::ProcessEffectEnded>(&*general))
                all.push_back(*one);
        }
        return all;
    }
    int most_acts() const {
        int most = 0;
        for (const auto& [id, count] : acted) most = std::max(most, count);
        return most;
    }

    Timestamp now = parse_time("2026-11-29T12:00:00Z").value();
    UuidSource new_id = uuid_v7_source([this] { return now; });
    store::MemoryEventStore log{[this] { return now; }};
    std::map<std::string, int> acted;  // how often, by the command's id
    ToyEffects::Script script;
    Crash crash;
    int crashes = 0;
    int lag = 0;
    RunnerOptions options;
    commands::BusOptions bus_options;
    bool tells_bus = true;  // false: the process runs on another node
    std::unique_ptr<const commands::Facts> facts = commands::facts_of_log(log);
    std::filesystem::path checkpoint;
    std::vector<Notice> notices;

    std::unique_ptr<asio::io_context> loop;
    std::unique_ptr<CrashingStore> crashing;
    std::unique_ptr<StandingTime> time;
    std::unique_ptr<LaggingModel> model;
    std::unique_ptr<ToyEffects> effects;
    std::unique_ptr<commands::CommandBus> bus;
    std::unique_ptr<Runner> runner;
};

}  // namespace vitrine::processes::spec
