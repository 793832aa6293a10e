#include <SQLiteCpp/Database.h>

#include "projections/audit.hpp"
#include "projections/builder.hpp"
#include "projections/compare.hpp"
#include "tests/projections/house.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::ParkedState;
using projections::RebuildOptions;
using projections::Release;

Release release_of(Release::Kind kind, const std::string& stream) {
    Release release;
    release.kind = kind;
    release.stream = StreamName(stream);
    release.actor = "key:test";
    return release;
}

std::string name_of(House& house, const std::string& offer) {
    const auto body = house.body(offer).value_or("");
    const auto begin = body.find("\"name\":\"") + 8;
    return body.substr(begin, body.find('"', begin) - begin);
}

/// A house whose offer o1 was edited by an event that cannot be read, and parked.
struct OneBadEdit : House {
    OneBadEdit() {
        log.add(offer_created("o1", "One"));
        bad = add_bad_edit(*this, "o1");
        open();
        REQUIRE(wait("offers", log.head()));
    }
    Position bad = 0;
};

/// The live file has what a rebuild of the log gives.
void require_equal_to_rebuilt(House& house, const std::string& name) {
    projections::RebuildOptions options;
    options.check = true;
    const auto report = house.projections().rebuild(name, options);
    REQUIRE(report.comparison);
    CHECK(report.comparison->equal());
}

projections::ProjectionAudit audit_of(House& house, const std::string& name) {
    for (auto& audit :
         projections::audit(house.log, house.folder.path(), projections::every_projection())) {
        if (audit.name == name) return audit;
    }
    throw std::out_of_range(name);
}

}  // namespace

TEST_CASE("a poison event and what follows in its stream is parked, in order; others go on") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.log.add(offer_created("o2", "Two"));
    const auto bad = add_bad_edit(house, "o1");
    const auto later = house.log.add(renamed("o1", "Later"));
    house.log.add(renamed("o2", "Other"));
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));
    CHECK(name_of(house, "o1") == "One");
    CHECK(name_of(house, "o2") == "Other");
    const auto status = house.status("offers");
    CHECK(status.state == projections::State::running);
    CHECK(status.parked == 2);
    house.changes.wait([](const auto& told) { return told.name == "offers" && told.parked == 2; });
    const auto parked = house.projections().parked("offers", house.log.tenant());
    REQUIRE(parked.size() == 2);
    CHECK(parked[0].position == bad);
    CHECK(parked[0].reason.find("cannot be read") != std::string::npos);
    CHECK(parked[1].position == later);
    CHECK(parked[1].reason.find(std::to_string(bad)) != std::string::npos);
    CHECK(house.projections().parked("offers", TenantId("other")).empty());
    const auto audit = audit_of(house, "offers");
    CHECK_FALSE(audit.complete());
    CHECK(audit.parked == 2);
    CHECK(audit.skipped == 0);

    house.close();
    house.open();
    CHECK(house.status("offers").parked == 2);
    const auto more = house.log.add(renamed("o1", "After the restart"));
    REQUIRE(house.wait("offers", more));
    CHECK(house.status("offers").parked == 3);
    CHECK(name_of(house, "o1") == "One");
}

TEST_CASE("a retry applies in order what can be applied now, and is an event") {
    House house;
    house.log.add(offer_created("o1", "One"));
    const auto bad = add_bad_edit(house, "o1");
    house.log.add(renamed("o1", "Later"));
    const auto second = add_bad_edit(house, "o1");
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));

    auto report = house.release("offers", release_of(Release::Kind::retry, "offer-o1"));
    CHECK(report.applied == 0);
    CHECK(report.parked == 3);
    CHECK(report.reason.find(std::to_string(bad)) != std::string::npos);

    house.log.replace_data(bad, R"({"description":"Repaired"})");
    report = house.release("offers", release_of(Release::Kind::retry, "offer-o1"));
    CHECK(report.applied == 2);
    CHECK(report.parked == 1);
    CHECK(report.reason.find(std::to_string(second)) != std::string::npos);
    CHECK(name_of(house, "o1") == "Later");

    house.log.replace_data(second, R"({"name":"Repaired"})");
    report = house.release("offers", release_of(Release::Kind::retry, "offer-o1"));
    CHECK(report.applied == 1);
    CHECK(report.parked == 0);
    CHECK(report.reason.empty());
    CHECK(name_of(house, "o1") == "Repaired");
    CHECK(house.status("offers").parked == 0);
    CHECK(audit_of(house, "offers").complete());
    require_equal_to_rebuilt(house, "offers");

    const auto said = house.log.read_all(report.position, {}, 1, store::Direction::forwards);
    CHECK(said[0].type == "ParkedStreamRetried");
    CHECK(said[0].stream == StreamName("projection-offers"));
    CHECK(said[0].tenant == house.log.tenant());
    CHECK(events::decode_metadata(said[0].metadata).actor == "key:test");
}

TEST_CASE("a retry that was done is not done again after a restart") {
    OneBadEdit house;
    CHECK(house.release("offers", release_of(Release::Kind::retry, "offer-o1")).parked == 1);
    house.close();
    house.log.replace_data(house.bad, R"({"name":"Repaired"})");
    house.open();
    REQUIRE(house.wait("offers", house.log.add(offer_created("o2", "Two"))));
    CHECK(house.status("offers").parked == 1);
    CHECK(name_of(house, "o1") == "One");
}

TEST_CASE("a dismissal gives up the first event for good, and the rest of the stream goes on") {
    House house;
    house.log.add(offer_created("o1", "One"));
    add_bad_edit(house, "o1");
    house.log.add(renamed("o1", "Later"));
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));
    const auto report = house.release("offers", release_of(Release::Kind::dismiss, "offer-o1"));
    CHECK(report.dismissed == 1);
    CHECK(report.applied == 1);
    CHECK(report.parked == 0);
    CHECK(name_of(house, "o1") == "Later");
    const auto kept = house.projections().parked("offers", std::nullopt);
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].state == ParkedState::dismissed);
    const auto audit = audit_of(house, "offers");
    CHECK(audit.complete());
    CHECK(audit.dismissed == 1);
    // A rebuild is strict, but knows from the log what has been given up.
    require_equal_to_rebuilt(house, "offers");
    CHECK(house.projections().rebuild("offers", {}).switched);
    CHECK(audit_of(house, "offers").complete());
    CHECK(house.status("offers").parked == 0);
}

TEST_CASE("why an event was given up is told alike before and after a rebuild") {
    OneBadEdit house;
    auto release = release_of(Release::Kind::dismiss, "offer-o1");
    const std::string cause =
        "OfferEdited at position " + std::to_string(house.bad) + " cannot be read: `name`: ";
    const bool with_reason = GENERATE(true, false);
    if (with_reason) release.reason = "written by a faulty import";
    const auto position = house.release("offers", release).position;
    const auto reason = [&] {
        const auto parked = house.projections().parked("offers", std::nullopt);
        return parked.size() == 1 ? parked[0].reason : std::string();
    };
    const auto before = reason();
    CHECK(before.starts_with(cause));
    CHECK(before.ends_with("; dismissed: written by a faulty import") == with_reason);

    RebuildOptions options;
    if (GENERATE(true, false)) options.tenant = house.log.tenant();
    CHECK(house.projections().rebuild("offers", options).switched);
    CHECK(reason() == before);

    // As decisions were written before they kept the cause.
    house.log.replace_data(
        position,
        R"({"projection":"offers","stream":"offer-o1","positions":[)" + std::to_string(house.bad) +
            R"(],"reason":"of old"})"
    );
    CHECK(house.projections().rebuild("offers", options).switched);
    CHECK(reason() == "of old");
}

TEST_CASE("what was given up stays so where a file is begun anew the live way") {
    OneBadEdit house;
    house.release("offers", release_of(Release::Kind::dismiss, "offer-o1"));
    house.close();
    house.log.replace_data(house.bad, R"({"name":"Readable by now"})");
    house.log.add(offer_created("o2", "Two"));
    add_bad_edit(house, "o2");  // so that a build fails
    std::filesystem::remove_all(house.folder.path() / "read_models");
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));
    CHECK(name_of(house, "o1") == "One");
    const auto parked = house.projections().parked("offers", std::nullopt);
    REQUIRE(parked.size() == 2);
    CHECK(parked[0].position == house.bad);
    CHECK(parked[0].state == ParkedState::dismissed);
    CHECK(audit_of(house, "offers").dismissed == 1);
}

TEST_CASE("what was given up stays so for a file that has not come so far") {
    House house;
    house.log.add(offer_created("o1", "One"));
    ModelFile behind("offers");
    behind.follow(house.log);
    const auto bad = add_bad_edit(house, "o1");
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));
    house.release("offers", release_of(Release::Kind::dismiss, "offer-o1"));
    house.log.replace_data(bad, R"({"name":"Readable by now"})");
    behind.follow(house.log);
    const auto parked = projections::read_parked_of(behind.file(), std::nullopt);
    REQUIRE(parked.size() == 1);
    CHECK(parked[0].position == bad);
    CHECK(parked[0].state == ParkedState::dismissed);
    OffersReader reader(behind.lease());
    CHECK(reader.find(house.log.tenant(), OfferId("o1"))->body.contains("\"One\""));
}

TEST_CASE("a decision that cannot be read decides nothing, and holds nothing up") {
    House house;
    house.log.add(offer_created("o1", "One"));
    add_bad_edit(house, "o1");
    house.log.add_encoded(
        StreamName("projection-offers"), {"ParkedStreamDismissed", 1, R"({"positions":"all"})"}
    );
    house.open();
    REQUIRE(house.wait("offers", house.log.add(renamed("o1", "Later"))));
    CHECK(house.status("offers").parked == 2);
    house.close();
    house.open();
    CHECK(house.release("offers", release_of(Release::Kind::dismiss, "offer-o1")).dismissed == 1);
    CHECK(name_of(house, "o1") == "Later");
    require_equal_to_rebuilt(house, "offers");
}

TEST_CASE("all that is parked of a stream can be dismissed at once") {
    House house;
    house.log.add(offer_created("o1", "One"));
    add_bad_edit(house, "o1");
    house.log.add(renamed("o1", "Later"));
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));
    const auto report = house.release("offers", release_of(Release::Kind::dismiss_all, "offer-o1"));
    CHECK(report.dismissed == 2);
    CHECK(report.parked == 0);
    CHECK(name_of(house, "o1") == "One");
    REQUIRE(house.wait("offers", house.log.add(renamed("o1", "Next"))));
    CHECK(name_of(house, "o1") == "Next");
    require_equal_to_rebuilt(house, "offers");
}

TEST_CASE("nothing can be decided about a stream of which nothing is parked, or of another tenant"
) {
    House house;
    house.log.add(offer_created("o1", "One"));
    add_bad_edit(house, "o1");
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));
    const auto head = house.log.head();
    const auto& offers = *projections::find_projection("offers");
    const auto refused = [&](const std::string& stream, const std::string& tenant) {
        return projections::release_append(
            offers,
            house.projections().parked("offers", TenantId(tenant)),
            release_of(Release::Kind::retry, stream),
            [] { return std::string("id"); },
            system_clock()
        );
    };
    const auto none = refused("offer-o2", "acme");
    REQUIRE_FALSE(none);
    CHECK_FALSE(none.error().not_stored);
    CHECK(
        none.error().why == Phrase(
                                "offers has no parked event of the stream offer-o2",
                                "offers não tem evento retido do fluxo offer-o2"
                            )
    );
    CHECK_FALSE(refused("offer-o1", "other"));
    CHECK(refused("offer-o1", "acme"));
    CHECK(house.log.head() == head);
}

TEST_CASE("where rows depend on several streams, a poison event parks its tenant and no other") {
    House house;
    house.log.add(product_created("p1", 100));
    house.log.add(offer_created("o1", "One", {line("remote-p1", std::nullopt, "p1")}));
    const auto bad = house.log.add_encoded(
        StreamName("product-p1"), {"ProductPriceChanged", 1, R"({"price_cents":"many"})"}
    );
    house.log.add(events::ProductAddedToOffer{OfferId("o1"), line("p2", 200)});
    house.log.as("other");
    house.log.add(offer_created("o1", "Of another"));
    house.log.as("acme");
    house.open();
    REQUIRE(house.wait("price_history", house.log.head()));
    CHECK(house.status("price_history").parked == 2);
    CHECK(audit_of(house, "price_history").applied == 3);
    house.log.replace_data(bad, R"({"price_cents":200,"currency":"BRL"})");
    const auto report =
        house.release("price_history", release_of(Release::Kind::retry, "product-p1"));
    CHECK(report.applied == 2);
    CHECK(report.parked == 0);
    CHECK(audit_of(house, "price_history").complete());
    require_equal_to_rebuilt(house, "price_history");
}

TEST_CASE("a decision about a projection that wants such events is applied by it too") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.log.add_encoded(StreamName("offer-o1"), {"OfferEdited", 1, R"({"offer_id":7})"});
    house.log.add(renamed("o1", "Later"));
    house.open();
    REQUIRE(house.wait("activity", house.log.head()));
    CHECK(house.status("activity").parked == 2);
    const auto report = house.release("activity", release_of(Release::Kind::dismiss, "offer-o1"));
    CHECK(report.dismissed == 1);
    CHECK(report.parked == 0);
    const auto audit = audit_of(house, "activity");
    CHECK(audit.complete());
    CHECK(audit.applied == 3);
    CHECK(audit.dismissed == 1);
    require_equal_to_rebuilt(house, "activity");
}

TEST_CASE("under Poison::stop a dismissal lets the projection go on") {
    const auto wanted = projections_with("offers", [](projections::Projection& offers) {
        offers.poison = projections::Poison::stop;
    });
    House house;
    house.log.add(offer_created("o1", "One"));
    add_bad_edit(house, "o1");
    house.log.add(renamed("o1", "Later"));
    house.open(wanted);
    house.changes.wait([](const auto& status) { return status.name == "offers" && status.stop; });
    const auto report = house.release("offers", release_of(Release::Kind::dismiss, "offer-o1"));
    CHECK(report.dismissed == 1);
    CHECK(report.parked == 0);
    REQUIRE(house.wait("offers", house.log.head()));
    CHECK(name_of(house, "o1") == "Later");
    CHECK(audit_of(house, "offers").complete());
}

TEST_CASE("a fault of the file is not blamed on the event") {
    const auto wanted = projections_with("offers", [](projections::Projection& offers) {
        offers.open = [open = offers.open](SQLite::Database& database, projections::Tables tables) {
            database.exec("PRAGMA query_only=ON");  // as a disk that is full
            return open(database, tables);
        };
    });
    House house;
    house.log.add(offer_created("o1", "One"));
    house.open(wanted);
    const auto stopped = house.changes.wait([](const auto& status) {
        return status.name == "offers" && status.stop && status.stop->attempts > 1;
    });
    CHECK(stopped.stop->position == 0);
    CHECK(stopped.parked == 0);
    CHECK(stopped.position == 0);
}

TEST_CASE("a rebuild that meets a poison event fails and says which") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.open();
    REQUIRE(house.wait("offers", 1));
    const auto bad = add_bad_edit(house, "o1");
    REQUIRE(house.wait("offers", bad));
    try {
        house.projections().rebuild("offers", {});
        FAIL("it was rebuilt");
    } catch (const projections::PoisonEvent& poison) {
        CHECK(poison.position == bad);
        CHECK(std::string(poison.what()).find(std::to_string(bad)) != std::string::npos);
    }
    CHECK(house.status("offers").parked == 1);
}

}  // namespace vitrine::tests
