#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "projections/projections.hpp"

namespace vitrine::api {

/// Returns when the read models can answer for the log up to `head`, so that no query is refused
/// for want of one; or when `given_up` says so. Says meanwhile how far they are: lines of the log,
/// and one that is redrawn where the standard error is a terminal.
///
/// Not waited for: one that stands still, which is told, and one whose former version serves.
boost::asio::awaitable<void> wait_for_read_models(
    store::EventStore& store,
    const projections::Projections& projections,
    Position head,
    std::function<bool()> given_up
);

}  // namespace vitrine::api
