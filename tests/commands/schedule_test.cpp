#include "commands/schedules/schedule.hpp"

#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

const OfferId offer("0190b4e0-0000-7000-8000-000000000001");
const auto now = parse_time("2026-11-29T12:00:00Z").value();

ScheduledOffer that_is(std::optional<OfferStatus> status) {
    return {status, now};
}

spec::Given<ScheduleState> given(const ScheduleEvents& history) {
    return spec::given<ScheduleState>(history);
}

spec::Given<ScheduleState> given_nothing() {
    ScheduleState state;
    state.offer_id = offer;
    return spec::Given<ScheduleState>(state);
}

/// A month of a campaign, as a seller in São Paulo says it.
const ScheduleOffer campaign{
    "2026-12-01T00:00:00-03:00", "2026-12-31T23:59:59-03:00", "2027-02-01T00:00:00-03:00"
};

events::OfferScheduled campaign_scheduled() {
    return {
        offer,
        parse_time("2026-12-01T03:00:00Z"),
        parse_time("2027-01-01T02:59:59Z"),
        parse_time("2027-02-01T03:00:00Z")
    };
}

}  // namespace

TEST_CASE("what is scheduled is kept as instants, whatever their offset", "[schedule]") {
    given_nothing().when(campaign, that_is(OfferStatus::draft)).then({campaign_scheduled()});
    given_nothing()
        .when(ScheduleOffer{{}, {}, "2026-12-01T00:00:00Z"}, that_is(OfferStatus::active))
        .then({events::OfferScheduled{offer, {}, {}, parse_time("2026-12-01T00:00:00Z")}});
}

TEST_CASE(
    "a schedule takes the place of the former one, and the same one again is nothing new",
    "[schedule]"
) {
    const auto planned = given({campaign_scheduled()});
    planned.when(campaign, that_is(OfferStatus::draft)).then_nothing();
    planned.when(ScheduleOffer{"2026-12-02T00:00:00Z", {}, {}}, that_is(OfferStatus::draft))
        .then({events::OfferScheduled{offer, parse_time("2026-12-02T00:00:00Z"), {}, {}}});
    given({campaign_scheduled(), events::OfferScheduleCancelled{offer, {}}})
        .when(campaign, that_is(OfferStatus::draft))
        .then({campaign_scheduled()});
}

TEST_CASE(
    "times of a schedule are instants in the future, in order, and at least one", "[schedule]"
) {
    const auto when = [](const ScheduleOffer& command) {
        return given_nothing().when(command, that_is(OfferStatus::draft));
    };
    when({}).then_fault("", "required");
    when({"2026-11-29T12:00:00Z", {}, {}}).then_fault("/activate_at", "not_future");
    when({"2026-11-29T08:59:59-03:00", {}, {}}).then_fault("/activate_at", "not_future");
    for (const auto* local : {"2026-12-01T00:00:00", "2026-12-01", "amanhã", ""})
        when({local, {}, {}}).then_fault("/activate_at", "no_time");
    when({"2026-12-01T03:00:00Z", "2026-12-01T00:00:00-03:00", {}}
    ).then_fault("/pause_at", "not_after");
    when({"2026-12-02T00:00:00Z", {}, "2026-12-01T00:00:00Z"})
        .then_fault("/archive_at", "not_after");
    const auto both = when({"2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z", "mês que vem"});
    both.then_fault("/pause_at", "not_after");
    both.then_fault("/archive_at", "no_time");
}

TEST_CASE(
    "an hour that the clocks repeat or leave out is two instants, or one, by its offset",
    "[schedule]"
) {
    // New York, 2027: 02:00-05:00 on 14 March is 03:00-04:00; 01:30 on 7 November is there twice.
    given_nothing()
        .when(
            ScheduleOffer{"2027-11-07T01:30:00-04:00", "2027-11-07T01:30:00-05:00", {}},
            that_is(OfferStatus::draft)
        )
        .then({events::OfferScheduled{
            offer, parse_time("2027-11-07T05:30:00Z"), parse_time("2027-11-07T06:30:00Z"), {}
        }});
    given_nothing()
        .when(
            ScheduleOffer{"2027-03-14T02:00:00-05:00", "2027-03-14T03:00:00-04:00", {}},
            that_is(OfferStatus::draft)
        )
        .then_fault("/pause_at", "not_after");
}

TEST_CASE("an offer is scheduled for what it can come to", "[schedule]") {
    const auto when = [](const ScheduleOffer& command, std::optional<OfferStatus> status) {
        return given_nothing().when(command, that_is(status));
    };
    const ScheduleOffer pause{{}, "2026-12-01T00:00:00Z", {}};
    const ScheduleOffer archive{{}, {}, "2026-12-01T00:00:00Z"};
    when(campaign, std::nullopt).then_rejected("not-found");
    when(campaign, OfferStatus::archived).then_rejected("illegal-transition");
    when(archive, OfferStatus::archived).then_rejected("illegal-transition");
    when(campaign, OfferStatus::active).then_rejected("illegal-transition");
    when(pause, OfferStatus::draft).then_rejected("illegal-transition");
    when(pause, OfferStatus::paused).then_rejected("illegal-transition");
    for (const auto status : {OfferStatus::draft, OfferStatus::active, OfferStatus::paused})
        when(archive, status)
            .then({events::OfferScheduled{offer, {}, {}, parse_time("2026-12-01T00:00:00Z")}});
    when(pause, OfferStatus::active)
        .then({events::OfferScheduled{offer, {}, parse_time("2026-12-01T00:00:00Z"), {}}});
}

TEST_CASE("a schedule is cancelled once", "[schedule]") {
    const events::OfferScheduleCancelled cancelled{offer, "Fim da campanha"};
    const auto planned = given({campaign_scheduled()});
    planned.when(CancelSchedule{"Fim da campanha"}).then({cancelled});
    given({campaign_scheduled(), cancelled})
        .when(CancelSchedule{})
        .then_rejected("illegal-transition");
}
