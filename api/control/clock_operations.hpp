#pragma once

#include <boost/asio/io_context.hpp>

#include "api/control/work.hpp"
#include "net/test_timekeeper.hpp"

namespace vitrine::api {

/// Those of a service whose main loop another thread runs. `keeper`: nullptr, the service goes by
/// the machine's time; it outlives the loop's run.
ClockOperation clock_operation(boost::asio::io_context& loop, net::TestTimekeeper* keeper);

/// {"now","clock":"test"}
Outcome move_clock(const Work& work);

/// {"now"}, of any service, and of none.
Outcome time_now(const Work& work);

}  // namespace vitrine::api
