#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "api/http/metrics.hpp"

namespace vitrine::api {

struct Backend;

/// What the parts of the service tell of themselves at this moment: connections, commands, log,
/// read models, caches, the platform. The backend outlives the wait for its main loop.
boost::asio::awaitable<std::vector<prometheus::MetricFamily>> service_metrics(Backend* backend);

}  // namespace vitrine::api
