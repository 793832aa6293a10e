#include "projections/progress.hpp"

#include <vector>

#include "projections/audit.hpp"
#include "tests/projections/gate.hpp"
#include "tests/projections/house.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::RebuildOptions;
using projections::RebuildProgress;
using projections::RebuildReport;
using Phase = RebuildProgress::Phase;

const projections::Projection& offers() {
    return *projections::find_projection("offers");
}

/// More than a comparison walks between two looks.
void fill(Log& log) {
    for (int i = 0; i < 2'000; ++i) log.add(offer_created("o" + std::to_string(i), "Offer"));
}

/// On the running server, or on the stopped one.
RebuildReport rebuild(House& house, bool running, const RebuildOptions& options) {
    if (running) return house.projections().rebuild("offers", options);
    house.close();
    return rebuild_stopped(house.log, house.folder.path(), offers(), options);
}

}  // namespace

TEST_CASE("the first build, and that of a raised version, tell how far they are until they are done"
) {
    House house;
    std::vector<RebuildProgress> told;
    house.building = [&](const std::string& name, const RebuildProgress& progress) {
        if (name == "offers") told.push_back(progress);
    };
    fill(house.log);
    const bool upgrade = GENERATE(false, true);
    if (upgrade) {
        house.open();
        house.settle();
        house.close();
        told.clear();
    }
    Gate gate;
    house.open(projections_with("offers", [&](projections::Projection& projection) {
        if (upgrade) ++projection.version;
        put_behind(gate, projection);
    }));
    house.changes.wait([&](const auto& status) {
        return status.name == "offers" && status.state == (upgrade ? projections::State::upgrading
                                                                   : projections::State::building);
    });
    const auto built = house.status("offers").build;
    REQUIRE(built);
    CHECK(built->phase == Phase::building);
    CHECK(built->done == 0);
    CHECK(built->total == house.log.head());
    CHECK_FALSE(projections::seconds_left(*built));

    gate.open();
    REQUIRE(house.wait("offers", house.log.head()));
    CHECK_FALSE(house.status("offers").build);
    REQUIRE(told.size() >= 2);
    CHECK(told.front().done == 0);
    CHECK(told.back().done == house.log.head());
    CHECK(told.back().per_second > 0);
    CHECK(projections::seconds_left(told.back()) == 0);
}

TEST_CASE("a comparison tells how many rows of both files it has looked at") {
    House house;
    fill(house.log);
    house.open();
    house.settle();
    const bool running = GENERATE(true, false);
    std::vector<RebuildProgress> told;
    RebuildOptions options;
    options.check = true;
    options.progress = [&](const RebuildProgress& progress) {
        told.push_back(progress);
        if (!running) return;
        const auto status = house.status("offers");
        REQUIRE(status.build);
        CHECK(status.build->phase == progress.phase);
    };
    rebuild(house, running, options);
    const auto first = std::ranges::find(told, Phase::comparing, &RebuildProgress::phase);
    REQUIRE(first != told.end());
    REQUIRE(first != told.begin());
    CHECK(std::prev(first)->done == house.log.head());
    CHECK(first->done == 0);
    CHECK(first->total == 4'000);
    CHECK(told.back().phase == Phase::comparing);
    CHECK(told.back().done == 4'000);
}

TEST_CASE("a comparison can be given up, and leaves no file behind") {
    House house;
    fill(house.log);
    house.open();
    house.settle();
    const bool running = GENERATE(true, false);
    bool compares = false;
    RebuildOptions options;
    options.diff = true;
    options.progress = [&](const RebuildProgress& progress) {
        compares = progress.phase == Phase::comparing;
    };
    options.cancelled = [&] { return compares; };
    CHECK_THROWS_AS(rebuild(house, running, options), projections::Cancelled);
    CHECK(compares);
    CHECK(database_files(house.folder.path()) == live_files);
    if (running) CHECK(house.status("offers").state == projections::State::running);
}

TEST_CASE("an audit tells how far of the log it is") {
    House house;
    fill(house.log);
    std::vector<Position> told;
    projections::audit(
        house.log,
        house.folder.path(),
        projections::every_projection(),
        [&](Position done, Position total) {
            told.push_back(done);
            CHECK(total == house.log.head());
        }
    );
    CHECK(told.size() == 1);  // it reads some thousands at a time
}

}  // namespace vitrine::tests
