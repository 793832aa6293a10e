#pragma once

#include "gateways/payments/buyer.hpp"
#include "store/event_store.hpp"

namespace vitrine::api {

/// Who buys, out of the log with people open; whoever was merged into another is that one. `store`
/// outlives it.
payments::Buyers buyers_of(store::EventStore& store);

}  // namespace vitrine::api
