#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "api/config/config.hpp"
#include "net/test_timekeeper.hpp"

namespace vitrine::api {

/// The time that every part of the service asks for.
struct ServiceTime {
    std::unique_ptr<net::Timekeeper> keeper;
    net::TestTimekeeper* test = nullptr;  // the keeper, where time moves only when it is told to
};

/// The caller holds the DataLock. Throws std::runtime_error if a test clock would begin before what
/// the log has recorded, whose times never decrease.
ServiceTime open_time(const Config& config, const boost::asio::any_io_executor& loop);

}  // namespace vitrine::api
