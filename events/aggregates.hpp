#pragma once

#include <boost/mp11/list.hpp>

#include "events/checkouts.hpp"
#include "events/coupons.hpp"
#include "events/customers.hpp"
#include "events/disclosures.hpp"
#include "events/endpoints.hpp"
#include "events/failures.hpp"
#include "events/hooks.hpp"
#include "events/keys.hpp"
#include "events/offers.hpp"
#include "events/orders.hpp"
#include "events/pricing.hpp"
#include "events/processes.hpp"
#include "events/products.hpp"
#include "events/projections.hpp"
#include "events/rulebooks.hpp"
#include "events/schedules.hpp"
#include "events/stock.hpp"
#include "events/structs_of.hpp"
#include "events/tenants.hpp"
#include "events/webhooks.hpp"

namespace vitrine::events {

/// The events of every aggregate that there is: the one place that lists them.
using Aggregates = boost::mp11::mp_list<
    ProductEvent,
    OfferEvent,
    CouponEvent,
    RulebookEvent,
    CheckoutEvent,
    CustomerEvent,
    PriceListEvent,
    PricingEvent,
    ScheduleEvent,
    EndpointEvent,
    PeopleShown,
    StockEvent,
    ReservationEvent,
    InventoryEvent,
    CommandFailed,
    ClubifyWebhookReceived,
    PaymentHookReceived,
    ClubifyOrderEvent,
    OrderRecorded,
    ProjectionEvent,
    ProcessEvent,
    TenantEvent,
    KeyEvent>;

/// A struct that events of several types share; its member `type` says which one it is.
template <class Event>
concept OfManyTypes = requires { Event::event_types; };

}  // namespace vitrine::events
