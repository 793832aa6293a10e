#include "queries/schedules/get_schedule.hpp"

#include "queries/listed.hpp"
#include "queries/offers/get_offer.hpp"

namespace vitrine::queries {

Result get_schedule(const ReadSide& reads, const TenantId& tenant, const OfferId& id) {
    auto schedule = get_listed(reads, tenant, schedules_model, id.view(), {"", ""});
    if (schedule || schedule.error().kind != QueryError::Kind::not_found) return schedule;
    const auto offer = get_offer(reads, tenant, id);
    if (!offer) return std::unexpected(offer.error());
    Answer none;
    none.body = R"({"offer_id":")" + id.str() + R"(","revision":0,"outcomes":{},"status":"none"})";
    none.position = offer->position;
    return none;
}

}  // namespace vitrine::queries
