// lag_bench [--rate 1000] [--seconds 10]: how long after its commit an event is visible in the read
// model `offers`, while so many events a second are appended. The limit beside it: how long the
// commit itself takes.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <thread>
#include <vector>

#include "bench/new_event.hpp"
#include "projections/projections.hpp"
#include "projections/projector.hpp"
#include "store/open_store.hpp"

namespace {

using namespace vitrine;
using SteadyClock = std::chrono::steady_clock;

store::Append append_of(
    const OfferId& id, const events::OfferEvent& event, const UuidSource& uuid
) {
    store::Append append;
    append.tenant = TenantId("bench");
    append.streams.push_back(
        {events::stream_of(id), store::ExpectedVersion::any(), {bench::new_event(event, uuid)}}
    );
    return append;
}

void print(const char* what, std::vector<double> milliseconds) {
    std::ranges::sort(milliseconds);
    const auto at = [&](double share) {
        return milliseconds[static_cast<std::size_t>(
            share * static_cast<double>(milliseconds.size() - 1)
        )];
    };
    std::printf(
        "%-34s p50 %7.2f ms, p99 %7.2f ms, most %7.2f ms\n",
        what,
        at(0.5),
        at(0.99),
        milliseconds.back()
    );
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t rate = 1000, seconds = 10;
    std::string directory;
    CLI::App app("Measures the lag of a read model.");
    app.add_option("directory", directory, "a folder that does not exist")->required();
    app.add_option("--rate", rate);
    app.add_option("--seconds", seconds);
    CLI11_PARSE(app, argc, argv);
    std::filesystem::create_directories(directory);
    std::filesystem::create_directories(directory + "/read_models");

    const auto uuid = uuid_v7_source(system_clock());
    const auto store = store::open_store(store::url_of(directory));
    projections::Projections projections(*store, directory, projections::every_projection(), {});
    constexpr std::size_t offers = 1000;
    std::vector<OfferId> ids;
    for (std::size_t i = 0; i < offers; ++i) {
        events::OfferCreated created;
        created.offer_id = OfferId(uuid());
        created.name = "Offer";
        created.slug = "offer-" + std::to_string(i);
        created.type = "single";
        created.currency = "BRL";
        created.clubify_offer_id = ClubifyId("remote-" + std::to_string(i));
        ids.push_back(created.offer_id);
        std::promise<void> stored;
        store->append(append_of(ids.back(), created, uuid), [&](const store::AppendResult&) {
            stored.set_value();
        });
        stored.get_future().wait();
    }

    const auto& model = projections.read_model("offers");
    while (model.position() < offers) std::this_thread::yield();
    const std::size_t count = rate * seconds;
    std::vector<SteadyClock::time_point> asked(count), committed(offers + count + 1),
        seen(offers + count + 1);
    std::thread watcher([&] {
        constexpr std::chrono::microseconds look_every(100);
        for (Position next = offers + 1; next <= offers + count;) {
            const auto reached = model.position();
            const auto now = SteadyClock::now();
            for (; next <= reached; ++next) seen[next] = now;
            std::this_thread::sleep_for(look_every);
        }
    });
    std::atomic<std::size_t> answered = 0;
    std::vector<double> commits(count), lags;
    const auto begin = SteadyClock::now();
    for (std::size_t i = 0; i < count; ++i) {
        std::this_thread::sleep_until(begin + i * std::chrono::nanoseconds(1'000'000'000 / rate));
        events::OfferEdited edited;
        edited.offer_id = ids[i % offers];
        edited.name = "Edition " + std::to_string(i);
        asked[i] = SteadyClock::now();
        store->append(
            append_of(edited.offer_id, edited, uuid),
            [&, i](const store::AppendResult& result) {
                const auto now = SteadyClock::now();
                committed[result->first] = now;
                commits[i] = std::chrono::duration<double, std::milli>(now - asked[i]).count();
                ++answered;
            }
        );
    }
    watcher.join();
    while (answered < count) std::this_thread::yield();
    for (Position position = offers + 1; position <= offers + count; ++position) {
        const auto lag =
            std::chrono::duration<double, std::milli>(seen[position] - committed[position]);
        lags.push_back(std::max(lag.count(), 0.0));
    }
    print("raw: from asking to the commit", std::move(commits));
    print("from the commit to visible", std::move(lags));
}
