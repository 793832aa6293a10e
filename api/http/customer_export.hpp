#pragma once

#include <boost/asio/awaitable.hpp>

#include "api/http/backend.hpp"
#include "api/http/route.hpp"
#include "commands/engine/request.hpp"
#include "queries/answer.hpp"

// What is told of a customer once, to those who may: all that is held, and that it is held no more.
namespace vitrine::api {

/// All that is held of the customer of the path, open. That it was shown is an event.
boost::asio::awaitable<queries::Result> export_customer(Backend& backend, const Call& call);

/// The customer of the path, for somebody who looks at them. That it was shown is an event.
boost::asio::awaitable<queries::Result> show_customer(Backend& backend, const Call& call);

/// The certificate of an erasure joins its answer, however often that is asked for.
boost::asio::awaitable<void> complete_customer_command(
    Backend* backend, const Call* call, commands::CommandReply* reply
);

}  // namespace vitrine::api
