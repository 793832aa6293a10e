#pragma once

#include <boost/mp11/list.hpp>
#include <variant>

#include "events/failures.hpp"
#include "events/keys.hpp"
#include "events/offers.hpp"
#include "events/orders.hpp"
#include "events/products.hpp"
#include "events/projections.hpp"
#include "events/tenants.hpp"
#include "events/webhooks.hpp"

namespace vitrine::events {

/// The events of every aggregate that there is: the one place that lists them.
using Aggregates = boost::mp11::mp_list<
    ProductEvent,
    OfferEvent,
    CommandFailed,
    ClubifyWebhookReceived,
    ClubifyOrderEvent,
    ProjectionEvent,
    TenantEvent,
    KeyEvent>;

/// The structs that events of an aggregate are.
template <class Events>
struct StructsOf {
    using type = boost::mp11::mp_list<Events>;
};
template <class... Structs>
struct StructsOf<std::variant<Structs...>> {
    using type = boost::mp11::mp_list<Structs...>;
};
template <class Events>
using structs_of = typename StructsOf<Events>::type;

/// A struct that events of several types share; its member `type` says which one it is.
template <class Event>
concept OfManyTypes = requires { Event::event_types; };

}  // namespace vitrine::events
