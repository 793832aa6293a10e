#include "queries/projections_status.hpp"

#include <nlohmann/json.hpp>

#include "tests/projections/gate.hpp"
#include "tests/projections/house.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

nlohmann::json offers_in(House& house) {
    const queries::ReadSide reads{house.log, house.projections()};
    const auto answer = queries::projections_status(reads);
    for (const auto& each : nlohmann::json::parse(answer->body)["projections"]) {
        if (each["name"] == "offers") return each;
    }
    return {};
}

}  // namespace

TEST_CASE("the status of a projection has how far its build is, while there is one") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.log.add(offer_created("o2", "Two"));
    Gate gate;
    house.open(projections_with("offers", [&](projections::Projection& projection) {
        put_behind(gate, projection);
    }));
    house.changes.wait([](const auto& status) { return status.name == "offers"; });
    const auto building = offers_in(house);
    CHECK(building["state"] == "building");
    CHECK(
        building["build"].dump() ==
        R"({"done":0,"per_second":0.0,"phase":"building","seconds_left":null,"total":2})"
    );
    gate.open();
    REQUIRE(house.wait("offers", 2));
    const auto built = offers_in(house);
    CHECK(built["state"] == "running");
    CHECK_FALSE(built.contains("build"));
}

}  // namespace vitrine::tests
