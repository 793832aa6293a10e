#include "store/snapshots.hpp"

#include <SQLiteCpp/Database.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "commands/offers/offer.hpp"
#include "commands/products/product.hpp"
#include "core/uuid.hpp"
#include "events/codec.hpp"
#include "store/memory/memory_event_store.hpp"
#include "store/open_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/project_folder.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

const TenantId acme("acme");
const OfferId offer("0190b4e0-0000-7000-8000-000000000001");
const ProductId product("0190b4e0-0000-7000-8000-000000000002");
constexpr store::DeciderVersion decider{"offer", 2};

class Folder {
public:
    Folder() {
        auto name = (std::filesystem::temp_directory_path() / "vitrine-snapshots-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::filesystem::path snapshots() const { return path / "snapshots.db"; }
    std::filesystem::path path;
};

/// The same events go to a log with snapshots and to one without.
struct Logs {
    Folder folder;
    std::unique_ptr<store::EventStore> kept = store::open_store(store::url_of(folder.path));
    store::MemoryEventStore plain{system_clock()};
    UuidSource new_id = uuid_v7_source(system_clock());

    void reopen() {
        kept.reset();
        kept = store::open_store(store::url_of(folder.path));
    }
    store::Snapshots& snapshots() { return *kept->snapshots(); }
    std::optional<store::Snapshot> newest() {
        return snapshots().newest(acme, events::stream_of(offer), decider);
    }

    template <class Event>
    void append(const StreamName& stream, const std::vector<Event>& all) {
        store::Append append;
        append.tenant = acme;
        append.streams.push_back({stream, store::ExpectedVersion::any(), {}});
        for (const auto& event : all) {
            const auto encoded = events::encode(event);
            events::Metadata metadata;
            metadata.command_id = CommandId("0190b4e0-0000-7000-8000-0000000000cc");
            append.streams.front().events.push_back(
                {EventId(new_id()),
                 encoded.type,
                 encoded.schema,
                 encoded.data,
                 events::encode_metadata(metadata),
                 Timestamp()}
            );
        }
        for (auto* store : {kept.get(), static_cast<store::EventStore*>(&plain)}) {
            std::promise<bool> done;
            store->append(append, [&done](const store::AppendResult& result) {
                done.set_value(result.has_value());
            });
            REQUIRE(done.get_future().get());
        }
    }

    void check_offer() {
        const auto a = load_offer(*kept, acme, offer);
        const auto b = load_offer(plain, acme, offer);
        REQUIRE(a.version == b.version);
        CHECK(a.id == b.id);
        CHECK(a.clubify_id == b.clubify_id);
        CHECK(a.created_by == b.created_by);
        CHECK(a.status == b.status);
        CHECK(a.name == b.name);
        CHECK(a.slug == b.slug);
        CHECK(a.type == b.type);
        CHECK(a.description == b.description);
        CHECK((a.configuration == b.configuration));
        CHECK((a.metadata == b.metadata));
        CHECK((a.products == b.products));
    }
};

events::OfferProduct line(std::size_t number) {
    events::OfferProduct line;
    line.clubify_product_id = ClubifyId("65f0c0ffee00000000000" + std::to_string(number % 5));
    line.quantity = static_cast<std::int64_t>(number);
    line.price_cents = 100;
    line.discount = events::Discount{"percentage", JsonText("12.50")};
    line.rules = JsonText(R"({"b":1,"a":[2]})");
    return line;
}

/// Every kind of event in turn; the offer's first `count`, after `from` of them.
std::vector<events::OfferEvent> history(std::size_t from, std::size_t count) {
    std::vector<events::OfferEvent> all;
    for (auto i = from; i < from + count; ++i) {
        if (i == 0) {
            events::OfferCreated created;
            created.offer_id = offer;
            created.clubify_offer_id = ClubifyId("65f0c0ffee0000000000bb01");
            created.name = "Café";
            created.slug = "cafe";
            created.type = "funnel";
            created.currency = "BRL";
            created.metadata = JsonText(R"({"z":1,"a":2})");
            all.emplace_back(created);
            continue;
        }
        events::OfferEdited edited{offer, {}, {}, {}, {}};
        edited.name = "Name " + std::to_string(i);
        if (i % 3 == 0) edited.description = "Açaí " + std::to_string(i);
        edited.configuration.theme = JsonText("{\"n\":" + std::to_string(i) + "}");
        switch (i % 7) {
            case 0:
                all.emplace_back(edited);
                break;
            case 1:
                all.emplace_back(events::ProductAddedToOffer{offer, line(i)});
                break;
            case 2:
                all.emplace_back(events::ProductInOfferChanged{offer, line(i)});
                break;
            case 3:
                all.emplace_back(events::OfferActivated{offer, {}});
                break;
            case 4:
                all.emplace_back(events::OfferPaused{offer, "stock"});
                break;
            case 5:
                all.emplace_back(
                    events::ProductRemovedFromOffer{offer, {}, line(i).clubify_product_id}
                );
                break;
            default:
                all.emplace_back(edited);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("state by snapshot and tail is the full fold at each version") {
    Logs logs;
    const auto stream = events::stream_of(offer);
    logs.append(stream, history(0, 495));
    for (std::size_t version = 495; version < 1010; ++version) {
        if (version < 510 || version > 990) logs.check_offer();
        logs.append(stream, history(version, 1));
    }
    logs.check_offer();
    REQUIRE(logs.newest());
    CHECK(logs.newest()->version == 1000);
}

TEST_CASE("a product's state by snapshot and tail is the full fold") {
    Logs logs;
    events::ProductCreated created;
    created.product_id = product;
    created.clubify_product_id = ClubifyId("65f0c0ffee0000000000bb02");
    created.name = "Coffee";
    created.currency = "USD";
    created.metadata = JsonText(R"({"z":1,"a":2})");
    std::vector<events::ProductEvent> all{created};
    for (int price = 1; price < 700; ++price)
        all.emplace_back(events::ProductPriceChanged{product, price, "USD"});
    logs.append(events::stream_of(product), all);
    for (int times = 0; times < 2; ++times) {  // the second from the snapshot
        const auto a = load_product(*logs.kept, acme, product);
        const auto b = load_product(logs.plain, acme, product);
        REQUIRE(a.version == b.version);
        CHECK(a.id == b.id);
        CHECK(a.clubify_id == b.clubify_id);
        CHECK(a.created_by == b.created_by);
        CHECK(a.name == b.name);
        CHECK(a.description == b.description);
        CHECK(a.price_cents == b.price_cents);
        CHECK(a.currency == b.currency);
        CHECK((a.metadata == b.metadata));
    }
}

TEST_CASE("a snapshot of a decider's version is what it always was") {
    // If this fails, evolve or the state changed: raise the decider's version, and keep its text.
    Logs logs;
    logs.append(events::stream_of(offer), history(0, 500));
    logs.check_offer();
    REQUIRE(logs.newest());
    std::ifstream file(test::project_folder() / "tests/commands/golden/offer.v2.json");
    REQUIRE(file);
    std::string golden;
    std::getline(file, golden);
    CHECK(logs.newest()->state == golden);
}

TEST_CASE("the events before a snapshot are not folded again") {
    Logs logs;
    logs.append(events::stream_of(offer), history(0, 503));
    logs.check_offer();
    auto planted = *logs.newest();
    const auto at = planted.state.find("Name 4");
    REQUIRE(at != std::string::npos);
    planted.state[at] = 'G';
    logs.snapshots().save(acme, events::stream_of(offer), decider, planted);
    // The events 501 to 503 do not name it.
    CHECK(load_offer(*logs.kept, acme, offer).name.starts_with("Game"));
}

TEST_CASE("a snapshot that is damaged, of another decider or not of this log is made anew") {
    Logs logs;
    const auto stream = events::stream_of(offer);
    logs.append(stream, history(0, 700));
    logs.check_offer();
    const auto good = logs.newest();
    REQUIRE(good);
    const auto spoil = [&](const char* sql) {
        SQLite::Database file(logs.folder.snapshots().string(), SQLite::OPEN_READWRITE);
        REQUIRE(file.exec(sql) == 1);
    };
    auto other = *good;

    SECTION("a changed state") {
        spoil("UPDATE snapshots SET state = replace(state, 'Name', 'Game')");
        CHECK_FALSE(logs.newest());
    }
    SECTION("a changed version") {
        spoil("UPDATE snapshots SET version = 499");
        CHECK_FALSE(logs.newest());
    }
    SECTION("another decider") {
        spoil("UPDATE snapshots SET decider_version = 1");
        CHECK_FALSE(logs.newest());
    }
    SECTION("ahead of the log") {
        other.version = 1000;
        logs.snapshots().save(acme, stream, decider, other);
    }
    SECTION("of another history") {
        other.hash[7] ^= 1;
        logs.snapshots().save(acme, stream, decider, other);
    }
    SECTION("not what a decider writes") {
        other.state = "{}";
        logs.snapshots().save(acme, stream, decider, other);
    }
    SECTION("a file that is not SQLite's") {
        logs.kept.reset();
        std::ofstream(logs.folder.snapshots()) << std::string(5000, 'x');
        logs.reopen();
    }
    SECTION("no file") {
        logs.kept.reset();
        REQUIRE(std::filesystem::remove(logs.folder.snapshots()));
        logs.reopen();
    }
    logs.check_offer();
    logs.check_offer();
    REQUIRE(logs.newest());
    CHECK(logs.newest()->version == 500);
    CHECK(logs.newest()->state == good->state);
}
