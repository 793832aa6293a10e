#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "commands/engine/bus.hpp"
#include "commands/facts.hpp"
#include "core/uuid.hpp"
#include "tests/commands/notes.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

// Several nodes on one log, all on the thread of the test.
namespace vitrine::commands::spec {

/// The log as one node sees it: its appends can be cut off, and their answers kept back.
class NodeStore : public store::EventStore {
public:
    explicit NodeStore(store::EventStore& log) : log_(log) {}

    bool is_cut = false;

    /// What the tests do while a read of a far log is on its way, by its number from 1 on.
    std::function<void(int)> at_read = [](int) {};

    /// Appends, and reads of a far log, that are not answered yet.
    int under_way() const { return under_way_; }
    /// Whoever waits for what was cut off is gone.
    void forget_lost() { lost_.clear(); }

    void keep_answers() { keeps_answers_ = true; }
    std::size_t answers_kept() {
        const std::scoped_lock lock(mutex_);
        return kept_.size();
    }
    void give_answers() {
        keeps_answers_ = false;
        const std::scoped_lock lock(mutex_);
        for (auto& [done, result] : std::exchange(kept_, {})) answer(done, std::move(result));
    }

    void append(store::Append append, store::AppendDone done) override {
        if (is_cut) return lost_.push_back(std::move(done));
        ++under_way_;
        log_.append(
            std::move(append),
            [this, done = std::move(done)](store::AppendResult result) mutable {
                if (!keeps_answers_) return answer(done, std::move(result));
                const std::scoped_lock lock(mutex_);
                kept_.emplace_back(std::move(done), std::move(result));
            }
        );
    }
    std::vector<events::RecordedEvent> read_stream(
        const TenantId& tenant,
        const StreamName& stream,
        Version from,
        std::size_t limit,
        store::Direction direction
    ) override {
        return log_.read_stream(tenant, stream, from, limit, direction);
    }
    Version stream_version(const TenantId& tenant, const StreamName& stream) override {
        return log_.stream_version(tenant, stream);
    }
    void read_all_into(
        std::vector<events::RecordedEvent>& events,
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
    store::ReadThreads* read_threads() override {
        return log_.read_threads() == nullptr ? nullptr : &reads_;
    }

private:
    class Reads : public store::ReadThreads {
    public:
        explicit Reads(NodeStore& node) : node_(node) {}
        void run(std::move_only_function<void()> work) override {
            ++node_.under_way_;
            node_.at_read(++count_);
            node_.log_.read_threads()->run([this, work = std::move(work)]() mutable {
                work();
                work = nullptr;
                --node_.under_way_;
            });
        }
        void stop() override { node_.log_.read_threads()->stop(); }

    private:
        NodeStore& node_;
        int count_ = 0;
    };

    void answer(store::AppendDone& done, store::AppendResult result) {
        done(std::move(result));
        --under_way_;
    }

    store::EventStore& log_;
    Reads reads_{*this};
    std::atomic<int> under_way_ = 0;
    std::atomic<bool> keeps_answers_ = false;
    std::mutex mutex_;
    std::vector<std::pair<store::AppendDone, store::AppendResult>> kept_;
    std::vector<store::AppendDone> lost_;
};

/// A process with a bus, its own loop, gateway and name. Its clocks are the test's.
class Node {
public:
    Node(
        std::string name,
        store::EventStore& log,
        ToyWorld& world,
        const store::testing::ManualClock& clock,
        LeaseOptions lease = {}
    )
        : gateway(world), store_(log), facts_(facts_of_log(log)) {
        BusOptions options;
        options.execution.settle = std::chrono::milliseconds(0);
        options.execution.late_request = std::chrono::milliseconds(0);
        options.execution.first_pause = std::chrono::milliseconds(1);
        options.execution.longest_pause = std::chrono::milliseconds(5);
        options.lease = std::move(lease);
        options.lease.owner = std::move(name);
        options.lease.machine = clock.clock();
        options.lease.elapsed = [clock] {
            return std::chrono::steady_clock::time_point(clock.now().time_since_epoch());
        };
        bus = std::make_unique<CommandBus>(
            BusParts{
                .loop = loop_->get_executor(),
                .store = store_,
                .facts = *facts_,
                .commands = note_commands,
                .connectors = {{"toy", &gateway}},
                .tenant_context = {},
                .clock = clock.clock(),
                .new_id = store::testing::fresh_id,
                .notify = [this](const Notice& notice) { notices.push_back(notice); }
            },
            options
        );
    }
    ~Node() { die(); }
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    template <class T>
    std::future<T> begin(asio::awaitable<T> work) {
        return asio::co_spawn(*loop_, std::move(work), asio::use_future);
    }

    /// Does what there is to do. False: it is dead, or paused.
    bool work() {
        if (!loop_ || is_paused) return false;
        const store::testing::Serving serving;
        loop_->restart();
        loop_->poll();
        return true;
    }

    std::size_t take_up_expired() { return finish(begin(bus->take_up_expired())); }
    std::size_t recover() { return finish(begin(bus->recover())); }

    /// Works until it is there.
    template <class T>
    T finish(std::future<T> future) {
        while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
            work();
            std::this_thread::yield();
        }
        return future.get();
    }

    void at_read(std::function<void(int)> act) { store_.at_read = std::move(act); }

    /// As a kill: its coroutines end where they are. What it has asked the log for is answered
    /// before, to nobody.
    void die() {
        if (!loop_) return;
        while (store_.under_way() != 0) std::this_thread::yield();
        bus.reset();
        store_.forget_lost();
        loop_.reset();
    }

    /// From now on nothing of it reaches the log.
    void cut_off() { store_.is_cut = true; }

    /// As if it stood still while the log answers.
    void keep_answers() { store_.keep_answers(); }
    std::size_t answers_kept() { return store_.answers_kept(); }
    void give_answers() { store_.give_answers(); }

    int noticed(std::string_view event) const {
        return static_cast<int>(std::ranges::count(notices, event, &Notice::event));
    }

    ToyGateway gateway;
    std::vector<Notice> notices;
    bool is_paused = false;

private:
    NodeStore store_;
    std::unique_ptr<const Facts> facts_;
    std::unique_ptr<asio::io_context> loop_ = std::make_unique<asio::io_context>(1);

public:
    std::unique_ptr<CommandBus> bus;
};

/// Two nodes on one log of an engine of the store's contract suite.
template <class Engine>
class TwoNodes {
public:
    TwoNodes() {
        at_load = [](Version) {};
        full_at = 1000;
    }
    ~TwoNodes() {
        a.die();
        b.die();
    }
    TwoNodes(const TwoNodes&) = delete;
    TwoNodes& operator=(const TwoNodes&) = delete;

    static CommandRequest request(
        std::string name, const std::string& id, const std::string& text
    ) {
        CommandRequest result;
        result.principal = {TenantId("acme"), store::Role::admin, "key:test"};
        result.name = std::move(name);
        result.method = "POST";
        result.path = "/v1/notes/" + id;
        result.entity_id = id;
        result.body = Json({{"text", text}}).dump();
        return result;
    }
    static CommandRequest send(
        const std::string& id, const std::string& text, const std::string& key = ""
    ) {
        auto result = request("SendNote", id, text);
        if (!key.empty()) result.idempotency_key = key;
        return result;
    }

    template <class T>
    T wait(std::future<T> future) {
        run_until([&] {
            return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
        });
        return future.get();
    }
    CommandReply handle(Node& node, CommandRequest request) {
        return wait(node.begin(node.bus->handle(std::move(request))));
    }
    void run_until(const std::function<bool()>& is_so) {
        while (!is_so()) {
            a.work();
            b.work();
            std::this_thread::yield();
        }
    }
    void run_until_idle(Node& node) {
        run_until([&] { return node.bus->running() == 0; });
    }

    /// A note with one line.
    std::string begin_note() {
        const auto begun = handle(a, request("BeginNote", "", "begun"));
        REQUIRE(begun.status == 201);
        return Json::parse(begun.body).at("note_id");
    }
    std::vector<std::string> lines(const std::string& id) {
        std::vector<std::string> lines;
        for (const auto& event : engine.store().read_stream(
                 TenantId("acme"), StreamName("note-" + id), 1, 1000, store::Direction::forwards
             ))
            lines.push_back(Json::parse(event.data).at("text"));
        return lines;
    }
    std::vector<store::CommandRecord> unfinished() { return engine.store().journal().unfinished(); }
    void pass(int seconds) { engine.clock.advance(std::chrono::seconds(seconds)); }

    Engine engine;
    ToyWorld world;
    Node a{"a", engine.store(), world, engine.clock};
    Node b{"b", engine.store(), world, engine.clock};
};

}  // namespace vitrine::commands::spec
