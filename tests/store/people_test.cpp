#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>

#include "events/codec.hpp"
#include "events/customers.hpp"
#include "events/disclosures.hpp"
#include "events/new_event.hpp"
#include "events/people.hpp"
#include "events/webhooks.hpp"
#include "store/append.hpp"
#include "store/erased.hpp"
#include "store/erasures_log.hpp"
#include "store/memory/memory_event_store.hpp"
#include "store/open_store.hpp"
#include "store/people_store.hpp"
#include "store/person_seal.hpp"
#include "store/seal_log.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

const Timestamp now = *parse_time("2026-11-30T12:00:00Z");
const TenantId shop_a("acme"), shop_b("other");
const std::string body = R"({"customer":{"email":"ana.souza@example.org"}})";

MasterKey master(char digit = 'a') {
    return *MasterKey::from_hex(std::string(64, digit));
}

events::RecordedEvent received_in(EventStore& store, const TenantId& tenant = shop_a) {
    const auto events =
        store.read_stream(tenant, StreamName("webhook-d1"), 1, 1, Direction::forwards);
    REQUIRE(events.size() == 1);
    return events.front();
}

events::PersonText raw_in(const events::RecordedEvent& event) {
    return events::decode<events::ClubifyWebhookReceived>(event).value().raw;
}

Append received(const TenantId& tenant = shop_a, const std::string& id = "e1") {
    events::ClubifyWebhookReceived event;
    event.delivery_id = "d1";
    event.event = "order.paid";
    event.sent_at = now;
    event.raw = body;
    Append append;
    append.tenant = tenant;
    append.streams.push_back(
        {StreamName("webhook-d1"),
         ExpectedVersion::any(),
         {events::new_event(EventId(id), events::encode(event), events::Metadata{}, now)}}
    );
    return append;
}

/// A log in memory whose people's keys are in a folder.
struct Shop {
    explicit Shop(char digit = 'a')
        : people(
              log,
              PeopleKeys::open(folder.path(), master(digit), [] { return now; }),
              {.clock = [] { return now; }}
          ) {}

    TemporaryFolder folder;
    MemoryEventStore log{[] { return now; }};
    PeopleStore people;
};

void make(
    PeopleKeys& keys, std::vector<PersonKeyName> names, std::vector<PersonLookUp> found = {}
) {
    std::mutex mutex;
    std::condition_variable changed;
    bool made = false;
    keys.make(std::move(names), std::move(found), [&](const std::exception_ptr& failure) {
        const std::scoped_lock lock(mutex);
        CHECK(failure == nullptr);
        made = true;
        changed.notify_one();
    });
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return made; });
}

void erase(PeopleKeys& keys, Erasure erasure) {
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    keys.erase(std::move(erasure), [&](const std::exception_ptr& failure) {
        const std::scoped_lock lock(mutex);
        CHECK(failure == nullptr);
        done = true;
        changed.notify_one();
    });
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return done; });
}

std::string content(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// In any file of the folder.
bool stands_in(const std::filesystem::path& folder, std::string_view bytes) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && content(entry.path()).find(bytes) != std::string::npos)
            return true;
    return false;
}

CommandHead head_for(const std::string& id, std::optional<std::string> person) {
    CommandHead head;
    head.id = CommandId(id);
    head.name = "ValidateOrCreateCustomer";
    head.idempotency_key = "k-" + id;
    head.fingerprint = "f";
    head.stream = StreamName("customer-c1");
    head.body = JsonText(R"({"email":"ana@example.org"})");
    head.accepted_at = now;
    head.person = std::move(person);
    return head;
}

}  // namespace

TEST_CASE("what names people is open for who works on the log, and sealed in it", "[people]") {
    Shop shop;
    REQUIRE(append_and_wait(shop.people, received()));
    const auto stored = received_in(shop.log);
    CHECK(stored.data.find("ana.souza") == std::string::npos);
    CHECK(raw_in(stored).form() == events::PersonText::Form::sealed);
    CHECK(raw_in(received_in(shop.people)) == events::PersonText(body));
    CHECK(
        events::decode<events::ClubifyWebhookReceived>(received_in(shop.people.shown()))->raw ==
        events::PersonText::sealed({})
    );
    CHECK(
        received_in(shop.people.shown()).data.find(R"("raw":{"sealed":true})") != std::string::npos
    );
    CHECK_FALSE(stands_in(shop.folder.path(), "ana.souza"));
    const auto all = shop.people.read_all(1, {}, 10, Direction::forwards);
    CHECK(raw_in(all.front()) == events::PersonText(body));
}

TEST_CASE("who follows the log sees people as who reads it does", "[people]") {
    Shop shop;
    const auto open = shop.people.subscribe(0, {});
    const auto shown = shop.people.shown().subscribe(0, {});
    REQUIRE(append_and_wait(shop.people, received()));
    CHECK(raw_in(*open->advance(10).value().front()) == events::PersonText(body));
    CHECK(shown->poll(10).front().data.find("ana.souza") == std::string::npos);
}

TEST_CASE("an append that is repeated is the same append, though it is sealed again", "[people]") {
    Shop shop;
    REQUIRE(append_and_wait(shop.people, received()));
    const auto again = append_and_wait(shop.people, received());
    REQUIRE(again);
    CHECK(again->repeated);
}

TEST_CASE("a seal opens where it was made and nowhere else", "[people]") {
    const PersonKey key(std::string(16, 'i'), std::string(32, 'k'));
    const PersonKey foreign(std::string(16, 'i'), std::string(32, 'x'));
    const SealedPlace place{"acme", "customer-c1", "e1", "/email"};
    const auto sealed = seal_text(key, place, "ana@example.org");
    CHECK(open_text(key, place, sealed) == "ana@example.org");
    CHECK(key_id_of(sealed) == key.id());
    CHECK(seal_text(key, place, "ana@example.org") == sealed);
    CHECK_FALSE(open_text(foreign, place, sealed));
    for (const auto& elsewhere :
         {SealedPlace{"other", "customer-c1", "e1", "/email"},
          SealedPlace{"acme", "customer-c2", "e1", "/email"},
          SealedPlace{"acme", "customer-c1", "e2", "/email"},
          SealedPlace{"acme", "customer-c1", "e1", "/name"}})
        CHECK_FALSE(open_text(key, elsewhere, sealed));
    CHECK(key_id_of("no seal").empty());
}

TEST_CASE("what stands in clear in an older log is shown to nobody", "[people]") {
    Shop shop;
    REQUIRE(append_and_wait(shop.log, received()));
    CHECK(raw_in(received_in(shop.people)) == events::PersonText(body));
    CHECK(received_in(shop.people.shown()).data.find("ana.souza") == std::string::npos);
}

TEST_CASE("when a month is over for long enough, what was sealed in it is erased", "[people]") {
    Shop shop;
    REQUIRE(append_and_wait(shop.people, received()));
    auto& keys = shop.people.keys();
    CHECK(keys.end_due(now + std::chrono::days(180), std::chrono::days(180)) == 0);
    CHECK(keys.end_due(now + std::chrono::days(181), std::chrono::days(180)) == 1);
    CHECK(raw_in(received_in(shop.people)).is_erased());
    CHECK(
        received_in(shop.people.shown()).data.find(R"("raw":{"erased":true})") != std::string::npos
    );
}

TEST_CASE(
    "a person who is erased has no keys, is found by nothing, and gets no new key", "[people]"
) {
    Shop shop;
    auto& keys = shop.people.keys();
    const PersonKeyName contract{shop_a, "c1", Purpose::contract};
    const PersonKeyName marketing{shop_a, "c1", Purpose::marketing};
    const PersonKeyName next{shop_a, "c2", Purpose::contract};
    make(keys, {contract, marketing, next, contract}, {{shop_a, "c1", "email", "ana@example.org"}});
    const auto key = keys.current(contract);
    REQUIRE(key);
    CHECK(keys.find(shop_a, key->id()) == key);
    CHECK(keys.find(shop_b, key->id()) == nullptr);
    CHECK(keys.people_with(shop_a, "email", "ana@example.org") == std::vector<std::string>{"c1"});
    CHECK(keys.people_with(shop_a, "phone", "ana@example.org").empty());
    CHECK(keys.people_with(shop_b, "email", "ana@example.org").empty());
    const auto named = keys.keys_of(shop_a, "c1");
    CHECK(named.size() == 2);

    const std::string bytes(key->bytes());
    erase(keys, {shop_a, "c1", now, {}, named});
    CHECK(keys.current(contract) == nullptr);
    CHECK(keys.current(marketing) == nullptr);
    CHECK(keys.find(shop_a, key->id()) == nullptr);
    CHECK(keys.current(next) != nullptr);
    CHECK(keys.people_with(shop_a, "email", "ana@example.org").empty());
    CHECK(keys.is_erased(shop_a, "c1"));
    make(keys, {contract}, {{shop_a, "c1", "email", "ana@example.org"}});
    CHECK(keys.current(contract) == nullptr);
    CHECK(keys.people_with(shop_a, "email", "ana@example.org").empty());
    CHECK_FALSE(stands_in(shop.folder.path(), key->id()));
    const auto noted = noted_erasures(shop.folder.path());
    REQUIRE(noted.size() == 1);
    CHECK(noted.front().keys == named);
}

TEST_CASE("what contracts need is kept until its time, and goes then", "[people]") {
    Shop shop;
    auto& keys = shop.people.keys();
    const PersonKeyName contract{shop_a, "c1", Purpose::contract};
    const PersonKeyName marketing{shop_a, "c1", Purpose::marketing};
    make(keys, {contract, marketing});
    erase(keys, {shop_a, "c1", now, now + std::chrono::days(30), {}});
    CHECK(keys.current(contract) != nullptr);
    CHECK(keys.current(marketing) == nullptr);
    CHECK(keys.end_due(now + std::chrono::days(29), std::chrono::days(180)) == 0);
    CHECK(keys.end_due(now + std::chrono::days(30), std::chrono::days(180)) == 1);
    CHECK(keys.current(contract) == nullptr);
    CHECK(keys.is_erased(shop_a, "c1"));
}

TEST_CASE("a copy of people.db that is put back knows who is to be erased anew", "[people]") {
    const TemporaryFolder folder, copy;
    const PersonKeyName contract{shop_a, "c1", Purpose::contract};
    {
        const auto keys = PeopleKeys::open(folder.path(), master(), [] { return now; });
        make(*keys, {contract});
    }
    std::filesystem::copy_file(folder.path() / "people.db", copy.path() / "people.db");
    {
        const auto keys = PeopleKeys::open(folder.path(), master(), [] { return now; });
        CHECK(keys->left_out().empty());
        erase(*keys, {shop_a, "c1", now, {}, {}});
        CHECK(keys->left_out().empty());
    }
    std::filesystem::copy_file(
        copy.path() / "people.db",
        folder.path() / "people.db",
        std::filesystem::copy_options::overwrite_existing
    );
    CHECK(PeopleKeys::open_read_only(folder.path(), nullptr)->is_erased(shop_a, "c1"));
    MemoryEventStore log([] { return now; });
    PeopleStore people(
        log,
        PeopleKeys::open(folder.path(), master(), [] { return now; }),
        {.clock = [] { return now; }}
    );
    REQUIRE(people.keys().left_out().size() == 1);
    CHECK(people.finish_erasures() == 1);
    CHECK(people.keys().current(contract) == nullptr);
    CHECK(people.keys().left_out().empty());
    CHECK(noted_erasures(folder.path()).size() == 1);
}

TEST_CASE("another master key takes the place of the one that opened people's keys", "[people]") {
    const TemporaryFolder folder;
    const PersonKeyName contract{shop_a, "c1", Purpose::contract};
    std::string bytes;
    {
        const auto keys = PeopleKeys::open(folder.path(), master('a'), [] { return now; });
        make(*keys, {contract});
        bytes = keys->current(contract)->bytes();
    }
    add_master_key(folder.path(), master('a'), master('b'));
    CHECK(PeopleKeys::open_read_only(folder.path(), nullptr)->figures().keys == 1);
    {
        const auto keys = PeopleKeys::open(folder.path(), master('b'), [] { return now; });
        CHECK(keys->current(contract)->bytes() == bytes);
    }
    CHECK_THROWS_AS(
        PeopleKeys::open(folder.path(), master('a'), [] { return now; }), std::runtime_error
    );
}

TEST_CASE("the journal keeps body, plan, answer and claims of a person sealed", "[people]") {
    Shop shop;
    Append accepting;
    accepting.tenant = shop_a;
    accepting.journal = Accept{
        head_for("1", "c1"),
        JsonText(R"({"plan":"ana@example.org"})"),
        {{"email", "ana@example.org"}, {"sku", "A"}}
    };
    REQUIRE(append_and_wait(shop.people, std::move(accepting)));
    const auto stored = shop.log.journal().find(shop_a, CommandId("1")).value();
    CHECK(stored.head.body.text.starts_with(R"({"sealed":")"));
    CHECK(stored.plan.text.find("ana@") == std::string::npos);
    CHECK(stored.head.fingerprint.starts_with("sealed:"));
    CHECK_FALSE(shop.log.journal().holder(shop_a, {"email", "ana@example.org"}));
    CHECK(shop.people.journal().holder(shop_a, {"email", "ana@example.org"}) == CommandId("1"));
    CHECK(shop.log.journal().holder(shop_a, {"sku", "A"}) == CommandId("1"));
    const auto opened = shop.people.journal().find(shop_a, CommandId("1")).value();
    CHECK(opened.head.body.text == R"({"email":"ana@example.org"})");
    CHECK(opened.head.fingerprint == "f");
    CHECK(opened.plan.text == R"({"plan":"ana@example.org"})");

    Append second;
    second.tenant = shop_a;
    second.journal = Accept{head_for("2", "c2"), JsonText("{}"), {{"email", "ana@example.org"}}};
    const auto refused = append_and_wait(shop.people, std::move(second));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().claim == Claim{"email", "ana@example.org"});

    Append ending;
    ending.tenant = shop_a;
    Conclude conclude;
    conclude.head = head_for("1", "c1");
    conclude.answer.status = 200;
    conclude.answer.body = JsonText(R"({"name":"Ana"})");
    ending.journal = conclude;
    REQUIRE(append_and_wait(shop.people, std::move(ending)));
    CHECK(
        shop.people.journal().find_by_key(shop_a, "k-1")->answer->body.text == R"({"name":"Ana"})"
    );

    erase(shop.people.keys(), {shop_a, "c1", now, now + std::chrono::days(30), {}});
    const auto after = shop.people.journal().find(shop_a, CommandId("1")).value();
    CHECK(is_erased(after.head.body));
    CHECK(is_erased(after.plan));
    CHECK(is_erased(after.answer->body));
}

TEST_CASE("commands that name nobody stand in the journal as they came", "[people]") {
    Shop shop;
    Append append;
    append.tenant = shop_a;
    append.journal = Accept{head_for("1", std::nullopt), JsonText("{}"), {}};
    REQUIRE(append_and_wait(shop.people, std::move(append)));
    CHECK(
        shop.log.journal().find(shop_a, CommandId("1"))->head.body.text ==
        R"({"email":"ana@example.org"})"
    );
}

TEST_CASE("an older log is sealed in a copy beside it", "[people]") {
    const TemporaryFolder folder;
    const auto old = folder.path() / "old", copy = folder.path() / "copy";
    std::filesystem::create_directory(old);
    {
        const auto log = open_store(url_of(old));
        REQUIRE(append_and_wait(*log, received()));
        Append more;
        more.tenant = shop_b;
        more.streams.push_back(
            {StreamName("people-x"),
             ExpectedVersion::any(),
             {events::new_event(
                 EventId("e2"),
                 events::encode(events::PeopleShown{"x", "feed"}),
                 events::Metadata{},
                 now
             )}}
        );
        REQUIRE(append_and_wait(*log, std::move(more)));
    }
    CHECK(stands_in(old, "ana.souza"));
    // One that was cut off is begun anew.
    std::filesystem::create_directory(folder.path() / "copy.unfinished");
    const auto report = seal_log(old, copy, master(), {});
    CHECK(report.sealed == 1);
    CHECK(report.after.faults.empty());
    CHECK(report.after.events == 2);
    CHECK_FALSE(stands_in(copy, "ana.souza"));
    CHECK(verify(old, {}).faults.empty());
    CHECK(stands_in(old, "ana.souza"));
    // Of a tenant without people everything stays.
    REQUIRE(report.before.size() == 2);
    CHECK(report.before[0].head != report.after.tenants[0].head);
    CHECK(report.before[1].head == report.after.tenants[1].head);
    const auto log = open_store(url_of(copy));
    PeopleStore people(*log, PeopleKeys::open(copy, master(), [] { return now; }), {.clock = [] {
        return now;
    }});
    CHECK(raw_in(received_in(people)) == events::PersonText(body));
    CHECK_THROWS_AS(seal_log(old, copy, master(), {}), std::runtime_error);
}

namespace {

const events::CustomerId ana("0190c1f2-0000-7000-8000-000000000001");
const StreamName of_ana("customer-" + ana.str());

events::CustomerRegistered registered() {
    events::CustomerRegistered event;
    event.customer_id = ana;
    event.source = "vitrine";
    event.email = "ana.souza@example.org";
    event.name = "Ana Souza";
    event.address = events::Address{};
    event.address->street = "Rua das Flores";
    event.tags = {"vip"};
    return event;
}

template <class Event>
Append of_event(const Event& event, const std::string& id) {
    Append append;
    append.tenant = shop_a;
    append.streams.push_back(
        {of_ana,
         ExpectedVersion::any(),
         {events::new_event(EventId(id), events::encode(event), events::Metadata{}, now)}}
    );
    return append;
}

Append registering(const std::string& id = "r1") {
    auto append = of_event(registered(), id);
    Conclude conclude;
    conclude.head = head_for("put-" + id, ana.str());
    conclude.head.stream = of_ana;
    conclude.claims = {{"email", "ana.souza@example.org"}};
    conclude.answer.status = 201;
    conclude.answer.body = JsonText(R"({"name":"Ana Souza"})");
    append.journal = std::move(conclude);
    return append;
}

events::CustomerErased erased_event() {
    events::CustomerErased event;
    event.customer_id = ana;
    event.reason = "Ana asked for it";
    return event;
}

events::CustomerRegistered first_in(EventStore& store) {
    const auto events = store.read_stream(shop_a, of_ana, 1, 1, Direction::forwards);
    REQUIRE(events.size() == 1);
    return events::decode<events::CustomerRegistered>(events.front()).value();
}

}  // namespace

TEST_CASE("an event that erases a person ends their keys before it is answered", "[people]") {
    Shop shop;
    REQUIRE(append_and_wait(shop.people, registering()));
    CHECK(first_in(shop.people) == registered());
    CHECK(first_in(shop.log).email->form() == events::PersonText::Form::sealed);
    CHECK(first_in(shop.log).address->street->form() == events::PersonText::Form::sealed);
    CHECK(first_in(shop.log).tags == std::vector<std::string>{"vip"});
    auto& keys = shop.people.keys();
    CHECK(
        keys.people_with(shop_a, "email", "ana.souza@example.org") ==
        std::vector<std::string>{ana.str()}
    );

    REQUIRE(append_and_wait(shop.people, of_event(erased_event(), "x1")));
    const auto erasure = keys.erasure_of(shop_a, ana.str());
    REQUIRE(erasure);
    CHECK(erasure->keys.size() == 2);  // the contract's and the command's
    CHECK_FALSE(erasure->contract_until);
    CHECK(keys.people_with(shop_a, "email", "ana.souza@example.org").empty());
    for (auto* store : {static_cast<EventStore*>(&shop.people), &shop.people.shown()}) {
        const auto seen = first_in(*store);
        CHECK(seen.email->is_erased());
        CHECK(seen.name->is_erased());
        CHECK(seen.address->street->is_erased());
        CHECK(seen.tags == std::vector<std::string>{"vip"});
    }
    // Why they were erased outlives them, for as long as the month is kept.
    const auto why = shop.people.read_stream(shop_a, of_ana, 2, 1, Direction::forwards);
    CHECK(
        events::decode<events::CustomerErased>(why.front())->reason ==
        events::PersonText("Ana asked for it")
    );
    CHECK(is_erased(shop.people.journal().find(shop_a, CommandId("put-r1"))->answer->body));
    // Whatever comes later is stored as erased.
    REQUIRE(append_and_wait(shop.people, of_event(registered(), "r2")));
    const auto later = shop.log.read_stream(shop_a, of_ana, 3, 1, Direction::forwards);
    CHECK(events::decode<events::CustomerRegistered>(later.front())->email->is_erased());
}

TEST_CASE("an erasure that a crash has cut off is carried out at the next start", "[people]") {
    Shop shop;
    REQUIRE(append_and_wait(shop.people, registering()));
    // The event is in the log, and the process died before the keys went.
    REQUIRE(append_and_wait(shop.log, of_event(erased_event(), "x1")));
    CHECK(first_in(shop.people) == registered());
    CHECK(shop.people.finish_erasures() == 1);
    CHECK(first_in(shop.people).email->is_erased());
    CHECK(shop.people.finish_erasures() == 0);
}

TEST_CASE(
    "of a log and keys that were put back whoever was erased since is erased anew", "[people]"
) {
    const TemporaryFolder folder, copy;
    const auto clock = [] { return now; };
    MemoryEventStore log(clock), older(clock);
    {
        PeopleStore people(log, PeopleKeys::open(folder.path(), master(), clock), {.clock = clock});
        REQUIRE(append_and_wait(people, registering()));
    }
    std::filesystem::copy_file(folder.path() / "people.db", copy.path() / "people.db");
    {
        PeopleStore people(log, PeopleKeys::open(folder.path(), master(), clock), {.clock = clock});
        REQUIRE(append_and_wait(people, of_event(erased_event(), "x1")));
    }
    std::filesystem::copy_file(
        copy.path() / "people.db",
        folder.path() / "people.db",
        std::filesystem::copy_options::overwrite_existing
    );
    // The log as it was before: with its claim.
    PeopleStore people(older, PeopleKeys::open(folder.path(), master(), clock), {.clock = clock});
    REQUIRE(append_and_wait(people, registering()));
    CHECK(first_in(people) == registered());
    CHECK(people.journal().holder(shop_a, {"email", "ana.souza@example.org"}));
    CHECK(people.finish_erasures() == 1);
    CHECK(first_in(people).email->is_erased());
    CHECK(people.stream_version(shop_a, of_ana) == 2);
    const auto told = older.read_stream(shop_a, of_ana, 2, 1, Direction::forwards).front();
    CHECK(told.type == "CustomerErased");
    CHECK(events::decode_metadata(told.metadata).actor == "erasures.log");
    CHECK_FALSE(people.journal().holder(shop_a, {"email", "ana.souza@example.org"}));
    CHECK(people.finish_erasures() == 0);
    CHECK(noted_erasures(folder.path()).size() == 1);
}

TEST_CASE("what contracts need is kept as long as is set, and the event says so", "[people]") {
    const TemporaryFolder folder;
    const auto clock = [] { return now; };
    MemoryEventStore log(clock);
    PeopleStore people(
        log,
        PeopleKeys::open(folder.path(), master(), clock),
        {.clock = clock, .contract_hold = std::chrono::days(30)}
    );
    REQUIRE(append_and_wait(people, registering()));
    REQUIRE(append_and_wait(people, of_event(erased_event(), "x1")));
    const auto event = people.read_stream(shop_a, of_ana, 2, 1, Direction::forwards).front();
    CHECK(
        events::decode<events::CustomerErased>(event)->contract_until == now + std::chrono::days(30)
    );
    CHECK(first_in(people).email == events::PersonText("ana.souza@example.org"));
    CHECK(is_erased(people.journal().find(shop_a, CommandId("put-r1"))->answer->body));
    CHECK(people.keys().end_due(now + std::chrono::days(30), std::chrono::days(180)) == 1);
    CHECK(first_in(people).email->is_erased());
}
