#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "api/control/operations.hpp"
#include "api/control/work.hpp"
#include "deliveries/runner.hpp"

namespace vitrine::api {

/// For a thread that may wait: they run on `loop`, which another thread runs; both outlive every
/// wait.
DeliveryOperations delivery_operations(
    boost::asio::io_context& loop, deliveries::Runner& deliveries
);

/// The same without a server: for a stopped one, whose DataLock the caller holds.
DeliveryOperations delivery_operations_here(const std::filesystem::path& data);

Outcome delivery_list(const Work& work);
Outcome delivery_retry(const Work& work);
Outcome delivery_dismiss(const Work& work);
Outcome delivery_replay(const Work& work);
Outcome delivery_pause(const Work& work);
Outcome delivery_resume(const Work& work);

}  // namespace vitrine::api
