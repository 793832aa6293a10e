#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <functional>

#include "api/http/delivery_metrics.hpp"
#include "deliveries/runner.hpp"

namespace vitrine::api {

/// What the service's runner of deliveries works with; references outlive it. `gone`: that receiver
/// wants nothing any more, as it said to that event.
deliveries::Parts delivery_parts(
    boost::asio::any_io_executor loop,
    store::EventStore& store,
    const std::filesystem::path& data,
    net::Timekeeper& keeper,
    DeliveryMetrics& metrics,
    std::function<void(const deliveries::ReceiverName&, const EventId&)> gone
);

}  // namespace vitrine::api
