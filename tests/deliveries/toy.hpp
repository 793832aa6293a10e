#pragma once

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "deliveries/runner.hpp"
#include "net/test_timekeeper.hpp"
#include "store/memory/memory_event_store.hpp"

namespace vitrine::tests {

using namespace std::chrono_literals;
using deliveries::Answer;
using deliveries::Message;
using deliveries::ReceiverName;

constexpr Timestamp noon{std::chrono::seconds(1'800'000'000)};

class Folder {
public:
    Folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "vitrine-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline Position add(
    store::EventStore& log, const std::string& key, const std::string& tenant = "acme"
) {
    store::NewEvent event;
    event.id = EventId("event-" + std::to_string(log.head() + 1));
    event.type = "OfferPaused";
    event.data = "{\"key\":\"" + key + "\"}";
    event.metadata = "{}";
    event.occurred_at = noon;
    store::Append change;
    change.tenant = TenantId(tenant);
    change.streams.push_back({StreamName("offer-" + key), store::ExpectedVersion::any(), {event}});
    Position position = 0;
    log.append(std::move(change), [&](store::AppendResult done) { position = done->last; });
    return position;
}

/// What a receiver was sent.
struct Sending {
    Position position = 0;
    std::string key;
    Message message;
    int attempt = 0;
    Timestamp at;
    Answer::Outcome outcome{};
};

/// It remembers all that it is sent, over restarts of who sends.
struct Memory {
    std::vector<Sending> sendings;
    std::set<std::string> under_way;  // keys
    std::size_t most_at_once = 0;
    std::size_t at_once = 0;
    bool overlapped = false;  // two of one key at once

    std::vector<Position> taken() const {
        std::vector<Position> positions;
        for (const auto& sending : sendings)
            if (sending.outcome == Answer::Outcome::taken) positions.push_back(sending.position);
        return positions;
    }
    /// Where several keys go side by side.
    std::vector<Position> taken_in_any_order() const {
        auto positions = taken();
        std::ranges::sort(positions);
        return positions;
    }
    std::size_t attempts(Position position) const {
        return static_cast<std::size_t>(std::ranges::count(sendings, position, &Sending::position));
    }
    /// The first time that each was taken, a key's come in their order.
    bool keeps_order() const {
        std::map<std::string, Position> last;
        std::set<Position> seen;
        for (const auto& sending : sendings) {
            if (sending.outcome != Answer::Outcome::taken) continue;
            if (!seen.insert(sending.position).second) continue;
            if (sending.position < last[sending.key]) return false;
            last[sending.key] = sending.position;
        }
        return true;
    }
};

/// Answers as it is told.
class Toy : public deliveries::Receiver {
public:
    using Reply = std::function<Answer(const Sending&)>;

    Toy(ReceiverName name,
        std::shared_ptr<Memory> memory,
        const net::Timekeeper& keeper,
        Reply reply,
        deliveries::Schedule schedule)
        : name_(std::move(name)),
          memory_(std::move(memory)),
          keeper_(keeper),
          reply_(std::move(reply)),
          schedule_(std::move(schedule)) {}

    const ReceiverName& name() const override { return name_; }
    Position start() const override { return begins_after; }
    bool wants(const events::RecordedEvent& event) const override {
        return event.type != "ProductCreated";
    }
    Message message(const events::RecordedEvent& event) const override {
        return {event.id, event.type, std::to_string(event.position) + ' ' + event.data};
    }
    boost::asio::awaitable<Answer> send(Message message, int attempt) override {
        const auto memory = memory_;
        Sending sending;
        sending.position = std::stoull(message.body);
        sending.key = message.body.substr(message.body.find(' ') + 1);
        sending.message = std::move(message);
        sending.attempt = attempt;
        sending.at = keeper_.now();
        if (!memory->under_way.insert(sending.key).second) memory->overlapped = true;
        memory->most_at_once = std::max(memory->most_at_once, ++memory->at_once);
        // Gives others their turn.
        co_await boost::asio::post(
            co_await boost::asio::this_coro::executor, boost::asio::use_awaitable
        );
        if (hangs) {
            boost::asio::steady_timer never(co_await boost::asio::this_coro::executor, 1h);
            co_await never.async_wait(boost::asio::use_awaitable);
        }
        auto answer = reply_(sending);
        sending.outcome = answer.outcome;
        memory->sendings.push_back(sending);
        memory->under_way.erase(sending.key);
        --memory->at_once;
        co_return answer;
    }
    const deliveries::Schedule& schedule() const override { return schedule_; }
    bool enabled() const override { return is_enabled; }
    std::size_t in_flight() const override { return most; }

    Position begins_after = 0;
    bool is_enabled = true;
    bool hangs = false;
    std::size_t most = 64;

private:
    ReceiverName name_;
    std::shared_ptr<Memory> memory_;
    const net::Timekeeper& keeper_;
    Reply reply_;
    deliveries::Schedule schedule_;
};

inline Answer takes(const Sending&) {
    return Answer::taken();
}
inline Answer fails(const Sending&) {
    return Answer::again({"answered 503", "respondeu 503"});
}

/// A runner over a log in memory, with a time that stands still.
class Carrier {
public:
    explicit Carrier(store::EventStore& log, Timestamp start = noon)
        : log_(log), keeper(loop.get_executor(), start) {}
    ~Carrier() { stop(); }

    void open(const std::filesystem::path& data, deliveries::Options options = {}) {
        options.save_after = 1ms;
        data_ = data;
        runner.emplace(
            deliveries::Parts{
                .loop = loop.get_executor(),
                .store = log_,
                .data = data,
                .keeper = keeper,
                .gone = [this](
                            const ReceiverName& name, const EventId&, Position
                        ) { gone.push_back(name); },
                .fault = [this](const std::string& what) { faults.push_back(what); },
            },
            std::move(options)
        );
    }
    void stop() { runner.reset(); }

    std::shared_ptr<Toy> toy(
        const std::string& id,
        Toy::Reply reply,
        deliveries::Schedule schedule = {0s, 5s, 300s},
        const std::string& tenant = "acme"
    ) {
        auto& memory = memories[id];
        if (!memory) memory = std::make_shared<Memory>();
        memory->under_way.clear();
        memory->at_once = 0;
        return std::make_shared<Toy>(
            ReceiverName{TenantId(tenant), "toy", id},
            memory,
            keeper,
            std::move(reply),
            std::move(schedule)
        );
    }
    Memory& memory(const std::string& id) { return *memories.at(id); }

    /// Lets all that fell due by then happen, and waits for what is under way.
    void advance(std::chrono::microseconds by) {
        const auto moved = run(keeper.move({.to = keeper.now() + by}));
        if (!moved) throw std::runtime_error(moved.error());
    }
    void settle() { advance(0s); }

    /// So many steps of the loop, or as many as there are.
    void step(std::size_t steps) {
        loop.restart();
        while (steps > 0 && loop.run_one_for(20ms) == 1) --steps;
    }

    /// What happens may come from another thread, when the loop has nothing to do.
    void run_until(const std::function<bool()>& done) {
        const auto open = boost::asio::make_work_guard(loop);
        loop.restart();
        while (!done()) loop.run_one();
    }

    template <class Result>
    Result run(boost::asio::awaitable<Result> what) {
        auto done = boost::asio::co_spawn(loop, std::move(what), boost::asio::use_future);
        loop.restart();
        while (done.wait_for(0s) != std::future_status::ready) loop.run_one();
        return done.get();
    }

    deliveries::ReceiverStatus status(const std::string& id) {
        for (auto& each : runner->status(std::nullopt))
            if (each.name.id == id) return each;
        throw std::runtime_error("no receiver " + id);
    }
    ReceiverName name(const std::string& id) { return {TenantId("acme"), "toy", id}; }

    store::EventStore& log_;
    boost::asio::io_context loop{1};
    net::TestTimekeeper keeper;
    std::map<std::string, std::shared_ptr<Memory>> memories;
    std::vector<ReceiverName> gone;
    std::vector<std::string> faults;
    std::optional<deliveries::Runner> runner;

private:
    std::filesystem::path data_;
};

}  // namespace vitrine::tests
