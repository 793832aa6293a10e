#include "projections/audit.hpp"

#include "projections/model_files.hpp"
#include "projections/sql.hpp"
#include "tests/projections/house.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::ProjectionAudit;

std::map<std::string, ProjectionAudit> audited(House& house) {
    std::map<std::string, ProjectionAudit> audits;
    for (auto& audit :
         projections::audit(house.log, house.folder.path(), projections::every_projection())) {
        audits[audit.name] = audit;
    }
    return audits;
}

void fill(House& house) {
    house.log.add(product_created("p1", 100));
    house.log.add(offer_created("o1", "One", {line("remote-p1", std::nullopt, "p1")}));
    house.log.add(renamed("o1", "Two"));
    house.log.as("other");
    house.log.add(offer_created("o1", "Of another"));
    house.log.as("acme");
    house.log.add(renamed("o1", "Three"));
}

}  // namespace

TEST_CASE("an audit beside running projections, and without them, finds every event applied") {
    House house;
    fill(house);
    house.open();
    house.settle();
    for (const bool running : {true, false}) {
        if (!running) house.close();
        const auto audits = audited(house);
        for (const auto& [name, audit] : audits) {
            INFO(name << ' ' << audit.fault);
            CHECK(audit.complete());
            CHECK(audit.skipped == 0);
            CHECK(audit.findings.empty());
        }
        CHECK(audits.at("offers").applied == 5);
        CHECK(audits.at("products").applied == 1);
        CHECK(audits.at("offer_analytics").applied == 4);
        CHECK(audits.at("price_history").applied == 3);
        CHECK(audits.at("offers").lag == 0);
    }
}

TEST_CASE("an audit finds a skipped event while the lag is zero, and says which") {
    House house;
    fill(house);
    house.open();
    house.settle();
    const auto skipped = house.log.head() + 1;
    house.close();
    const auto file = projections::read_live_file(house.folder.path(), "offers")->file;
    house.log.add(renamed("o1", "Never applied"));
    projections::open_for_writing(file)->exec(
        "UPDATE checkpoint SET position=" + std::to_string(skipped)
    );
    house.log.add(renamed("o1", "Applied"));
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));
    CHECK(house.status("offers").lag == 0);

    const auto audit = audited(house).at("offers");
    CHECK_FALSE(audit.complete());
    CHECK(audit.lag == 0);
    CHECK(audit.skipped == 1);
    CHECK(audit.surplus == 0);
    REQUIRE(audit.findings.size() == 1);
    CHECK(audit.findings[0].tenant == "acme");
    CHECK(audit.findings[0].type == "OfferEdited");
    CHECK(audit.findings[0].logged == 4);
    CHECK(audit.findings[0].found == 3);
    CHECK(audit.findings[0].missing == skipped);
    CHECK(house.projections().rebuild("offers", {}).switched);
    CHECK(audited(house).at("offers").complete());
}

TEST_CASE("an audit tells an event applied in the place of another by the digests") {
    House house;
    fill(house);
    house.open();
    house.settle();
    house.close();
    const auto file = projections::read_live_file(house.folder.path(), "offers")->file;
    {
        const auto database = projections::open_for_writing(file);
        auto tallies = projections::read_tallies(*database);
        auto twice = projections::tally_of(3, "event-3");
        twice -= projections::tally_of(5, "event-5");
        projections::Tallies wrong;
        wrong.add("acme", "OfferEdited", twice);
        projections::write_tallies(*database, tallies, wrong);
    }
    const auto audit = audited(house).at("offers");
    CHECK_FALSE(audit.complete());
    CHECK(audit.skipped == 0);
    REQUIRE(audit.findings.size() == 1);
    CHECK(audit.findings[0].logged == audit.findings[0].found);
    CHECK(audit.findings[0].logged_digest != audit.findings[0].found_digest);
}

TEST_CASE("a projection that is merely behind is complete up to its position, and says its lag") {
    House house;
    fill(house);
    house.open();
    house.settle();
    house.close();
    house.log.add(renamed("o1", "Later"));
    const auto audits = audited(house);
    CHECK(audits.at("offers").complete());
    CHECK(audits.at("offers").lag == 1);
    CHECK(audits.at("products").lag == 0);  // it does not want that
}

TEST_CASE("a projection without a file, or with one of another version, is not complete") {
    House house;
    fill(house);
    CHECK_FALSE(audited(house).at("offers").complete());
    house.open();
    house.settle();
    house.close();
    const auto newer =
        projections_with("offers", [](projections::Projection& offers) { ++offers.version; });
    const auto audits = projections::audit(house.log, house.folder.path(), newer);
    CHECK_FALSE(audits[0].complete());
    CHECK(audits[0].fault.find("version") != std::string::npos);
    CHECK(audits[1].complete());
}

TEST_CASE("tallies of parts add up to that of the whole, in any order") {
    const auto first = projections::tally_of(1, "a");
    const auto second = projections::tally_of(2, "b");
    auto one = first;
    one += second;
    auto other = second;
    other += first;
    CHECK(one == other);
    CHECK(one.events == 2);
    CHECK(projections::tally_of(1, "b") != first);
    CHECK(projections::tally_of(2, "a") != first);
    const std::string longer(300, 'x');
    CHECK(projections::tally_of(1, longer) != projections::tally_of(2, longer));
}

}  // namespace vitrine::tests
