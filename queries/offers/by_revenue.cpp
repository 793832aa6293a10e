#include "queries/offers/by_revenue.hpp"

#include <algorithm>
#include <tuple>

#include "projections/list_sql.hpp"

namespace vitrine::queries {
namespace {

using projections::ListKey;
using projections::OfferFilter;
using projections::OfferListItem;
using projections::OfferSales;

std::string key_of(const ClubifyId& offer, std::string_view currency) {
    return offer.str() + '\0' + std::string(currency);
}

}  // namespace

Revenues::Revenues(
    projections::SalesReader& sales, const TenantId& tenant, const std::optional<Days>& days
) {
    for (auto& each : sales.by_offer(tenant, days)) {
        currencies_.add(each);
        by_offer_[key_of(each.clubify_offer_id, each.currency)] = {each.revenue_cents, each.orders};
        if (each.revenue_cents > 0) sold_.push_back(std::move(each));
    }
}

Revenues::Revenue Revenues::of(const OfferListItem& offer) const {
    const auto found = by_offer_.find(key_of(offer.clubify_offer_id, offer.currency));
    return found == by_offer_.end() ? Revenue() : found->second;
}

ListKey Revenues::place_of(const OfferSales& sales) {
    return {sales.currency, sales.revenue_cents, sales.clubify_offer_id.str()};
}

bool Revenues::is_before(const ListKey& a, const ListKey& b, bool descending) const {
    if (a.text != b.text) return currencies_.is_before(a.text, b.text);
    const auto left = std::tie(a.number, a.id);
    const auto right = std::tie(b.number, b.id);
    return descending ? left > right : left < right;
}

projections::ListItems<OfferListItem> Revenues::list(
    projections::OffersReader& offers, const TenantId& tenant, const OfferFilter& filter
) const {
    Page page;
    const bool was_unsold = filter.after && filter.after->number == 0;
    if (filter.descending) {
        if (!was_unsold) add_sold(offers, tenant, filter, page);
        if (!page.next) add_unsold(offers, tenant, filter, page);
    } else {
        if (!filter.after || was_unsold) add_unsold(offers, tenant, filter, page);
        if (!page.next) add_sold(offers, tenant, filter, page);
    }
    return page;
}

void Revenues::add_sold(
    projections::OffersReader& offers, const TenantId& tenant, const OfferFilter& filter, Page& page
) const {
    auto sold = sold_;
    std::ranges::sort(sold, [&](const auto& a, const auto& b) {
        return is_before(place_of(a), place_of(b), filter.descending);
    });
    std::size_t looked_at = 0;
    std::optional<ListKey> last;
    if (!page.items.empty()) last = ListKey{"", 0, page.items.back().offer_id.str()};
    for (const auto& sales : sold) {
        auto place = place_of(sales);
        const bool after_sold = filter.after && filter.after->number != 0;
        if (after_sold && !is_before(*filter.after, place, filter.descending)) continue;
        if (looked_at++ == projections::most_looked_at) {
            page.next = std::move(last);
            return;
        }
        auto item = offers.find_listed(tenant, sales.clubify_offer_id, &filter);
        if (item && item->currency == sales.currency) {
            if (page.items.size() == filter.limit) {
                page.next = std::move(last);
                return;
            }
            page.items.push_back(*std::move(item));
        }
        last = std::move(place);
    }
}

void Revenues::add_unsold(
    projections::OffersReader& offers, const TenantId& tenant, const OfferFilter& filter, Page& page
) const {
    auto rest = filter;
    if (rest.after && rest.after->number != 0) rest.after.reset();
    rest.limit -= page.items.size();
    auto unsold = offers.list_by_id(tenant, rest, [&](const OfferListItem& item) {
        return of(item).cents <= 0;
    });
    if (unsold.next && unsold.next->id.empty()) {
        // The page is full before the first of them.
        const auto& full = page.items.back();
        unsold.next = ListKey{full.currency, of(full).cents, full.clubify_offer_id.str()};
    }
    std::ranges::move(unsold.items, std::back_inserter(page.items));
    page.next = std::move(unsold.next);
}

}  // namespace vitrine::queries
