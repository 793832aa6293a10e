#include "projections/offer_versions/past_offers.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "core/text.hpp"
#include "projections/sql.hpp"
#include "tests/projections/history_generator.hpp"
#include "tests/projections/house.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::ListSort;
using projections::Moment;

/// The tenant's offers after the event at that position, folded from the log.
std::map<std::string, projections::OfferState> folded(Log& log, Position at) {
    std::map<std::string, projections::OfferState> offers;
    projections::OfferFold fold;
    for (const auto& event : log.read_all(1, {}, at, store::Direction::forwards)) {
        if (event.position > at || event.tenant != log.tenant()) continue;
        if (events::category_of(event.stream) != "offer") continue;
        fold.apply(offers[std::string(events::id_of(event.stream))], event);
    }
    return offers;
}

Moment moment_of(Log& log, Position at) {
    Moment moment{at, {}};
    if (at != 0) {
        moment.time = log.read_all(at, {}, 1, store::Direction::forwards).front().recorded_at;
    }
    return moment;
}

std::string sort_key(const projections::OfferState& offer, ListSort sort) {
    const auto number = [](std::int64_t value) {
        auto text = std::to_string(value);
        return std::string(20 - text.size(), '0') + text;
    };
    switch (sort) {
        case ListSort::created_at:
            return number(offer.created_at.time_since_epoch().count()) + offer.offer_id;
        case ListSort::updated_at:
            return number(static_cast<std::int64_t>(offer.position));
        case ListSort::name:
            return fold(offer.name) + ' ' + offer.slug + '\0' + offer.offer_id;
    }
    return {};
}

/// All pages, one after the other.
std::string listed(
    const ModelFile& model, Log& log, projections::OfferFilter filter, const Moment& at
) {
    std::string ids;
    do {
        projections::PastOffers offers(model.lease());
        const auto page = offers.list(log.tenant(), filter, at);
        for (const auto& item : page.items) {
            ids += item.offer_id.str() + '@' + std::to_string(item.version) + ' ';
        }
        filter.after = page.next;
    } while (filter.after);
    return ids;
}

std::string expected(Log& log, const projections::OfferFilter& filter, const Moment& at) {
    std::vector<projections::OfferState> offers;
    for (auto& [id, offer] : folded(log, at.position)) {
        if (filter.status.empty() || offer.status == filter.status)
            offers.push_back(std::move(offer));
    }
    std::ranges::sort(offers, {}, [&](const auto& offer) { return sort_key(offer, filter.sort); });
    if (filter.descending) std::ranges::reverse(offers);
    std::string ids;
    for (const auto& offer : offers) {
        ids += offer.offer_id + '@' + std::to_string(offer.version) + ' ';
    }
    return ids;
}

void look_at(const ModelFile& model, Log& log, Position at) {
    const auto offers = folded(log, at);
    projections::PastOffers past(model.lease());
    for (const auto* id : {"o1", "o2", "o3"}) {
        const auto found = past.find(log.tenant(), OfferId(id), at);
        const auto wanted = offers.find(id);
        RC_ASSERT(found.has_value() == (wanted != offers.end()));
        if (!found) continue;
        RC_ASSERT(projections::render(*found) == projections::render(wanted->second));
        const auto by_slug = past.find_by_slug(log.tenant(), found->slug, at);
        RC_ASSERT(by_slug->offer_id == id);
    }
    for (const auto sort : {ListSort::created_at, ListSort::updated_at, ListSort::name}) {
        projections::OfferFilter filter;
        filter.sort = sort;
        filter.descending = *rc::gen::arbitrary<bool>();
        filter.status = *rc::gen::element<std::string>("", "active");
        filter.limit = *rc::gen::inRange<std::size_t>(1, 4);
        const auto moment = moment_of(log, at);
        RC_ASSERT(listed(model, log, filter, moment) == expected(log, filter, moment));
    }
}

}  // namespace

TEST_CASE("what offers were is what their events up to then fold into") {
    CHECK(rc::check("past = folded", [] {
        Log log;
        HistoryGenerator generator(log);
        const auto steps = *rc::gen::inRange(1, 120);
        ModelFile model("offer_versions");
        for (int i = 0; i < steps; ++i) {
            generator.step();
            if (*rc::gen::inRange(0, 8) == 0) model.follow(log);
        }
        model.follow(log);
        for (const auto* tenant : {"acme", "other"}) {
            log.as(tenant);
            look_at(model, log, 0);
            for (int i = 0; i < 5; ++i) {
                look_at(model, log, *rc::gen::inRange<Position>(1, log.head() + 1));
            }
        }
    }));
}

TEST_CASE(
    "a page of what was reads a bounded number of rows in vain, and the next one goes on there"
) {
    Log log;
    log.add(offer_created("first", "Needle"));
    for (int i = 0; i < 2'500; ++i) log.add(offer_created("o" + std::to_string(i), "Hay"));
    ModelFile model("offer_versions");
    model.follow(log);
    projections::PastOffers past(model.lease());
    projections::OfferFilter filter;
    filter.search = "needle";
    filter.sort = GENERATE(ListSort::created_at, ListSort::updated_at);
    const auto moment = moment_of(log, log.head());
    const auto page = past.list(log.tenant(), filter, moment);
    CHECK(page.items.empty());
    REQUIRE(page.next);
    filter.after = page.next;
    const auto next = past.list(log.tenant(), filter, moment);
    REQUIRE(next.items.size() == 1);
    CHECK(next.items[0].name == "Needle");
    CHECK_FALSE(next.next);
    filter = {};
    filter.limit = 1'000;
    CHECK(past.list(log.tenant(), filter, moment).items.size() == 1'000);
}

TEST_CASE("a version keeps its number though one before it was given up") {
    Log log;
    log.add(offer_created("o1", "Offer"));
    const auto given_up = log.add(renamed("o1", "Given up"));
    log.add(renamed("o1", "Third"));
    const auto fourth = log.add(renamed("o1", "Fourth"));
    for (const auto tables : {projections::Tables::empty, projections::Tables::filled}) {
        ModelFile model("offer_versions");
        {
            const auto database = projections::open_for_writing(model.file());
            const auto projector = model.projection().open(*database, tables);
            for (const auto& event : log.read_all(1, {}, 10, store::Direction::forwards)) {
                if (event.position == given_up) continue;
                projector->apply(event);
                projector->write();
                if (tables == projections::Tables::filled) projector->forget();
            }
        }
        projections::PastOffers past(model.lease());
        const auto offer = past.find(log.tenant(), OfferId("o1"), fourth);
        REQUIRE(offer);
        CHECK(offer->name == "Fourth");
        CHECK(offer->version == 4);
    }
}

TEST_CASE("a version's row holds what its event changed, and not what it said once more") {
    Log log;
    log.add(offer_created("o1", "Offer"));
    events::OfferEdited edited;
    edited.offer_id = OfferId("o1");
    edited.name = "Another";
    edited.description = "What it is";
    log.add(edited);
    edited.name = "A third";
    const auto position = log.add(edited);
    ModelFile model("offer_versions");
    model.follow(log);
    auto lease = model.lease();
    auto row = lease.statement("SELECT changes FROM offer_versions WHERE position=?").run(position);
    REQUIRE(row.next());
    CHECK(row.text(0) == R"({"name":"A third"})");
}

TEST_CASE("lists by change are right over many blocks of spans, in most of which nothing is valid"
) {
    Log log;
    ModelFile model("offer_versions");
    const auto edit = [&](const char* tenant, const char* id, int number) {
        log.as(tenant);
        events::OfferEdited edited;
        edited.offer_id = OfferId(id);
        edited.name = "Offer " + std::to_string(number);
        log.add(edited);
    };
    for (const auto* tenant : {"acme", "other"}) {
        log.as(tenant);
        for (const auto* id : {"o1", "o2", "o3"}) log.add(offer_created(id, "Offer"));
    }
    constexpr int edits = 1500;
    for (int i = 0; i < edits; ++i) {
        edit(i % 3 == 0 ? "other" : "acme", i % 2 == 0 ? "o1" : "o2", i);
        if (i % 400 == 0) model.follow(log);
    }
    edit("acme", "o3", edits);
    model.follow(log);
    for (const auto* tenant : {"acme", "other"}) {
        log.as(tenant);
        for (Position at = 1; at <= log.head(); at += at < 20 ? 1 : 91) {
            for (const bool descending : {false, true}) {
                projections::OfferFilter filter;
                filter.sort = ListSort::updated_at;
                filter.descending = descending;
                filter.limit = 2;
                const auto moment = moment_of(log, at);
                CHECK(listed(model, log, filter, moment) == expected(log, filter, moment));
            }
        }
    }
}

TEST_CASE("an offer of many versions is found at each of them") {
    Log log;
    log.add(offer_created("o1", "Offer"));
    constexpr int edits = 100;
    for (int i = 2; i <= edits; ++i) {
        events::OfferEdited edited;
        edited.offer_id = OfferId("o1");
        edited.name = "Offer " + std::to_string(i);
        log.add(edited);
    }
    ModelFile model("offer_versions");
    model.follow(log);
    projections::PastOffers past(model.lease());
    for (Version version = 2; version <= edits; ++version) {
        const Position position = version;  // the log has nothing else
        const auto offer = past.find(log.tenant(), OfferId("o1"), position);
        REQUIRE(offer);
        CHECK(offer->version == version);
        CHECK(offer->name == "Offer " + std::to_string(version));
    }
}

}  // namespace vitrine::tests
