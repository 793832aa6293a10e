// stream_bench DIR [--events 100000]: what it costs to load the state of a long stream for a
// command, from its beginning and by its newest snapshot. The limit beside it: to read the events
// that come after that snapshot.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "bench/new_event.hpp"
#include "commands/offers/offer.hpp"
#include "store/append.hpp"
#include "store/open_store.hpp"

namespace {

using namespace vitrine;
using Json = nlohmann::ordered_json;

constexpr std::size_t events_per_append = 1000;
constexpr std::size_t tail = 499;  // events after the newest snapshot, at the most
constexpr int rounds = 200;

const TenantId tenant("bench");

events::OfferEvent event_of(const OfferId& id, std::size_t number) {
    if (number > 0) {
        events::OfferEdited edited;
        edited.offer_id = id;
        edited.name = "Edition " + std::to_string(number);
        edited.description = std::string(200, 'x');
        return edited;
    }
    events::OfferCreated created;
    created.offer_id = id;
    created.clubify_offer_id = ClubifyId("remote");
    created.name = "Offer";
    created.slug = "offer";
    created.type = "single";
    created.currency = "BRL";
    return created;
}

void fill(store::EventStore& store, const OfferId& id, std::size_t count, const UuidSource& uuid) {
    for (std::size_t next = 0; next < count;) {
        store::StreamAppend stream;
        stream.stream = events::stream_of(id);
        stream.expected = store::ExpectedVersion::any();
        const auto end = std::min(count, next + events_per_append);
        for (; next < end; ++next) {
            stream.events.push_back(bench::new_event(event_of(id, next), uuid));
        }
        store::Append append;
        append.tenant = tenant;
        append.streams.push_back(std::move(stream));
        if (!store::append_and_wait(store, std::move(append))) {
            throw std::runtime_error("an append was refused");
        }
    }
}

template <class Function>
double milliseconds(Function function) {
    const auto begin = std::chrono::steady_clock::now();
    function();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
        .count();
}

template <class Function>
void print(const char* what, int times, Function function) {
    std::vector<double> taken;
    for (int i = 0; i < times; ++i) taken.push_back(milliseconds(function));
    std::ranges::sort(taken);
    const auto at = [&](std::size_t percent) { return taken[(taken.size() - 1) * percent / 100]; };
    const Json line = {{"what", what}, {"p50_ms", at(50)}, {"p99_ms", at(99)}, {"times", times}};
    std::printf("%s\n", line.dump().c_str());
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t count = 100'000;
    std::string directory;
    CLI::App app("Measures the loading of a long stream.");
    app.add_option("directory", directory, "a folder that does not exist")->required();
    app.add_option("--events", count)->check(CLI::Range(1000, 10'000'000));
    CLI11_PARSE(app, argc, argv);
    std::filesystem::create_directories(directory);

    count -= count % 500;  // then as many as can be come after the newest snapshot
    const auto uuid = uuid_v7_source(system_clock());
    const OfferId id(uuid());
    const auto store = store::open_store(store::url_of(directory));
    fill(*store, id, count + tail, uuid);
    const auto load = [&] { commands::load_offer(*store, tenant, id); };
    const auto read = [&] {
        const auto read = store->read_stream(
            tenant, events::stream_of(id), count + 1, tail, store::Direction::forwards
        );
        if (read.size() != tail) std::abort();
    };
    print("state from the beginning, no snapshot yet", 1, load);
    print("raw: read of the 499 events after the newest snapshot", rounds, read);
    print("state by the newest snapshot and those events", rounds, load);
}
