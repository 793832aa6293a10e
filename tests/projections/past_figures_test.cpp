#include <rapidcheck.h>

#include "projections/offer_analytics/reader.hpp"
#include "tests/projections/history_generator.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::OfferFigures;

/// Everything but the position of the last change, which the past does not tell.
std::string text_of(const std::optional<OfferFigures>& figures) {
    if (!figures) return "none";
    auto text = figures->status + ' ' + format_time(figures->status_since) + ' ' +
                figures->failures_by_type.text + figures->last_failure.text;
    for (const auto number :
         {static_cast<std::int64_t>(figures->version),
          figures->product_count,
          figures->revisions,
          figures->draft_us,
          figures->active_us,
          figures->paused_us,
          figures->archived_us,
          figures->failure_count}) {
        text += ' ' + std::to_string(number);
    }
    return text;
}

}  // namespace

TEST_CASE("what an offer's figures were is what they are where the log ends then") {
    CHECK(rc::check("past figures = figures of the beginning of the log", [] {
        Log log;
        HistoryGenerator generator(log);
        const auto steps = *rc::gen::inRange(1, 60);
        for (int i = 0; i < steps; ++i) generator.step();
        ModelFile whole("offer_analytics");
        whole.follow(log);
        const auto at = *rc::gen::inRange<Position>(0, log.head() + 1);
        ModelFile beginning("offer_analytics");
        {
            projections::Applier applier(log, beginning.file(), beginning.projection(), 0);
            const auto events = log.read_all(1, {}, at, store::Direction::forwards);
            if (at != 0) applier.apply(events, at);
        }
        for (const auto* tenant : {"acme", "other"}) {
            for (const auto* id : {"o1", "o2", "o3"}) {
                projections::AnalyticsReader past(whole.lease());
                projections::AnalyticsReader then(beginning.lease());
                const auto found = past.find_at(TenantId(tenant), OfferId(id), at);
                RC_ASSERT(text_of(found) == text_of(then.find(TenantId(tenant), OfferId(id))));
            }
        }
    }));
}

}  // namespace vitrine::tests
