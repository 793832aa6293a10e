#include <atomic>
#include <thread>

#include "projections/sql.hpp"
#include "tests/projections/house.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {

TEST_CASE("a projection shows what is appended, before and after it started") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.open();
    REQUIRE(house.wait("offers", 1));
    CHECK(house.body("o1"));
    const auto position = house.log.add(offer_created("o2", "Two"));
    REQUIRE(house.wait("offers", position));
    CHECK(house.body("o2"));
    const auto status = house.status("offers");
    CHECK(status.position == 2);
    CHECK(status.lag == 0);
    CHECK(status.lag_seconds == 0);
    CHECK(status.state == projections::State::running);
}

TEST_CASE("a position whose event is of no interest is reached too") {
    House house;
    house.open();
    const auto position = house.log.add(product_created("p1", 100));
    CHECK(house.wait("offers", position));
}

TEST_CASE("readers at rest keep the state they saw, until the next event is applied") {
    House house;
    house.open();
    REQUIRE(house.wait("offers", house.log.add(offer_created("o1", "One"))));
    REQUIRE(house.body("o1"));
    const auto file = house.projections().read_model("offers").generation()->file();
    const auto wal_can_begin_anew = [&] {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);  // that does not wait
        return database.execAndGet("PRAGMA wal_checkpoint(RESTART)").getInt() == 0;
    };
    const auto position = house.log.add(renamed("o1", "Renamed"));
    REQUIRE(house.wait("offers", position));
    CHECK(wal_can_begin_anew());
    CHECK(house.body("o1")->find("Renamed") != std::string::npos);
    // A change that the readers are not told of: the state before it is still held.
    projections::open_for_writing(file)->exec("UPDATE checkpoint SET applied=applied+1");
    CHECK_FALSE(wal_can_begin_anew());
    REQUIRE(house.wait("offers", house.log.add(renamed("o1", "Again"))));
    CHECK(wal_can_begin_anew());
}

TEST_CASE("a wait ends with false at its deadline, and when the projections stop") {
    House house;
    house.open();
    CHECK_FALSE(house.wait("offers", 7, 1ms));
    auto waiting = house.start_waiting("offers", 7, std::chrono::steady_clock::now() + patience);
    house.projections().stop();
    CHECK_FALSE(waiting.get());
}

TEST_CASE("after a restart a projection goes on where its rows are") {
    House house;
    house.open();
    house.log.add(offer_created("o1", "One"));
    REQUIRE(house.wait("offers", 1));
    const auto generation = house.status("offers").generation;
    house.close();
    house.log.add(renamed("o1", "Renamed"));
    house.open();
    CHECK(house.status("offers").position >= 1);
    REQUIRE(house.wait("offers", 2));
    CHECK(house.body("o1")->find("Renamed") != std::string::npos);
    CHECK(house.status("offers").generation == generation);
}

TEST_CASE("a read model of another log, damaged or deleted, is made anew") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.open();
    REQUIRE(house.wait("offers", 1));
    const auto file = house.projections().read_model("offers").generation()->file();
    house.close();
    SECTION("another log") {
        projections::open_for_writing(file)->exec("UPDATE checkpoint SET last_event_id='foreign'");
    }
    SECTION("damaged") {
        std::filesystem::resize_file(file, 1000);
    }
    SECTION("deleted") {
        std::filesystem::remove(file);
    }
    SECTION("ahead of the log") {
        projections::open_for_writing(file)->exec("UPDATE checkpoint SET position=1000");
    }
    house.open();
    REQUIRE(house.wait("offers", 1));
    CHECK(house.body("o1"));
    CHECK(house.projections().read_model("offers").generation()->file() != file);
}

TEST_CASE("a long log is loaded in bulk when there is no read model yet") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.log.add(product_created("p", 1));
    for (int price = 0; price < 10'000; ++price) {
        house.log.add(events::ProductPriceChanged{ProductId("p"), price, "BRL"});
    }
    house.log.add(renamed("o1", "Renamed"));
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));
    CHECK(house.body("o1")->find("Renamed") != std::string::npos);
}

TEST_CASE("under Poison::stop an event stops its projection alone, visibly, until it can be applied"
) {
    const auto wanted = projections_with("offers", [](projections::Projection& offers) {
        offers.poison = projections::Poison::stop;
    });
    House house;
    house.log.add(offer_created("o1", "One"));
    const auto bad =
        house.log.add_encoded(StreamName("offer-o1"), {"OfferEdited", 1, R"({"name":7})"});
    const auto last = house.log.add(product_created("p1", 100));
    house.open(wanted);
    const auto stopped = house.changes.wait([](const auto& status) {
        return status.name == "offers" && status.stop && status.stop->attempts > 1;
    });
    CHECK(stopped.state == projections::State::stopped);
    CHECK(stopped.stop->position == bad);
    CHECK(stopped.stop->event_type == "OfferEdited");
    CHECK(stopped.stop->reason.find("cannot be read") != std::string::npos);
    CHECK(stopped.position == bad - 1);
    CHECK(stopped.lag == 2);
    CHECK(stopped.lag_seconds > 0);
    CHECK(stopped.parked == 1);
    const auto parked = house.projections().parked("offers", std::nullopt);
    REQUIRE(parked.size() == 1);
    CHECK(parked[0].position == bad);
    CHECK(parked[0].state == projections::ParkedState::blocking);
    CHECK(house.wait("products", last));  // another projection goes on
    CHECK(house.body("o1")->find("One") != std::string::npos);

    house.log.replace_data(bad, R"({"name":"Repaired"})");
    REQUIRE(house.wait("offers", last));
    CHECK(house.body("o1")->find("Repaired") != std::string::npos);
    house.changes.wait([last](const auto& status) {
        return status.name == "offers" && !status.stop && status.position == last;
    });
    CHECK(house.status("offers").state == projections::State::running);
    CHECK(house.status("offers").parked == 0);
}

TEST_CASE("a rebuild beside the live projection switches, and readers that began keep theirs") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.open();
    house.settle();
    auto early = house.projections().read_model("offers").lease();
    projections::RebuildOptions options;
    options.diff = true;
    const auto report = house.projections().rebuild("offers", options);
    CHECK(report.switched);
    CHECK(report.position == 1);
    CHECK(report.events == 1);
    REQUIRE(report.comparison);
    CHECK(report.comparison->equal());
    CHECK(house.status("offers").generation == report.generation);
    CHECK(database_files(house.folder.path()) == live_files + 1);  // one is still read
    {
        OffersReader reader(std::move(*early));
        CHECK(reader.find(house.log.tenant(), OfferId("o1")));
    }
    const auto position = house.log.add(renamed("o1", "Renamed"));
    REQUIRE(house.wait("offers", position));
    CHECK(house.body("o1")->find("Renamed") != std::string::npos);
    house.close();
    CHECK(database_files(house.folder.path()) == live_files);
    house.open();
    CHECK(house.status("offers").generation == report.generation);
}

TEST_CASE("a build and each switch to another file is told") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.open();
    house.changes.wait([](const auto& status) {
        return status.name == "offers" && status.state == projections::State::building;
    });
    const auto built = house.changes.wait([](const auto& status) {
        return status.name == "offers" && status.state == projections::State::running;
    });
    CHECK(built.position == house.log.head());
    house.projections().rebuild("offers", {});
    const auto rebuilt = house.changes.wait([&](const auto& status) {
        return status.name == "offers" && status.generation > built.generation;
    });
    CHECK(rebuilt.state == projections::State::running);
}

TEST_CASE("a check of a live projection reports what differs and switches nothing") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.open();
    house.settle();
    const auto generation = house.status("offers").generation;
    const auto file = house.projections().read_model("offers").generation()->file();
    projections::open_for_writing(file)->exec("UPDATE offers SET name='Tampered'");
    projections::RebuildOptions options;
    options.check = true;
    const auto report = house.projections().rebuild("offers", options);
    CHECK_FALSE(report.switched);
    REQUIRE(report.comparison);
    CHECK_FALSE(report.comparison->equal());
    CHECK(report.comparison->examples[0].column == "name");
    CHECK(house.status("offers").generation == generation);
    CHECK(database_files(house.folder.path()) == live_files);
}

TEST_CASE("a rebuild is strict: a poison event leaves everything as it was") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.open();
    house.settle();
    house.log.add_encoded(StreamName("offer-o1"), {"OfferEdited", 1, R"({"name":7})"});
    CHECK_THROWS_AS(house.projections().rebuild("offers", {}), projections::PoisonEvent);
    CHECK(house.body("o1"));
    CHECK(database_files(house.folder.path()) == live_files);
}

TEST_CASE("readers, appends and rebuilds at once: no failed look-up, no step back") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.open();
    REQUIRE(house.wait("offers", 1));
    std::atomic<bool> done = false;
    std::atomic<int> faults = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] {
            Position seen = 0;
            Version version = 0;
            while (!done) {
                OffersReader reader(*house.projections().read_model("offers").lease());
                const auto offer = reader.find(TenantId("acme"), OfferId("o1"));
                if (!offer || reader.position() < seen || offer->version < version) ++faults;
                if (offer && offer->position < reader.position()) ++faults;
                seen = reader.position();
                if (offer) version = offer->version;
            }
        });
    }
    std::thread writer([&] {
        for (int i = 0; i < 300; ++i) house.log.add(renamed("o1", "Name " + std::to_string(i)));
    });
    for (int i = 0; i < 3; ++i) {
        projections::RebuildOptions options;
        options.diff = true;
        const auto report = house.projections().rebuild("offers", options);
        CHECK(report.comparison->equal());
    }
    writer.join();
    CHECK(house.wait("offers", 301));
    done = true;
    for (auto& reader : readers) reader.join();
    CHECK(faults == 0);
    CHECK(house.body("o1")->find("Name 299") != std::string::npos);
}

TEST_CASE("a rebuild of a stopped store makes a file that the runner goes on with") {
    House house;
    house.log.add(offer_created("o1", "One"));
    const auto& projection = *projections::find_projection("offers");
    const auto report = rebuild_stopped(house.log, house.folder.path(), projection, {});
    CHECK(report.switched);
    CHECK_FALSE(report.comparison);
    projections::RebuildOptions check;
    check.check = true;
    house.log.add(renamed("o1", "Renamed"));
    const auto checked = rebuild_stopped(house.log, house.folder.path(), projection, check);
    REQUIRE(checked.comparison);
    CHECK(checked.comparison->equal());
    CHECK(checked.position == 2);
    CHECK_FALSE(checked.switched);
    house.open();
    CHECK(house.status("offers").generation == report.generation);
    CHECK(house.wait("offers", 2));
}

}  // namespace vitrine::tests
