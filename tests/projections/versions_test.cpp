#include <fstream>
#include <thread>

#include "tests/projections/gate.hpp"
#include "tests/projections/house.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::Projection;
using projections::State;

/// A house whose read model `offers` was made by the present version.
void make_first_version(House& house) {
    house.log.add(offer_created("o1", "One"));
    house.open();
    house.settle();
    house.close();
}

std::vector<Projection> raised(const Gate& gate, int readable_since) {
    return projections_with("offers", [&](Projection& offers) {
        ++offers.version;
        offers.readable_since = readable_since;
        put_behind(gate, offers);
    });
}

class FaultyProjector : public projections::Projector {
public:
    void apply(const projections::RecordedEvent&) override { throw std::runtime_error("always"); }
    void write() override {}
    void forget() override {}
    std::size_t bytes() const override { return 0; }
};

}  // namespace

TEST_CASE("a raised version is built at start while the former one serves, then switched") {
    House house;
    make_first_version(house);
    Gate gate;
    house.open(raised(gate, 1));
    const auto upgrading = house.status("offers");
    CHECK(upgrading.state == State::upgrading);
    const auto former = upgrading.generation;
    CHECK(house.body("o1"));
    const auto position = house.log.add(renamed("o1", "Renamed"));
    REQUIRE(house.wait("products", position));  // others do not wait for it
    CHECK(house.body("o1")->find("One") != std::string::npos);
    CHECK(house.status("offers").lag == 1);

    gate.open();
    REQUIRE(house.wait("offers", position));
    CHECK(house.body("o1")->find("Renamed") != std::string::npos);
    CHECK(house.status("offers").state == State::running);
    CHECK(house.status("offers").generation > former);
    CHECK(database_files(house.folder.path()) == live_files + 1);
}

TEST_CASE("going back to the former version is instant, and so is going forth again") {
    House house;
    make_first_version(house);
    Gate gate;
    gate.open();
    const auto newer = raised(gate, 1);
    house.open(newer);
    auto position = house.log.add(renamed("o1", "By the newer one"));
    REQUIRE(house.wait("offers", position));
    const auto newer_generation = house.status("offers").generation;
    house.close();

    house.open();
    const auto back = house.status("offers");
    CHECK(back.generation < newer_generation);
    CHECK(back.state == State::running);
    CHECK(house.body("o1"));
    position = house.log.add(renamed("o1", "By the older one"));
    REQUIRE(house.wait("offers", position));
    CHECK(house.body("o1")->find("By the older one") != std::string::npos);
    house.close();

    house.open(newer);
    CHECK(house.status("offers").generation == newer_generation);
    REQUIRE(house.wait("offers", position));
    CHECK(house.body("o1")->find("By the older one") != std::string::npos);
    CHECK(database_files(house.folder.path()) == live_files + 1);
}

TEST_CASE("the file of a former version stays until it is dropped") {
    House house;
    make_first_version(house);
    Gate gate;
    gate.open();
    const auto newer = raised(gate, 1);
    house.open(newer);
    REQUIRE(house.wait("offers", house.log.add(renamed("o1", "Two"))));
    CHECK(house.projections().rebuild("offers", {}).switched);
    house.close();
    house.open(newer);
    CHECK(database_files(house.folder.path()) == live_files + 1);
    CHECK(house.projections().drop_old("offers") == 1);
    CHECK(house.projections().drop_old("offers") == 0);
    CHECK(database_files(house.folder.path()) == live_files);
    CHECK(house.body("o1"));
}

TEST_CASE("no file gets the name of one that was left over and is removed") {
    const TemporaryFolder folder;
    projections::ModelFiles files(folder.path());
    const auto leftover = folder.path() / "read_models" / "offers-v1-9.db";
    std::ofstream(leftover) << "what a crash has left";
    files.remove_leftovers("offers", 1);
    while (std::filesystem::exists(leftover)) std::this_thread::yield();
    CHECK(files.next("offers", 1).generation == 10);
}

TEST_CASE("what stood beside a database that is gone is removed too") {
    const TemporaryFolder folder;
    projections::ModelFiles files(folder.path());
    const auto leftover = folder.path() / "read_models" / "offers-v1-9.db-wal";
    std::ofstream(leftover) << "of a removed read model";
    files.remove_leftovers("offers", 1);
    while (std::filesystem::exists(leftover)) std::this_thread::yield();
}

TEST_CASE("a former version whose tables the readers do not understand does not serve") {
    House house;
    make_first_version(house);
    Gate gate;
    const auto newer = raised(gate, projections::find_projection("offers")->version + 1);
    house.open(newer);
    CHECK(house.status("offers").state == State::building);
    CHECK_FALSE(house.projections().read_model("offers").lease());
    REQUIRE(house.wait("products", 1));
    gate.open();
    REQUIRE(house.wait("offers", 1));
    CHECK(house.body("o1"));
}

TEST_CASE("a new version parks what the former one had parked, and what came since") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.log.add(offer_created("o2", "Two"));
    add_bad_edit(house, "o1");
    house.open();
    house.settle();
    house.close();
    add_bad_edit(house, "o2");
    const auto position = house.log.add(offer_created("o3", "Three"));
    Gate gate;
    house.open(raised(gate, 1));
    CHECK(house.status("offers").state == State::upgrading);
    CHECK_FALSE(house.body("o3"));
    gate.open();
    REQUIRE(house.wait("offers", position));
    CHECK(house.body("o3"));
    CHECK(house.status("offers").state == State::running);
    CHECK(house.status("offers").parked == 2);
    CHECK(house.projections().parked("offers", std::nullopt).size() == 2);
}

TEST_CASE("a new version that cannot apply what the former one could is not switched to") {
    House house;
    make_first_version(house);
    const auto newer = projections_with("offers", [&](Projection& offers) {
        ++offers.version;
        offers.open = [](SQLite::Database&, projections::Tables) {
            return std::make_unique<FaultyProjector>();
        };
    });
    house.open(newer);
    const auto stopped = house.changes.wait([](const auto& status) {
        return status.name == "offers" && status.stop;
    });
    CHECK(stopped.stop->position == 1);
    CHECK(stopped.stop->reason.starts_with("always; the former version could apply it"));
    CHECK(house.body("o1")->find("One") != std::string::npos);
}

TEST_CASE("while a read model is made that parks an event, nobody is told a part of it") {
    House house;
    house.log.add(offer_created("o1", "One"));
    add_bad_edit(house, "o1");
    const auto position = house.log.add(offer_created("o2", "Two"));
    Gate gate;
    std::size_t served = 0;
    house.open(projections_with("offers", [&](Projection& offers) {
        put_behind(gate, offers, [&] {
            if (house.projections().read_model("offers").lease()) ++served;
        });
    }));
    gate.open();
    REQUIRE(house.wait("offers", position));
    CHECK(house.status("offers").parked == 1);
    house.close();
    CHECK(served == 0);
}

TEST_CASE("a slow projection holds no other, and says how far it is behind") {
    House house;
    Gate gate;
    house.open(projections_with("offers", [&](Projection& offers) { put_behind(gate, offers); }));
    const auto first = house.log.add(offer_created("o1", "One"));
    REQUIRE(house.wait("offer_analytics", first));
    for (int i = 0; i < 5000; ++i) house.log.add(renamed("o1", "Name"));
    house.log.add(product_created("p1", 100));
    REQUIRE(house.wait("offer_analytics", house.log.head()));
    REQUIRE(house.wait("products", house.log.head()));
    CHECK(house.status("offer_analytics").lag == 0);
    CHECK(house.status("offer_analytics").lag_seconds == 0);
    const auto slow = house.status("offers");
    CHECK(slow.lag == house.log.head());
    CHECK(slow.lag_seconds > 0);
    CHECK(slow.state == State::running);
    gate.open();
    REQUIRE(house.wait("offers", house.log.head()));
    CHECK(house.status("offers").lag == 0);
    CHECK(house.body("o1"));
}

}  // namespace vitrine::tests
