// delivery_bench DIRECTORY [--events 100000] [--rate 500]: the runner of deliveries alone, its
// receivers in the same process. How many deliveries a second one fast receiver takes, and again in
// a replay of all; how long after its commit 50 receivers have an event, without and with a dead
// receiver beside them.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <future>
#include <thread>
#include <vector>

#include "bench/new_event.hpp"
#include "deliveries/runner.hpp"
#include "net/real_timekeeper.hpp"
#include "store/open_store.hpp"

namespace {

using namespace vitrine;
using deliveries::Answer;
using SteadyClock = std::chrono::steady_clock;

double resident_mib() {
    std::ifstream status("/proc/self/statm");
    std::size_t pages = 0, resident = 0;
    status >> pages >> resident;
    return static_cast<double>(resident) * 4096 / 1024 / 1024;
}

class Sink : public deliveries::Receiver {
public:
    Sink(std::string id, bool dead)
        : name_{TenantId("bench"), "sink", std::move(id)}, dead_(dead) {}

    const deliveries::ReceiverName& name() const override { return name_; }
    Position start() const override { return begins_after; }
    bool wants(const events::RecordedEvent&) const override { return true; }
    deliveries::Message message(const events::RecordedEvent& event) const override {
        return {event.id, event.type, std::to_string(event.position) + ' ' + event.data};
    }
    boost::asio::awaitable<Answer> send(deliveries::Message message, int) override {
        const auto executor = co_await boost::asio::this_coro::executor;
        if (dead_) {  // it answers nothing
            boost::asio::steady_timer deadline(executor, std::chrono::seconds(15));
            co_await deadline.async_wait(boost::asio::use_awaitable);
            co_return Answer::unknown({"it timed out", "o prazo acabou"});
        }
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
        ++taken;
        if (on_taken) on_taken(std::stoull(message.body));
        co_return Answer::taken();
    }
    const deliveries::Schedule& schedule() const override { return schedule_; }

    Position begins_after = 0;
    std::size_t taken = 0;
    std::function<void(Position)> on_taken;

private:
    deliveries::ReceiverName name_;
    bool dead_;
    deliveries::Schedule schedule_ = deliveries::Schedule(10, std::chrono::seconds(5));
};

void append(store::EventStore& store, const UuidSource& uuid, std::size_t stream) {
    events::OfferEdited edited;
    edited.offer_id = OfferId("offer-" + std::to_string(stream));
    edited.name = "Edition";
    store::Append append;
    append.tenant = TenantId("bench");
    append.streams.push_back(
        {events::stream_of(edited.offer_id),
         store::ExpectedVersion::any(),
         {bench::new_event(edited, uuid)}}
    );
    store.append(std::move(append), [](const store::AppendResult&) {});
}

void fill(store::EventStore& store, const UuidSource& uuid, std::size_t count) {
    constexpr std::size_t streams = 1000, ahead = 4000;
    const auto before = store.head();
    for (std::size_t i = 0; i < count; ++i) {
        while (i > ahead && store.head() < before + i - ahead) std::this_thread::yield();
        append(store, uuid, i % streams);
    }
    while (store.head() < before + count) std::this_thread::yield();
}

struct House {
    House(store::EventStore& store, const std::string& directory)
        : keeper(loop.get_executor()),
          runner({.loop = loop.get_executor(), .store = store, .data = directory, .keeper = keeper}
          ) {}

    void run_until(const std::function<bool()>& done) {
        while (!done()) loop.run_one_for(std::chrono::milliseconds(10));
    }

    boost::asio::io_context loop{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{loop.get_executor(
    )};
    net::RealTimekeeper keeper;
    deliveries::Runner runner;
};

void one_fast(store::EventStore& store, const std::string& directory, std::size_t count) {
    House house(store, directory);
    auto sink = std::make_shared<Sink>("fast", false);
    house.runner.set(sink);
    const auto measure = [&](const char* what, std::size_t goal) {
        const auto memory = resident_mib();
        double most = memory;
        const auto begin = SteadyClock::now();
        house.run_until([&] {
            if (sink->taken % 1000 == 0) most = std::max(most, resident_mib());
            return sink->taken >= goal;
        });
        const std::chrono::duration<double> took = SteadyClock::now() - begin;
        std::printf(
            "%-40s %8.0f a second, %5.1f MiB more at most\n",
            what,
            static_cast<double>(count) / took.count(),
            most - memory
        );
    };
    house.runner.start();
    measure("one fast receiver", count);
    boost::asio::co_spawn(
        house.loop, house.runner.replay(sink->name(), 1, {}), boost::asio::detached
    );
    measure("a replay of all to it", 2 * count);
}

void fifty(store::EventStore& store, const std::string& directory, std::size_t rate, bool dead) {
    std::vector<SteadyClock::time_point> asked(store.head() + 1);
    const auto first = store.head();
    const auto count = rate * 10;
    asked.resize(first + count + 1);
    House house(store, directory);
    std::vector<double> lags;
    std::vector<std::shared_ptr<Sink>> sinks;
    for (int i = 0; i < 50; ++i) {
        sinks.push_back(std::make_shared<Sink>("good-" + std::to_string(i), false));
        sinks.back()->begins_after = first;
        sinks.back()->on_taken = [&](Position position) {
            const std::chrono::duration<double, std::milli> lag =
                SteadyClock::now() - asked[position];
            lags.push_back(lag.count());
        };
        house.runner.set(sinks.back());
    }
    if (dead) {
        auto silent = std::make_shared<Sink>("dead", true);
        house.runner.set(silent);  // behind by the whole log
    }
    house.runner.start();
    const auto memory = resident_mib();
    const auto uuid = uuid_v7_source(system_clock());
    std::thread writer([&] {
        const auto begin = SteadyClock::now();
        for (std::size_t i = 0; i < count; ++i) {
            std::this_thread::sleep_until(
                begin + i * std::chrono::nanoseconds(1'000'000'000 / rate)
            );
            asked[first + i + 1] = SteadyClock::now();
            append(store, uuid, i % 1000);
        }
    });
    house.run_until([&] { return lags.size() >= 50 * count; });
    writer.join();
    std::ranges::sort(lags);
    const auto at = [&](double share) {
        return lags[static_cast<std::size_t>(share * static_cast<double>(lags.size() - 1))];
    };
    std::printf(
        "%-40s p50 %6.2f ms, p99 %6.2f ms, %5.1f MiB more\n",
        dead ? "50 receivers beside a dead one" : "50 receivers",
        at(0.5),
        at(0.99),
        resident_mib() - memory
    );
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t count = 100'000, rate = 100;
    std::string directory;
    CLI::App app("Measures the runner of deliveries.");
    app.add_option("directory", directory, "a folder that does not exist")->required();
    app.add_option("--events", count);
    app.add_option("--rate", rate);
    CLI11_PARSE(app, argc, argv);
    std::filesystem::create_directories(directory);
    const auto store = store::open_store(store::url_of(directory));
    fill(*store, uuid_v7_source(system_clock()), count);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    one_fast(*store, directory, count);
    fifty(*store, directory, rate, false);
    fifty(*store, directory, rate, true);
}
