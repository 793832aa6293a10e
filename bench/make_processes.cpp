// make_processes DIR --count N --due TIME [--every MICROSECONDS] [--bare]: a log for measurements,
// written through the store: offers that are active, each with a schedule that is to activate it,
// taken up and waiting for its timer as the runner leaves it. When it is due the command runs,
// finds the offer active, and the schedule is done: no other program takes part. With --bare the
// offers alone.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "core/uuid.hpp"
#include "events/new_event.hpp"
#include "events/offers.hpp"
#include "events/processes.hpp"
#include "events/schedules.hpp"
#include "store/append.hpp"
#include "store/data_directory.hpp"
#include "store/open_store.hpp"

namespace {

using namespace vitrine;
using namespace vitrine::events;

constexpr std::size_t per_append = 250;

class Writing {
public:
    Writing(store::EventStore& store, std::string tenant)
        : store_(store), tenant_(std::move(tenant)) {}

    template <class Event>
    void add(const Event& event) {
        Metadata metadata;
        metadata.command_id = CommandId(uuid_());
        metadata.correlation_id = CorrelationId(metadata.command_id.str());
        metadata.actor = "key:bench";
        stream_.events.push_back(
            new_event(EventId(uuid_()), encode(event), metadata, system_clock()())
        );
    }

    void end_stream(StreamName name) {
        stream_.stream = std::move(name);
        stream_.expected = store::ExpectedVersion::no_stream();
        append_.streams.push_back(std::exchange(stream_, {}));
    }

    void write() {
        append_.tenant = TenantId(tenant_);
        const auto done = store::append_and_wait(store_, std::exchange(append_, {}));
        if (!done) throw std::runtime_error(done.error().detail);
    }

    std::string new_id() { return uuid_(); }

private:
    store::EventStore& store_;
    std::string tenant_;
    UuidSource uuid_ = uuid_v7_source(system_clock());
    store::StreamAppend stream_;
    store::Append append_;
};

void add_offer(Writing& log, const OfferId& id, std::size_t number) {
    OfferCreated created;
    created.offer_id = id;
    created.clubify_offer_id = ClubifyId("offer_" + std::to_string(number));
    created.name = "Offer " + std::to_string(number);
    created.slug = "offer-" + std::to_string(number);
    created.type = "single";
    created.currency = "BRL";
    log.add(created);
    OfferActivated activated;
    activated.offer_id = id;
    log.add(activated);
    log.end_stream(stream_of(id));
}

void add_schedule(Writing& log, const OfferId& id, Timestamp due) {
    const std::string kind = "offer-schedule";
    log.add(OfferScheduled{id, due, {}, {}});
    log.add(ProcessOpened{kind});
    log.add(ProcessTimerSet{kind, "activate", due});
    log.add(ProcessWaiting{
        kind, "the time to activate the offer", "a hora de ativar a oferta", "waiting"
    });
    log.end_stream(StreamName("schedule-" + id.str()));
}

}  // namespace

int main(int argc, char** argv) {
    std::string directory, due_text;
    std::string tenant = "bench";
    std::size_t count = 100'000;
    long every = 0;
    bool bare = false;
    CLI::App app("Writes processes that wait for their timers.");
    app.add_option("directory", directory)->required();
    app.add_option("--count", count);
    app.add_option("--tenant", tenant);
    app.add_option("--due", due_text, "of the first")->required();
    app.add_option("--every", every, "microseconds between one and the next");
    app.add_flag("--bare", bare, "the offers alone");
    CLI11_PARSE(app, argc, argv);

    const auto due = parse_time(due_text);
    const auto lock = store::DataLock::try_take(directory);
    if (!due || !lock) {
        std::fprintf(stderr, "%s is in use, or %s no time\n", directory.c_str(), due_text.c_str());
        return 1;
    }
    const auto store = store::open_store(store::url_of(directory));
    Writing log(*store, tenant);
    std::string first;
    for (std::size_t i = 0; i < count; ++i) {
        const OfferId id(log.new_id());
        if (i == 0) first = id.str();
        add_offer(log, id, i);
        if (!bare)
            add_schedule(log, id, *due + std::chrono::microseconds(every) * static_cast<long>(i));
        if ((i + 1) % per_append == 0 || i + 1 == count) log.write();
    }
    std::printf("%s\n", first.c_str());
}
