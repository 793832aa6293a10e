#pragma once

#include "projections/projector.hpp"

// The projections that there are, and what each is for.
namespace vitrine::projections {

/// `offers`: one row an offer, for the list and the detail, and one a product: what offers show of
/// it.
Projection offers_projection();

/// `offer_versions`: what offers were. Apart from `offers`, so that neither the list and the detail
/// of now nor their rebuild wait for it.
Projection offer_versions_projection();

/// `offer_analytics`: per offer its product count, revisions, price history, time in each status
/// and failed attempts.
Projection offer_analytics_projection();

/// `price_history`: every price of every product in every offer, and since when: that which was
/// set, the offer's of the product, else the product's own; and what one so costs after the
/// discount; and when the offer could be bought.
Projection price_history_projection();

/// `products`: one row a product, for the list and the detail.
Projection products_projection();

/// `sales`: sums of orders (sales/sums.hpp) over one row an order of the platform, from its
/// webhooks, in whatever order they came and however often one thing was told (docs/webhooks.md).
/// An order counts once, on the day of its first settlement: order.paid, order.completed or
/// payment.paid. What was given back is the sum of its refunds, each counted once, and never more
/// than the order.
Projection sales_projection();

/// `activity`: who did what when; one row an event.
Projection activity_projection();

/// `webhooks`: what became of each delivery that was kept; one row a delivery.
Projection webhooks_projection();

/// `coupons`: one row a coupon, for the list and the detail.
Projection coupons_projection();

/// `customers`: one row a customer, for the list and the detail. Of one who is erased it has
/// nothing but that.
Projection customers_projection();
/// `price_lists`: one row a price list, for the list and the detail; those too that are deleted.
Projection price_lists_projection();

/// `price_settings`: what a tenant says of instalments and of rounding.
Projection price_settings_projection();

/// `pricing`: all that a quote is decided by, in one file, so that a quote is of one position:
/// offers, products, coupons, price lists and settings, and where those of a tenant last changed.
Projection pricing_projection();

/// `processes`: what became of each process: its steps, its timers in order of their due time, and
/// how late timers fired.
Projection processes_projection();

/// `schedules`: what is scheduled for each offer, and what became of it; one row an offer.
Projection schedules_projection();

/// `endpoints`: one row a webhook endpoint, for the list and the detail; those too that are
/// deleted.
Projection endpoints_projection();

/// `stock`: what there is of each SKU, what reservations hold of it and until when, and all that
/// happened to it.
Projection stock_projection();

/// `checkouts`: one row a checkout, for the list, and where the money is that was paid for it.
Projection checkouts_projection();

/// `rulebooks`: what buyers of an offer are shown beside it, as it is drafted, and its revisions;
/// one row an offer.
Projection rulebooks_projection();

/// `bump_displays`: which order bump was shown in which checkout, to whom and when, and how many of
/// an offer's were shown, accepted and declined.
Projection bump_displays_projection();

/// All of them. A new one is named here, and nowhere else.
inline constexpr Projection (*projections_there_are[])() = {
    offers_projection,        offer_versions_projection, offer_analytics_projection,
    price_history_projection, products_projection,       sales_projection,
    activity_projection,      webhooks_projection,       coupons_projection,
    customers_projection,     price_lists_projection,    price_settings_projection,
    pricing_projection,       processes_projection,      schedules_projection,
    endpoints_projection,     stock_projection,          checkouts_projection,
    rulebooks_projection,     bump_displays_projection,
};

}  // namespace vitrine::projections
