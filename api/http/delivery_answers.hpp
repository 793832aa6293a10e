#pragma once

#include <boost/asio/awaitable.hpp>

#include "api/http/query_parameters.hpp"
#include "api/http/route.hpp"
#include "deliveries/receiver.hpp"

// What the routes of every kind of receiver answer alike. That there is the receiver, and that it
// is the caller's, they have looked at before.
namespace vitrine::api {

inline constexpr std::string_view delivery_states[] = {"pending", "taken", "dead"};
inline constexpr Parameter delivery_list_parameters[] = {
    {"state",
     "pending (unless told), taken or dead; of those that were taken the last 1,000 are kept",
     false,
     "string",
     delivery_states},
    limit,
    cursor,
};

/// `{"items":[{event_id, position, type, stream, state, attempts, attempted_at, due, outcome,
/// detail}],"next_cursor"}`, the latest first.
queries::Result list_deliveries(
    Backend& backend, const Call& call, const deliveries::ReceiverName& name
);

/// 200 `{"retried":1}`. The call outlives it.
boost::asio::awaitable<net::Response> retry_delivery(
    Backend* backend, const Call* call, deliveries::ReceiverName name, EventId event
);

/// 200 `{"dismissed":1}`.
boost::asio::awaitable<net::Response> dismiss_delivery(
    Backend* backend, const Call* call, deliveries::ReceiverName name, EventId event
);

}  // namespace vitrine::api
