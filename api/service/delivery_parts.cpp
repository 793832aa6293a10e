#include "api/service/delivery_parts.hpp"

#include "api/log/log.hpp"

namespace vitrine::api {

deliveries::Parts delivery_parts(
    boost::asio::any_io_executor loop,
    store::EventStore& store,
    const std::filesystem::path& data,
    net::Timekeeper& keeper,
    DeliveryMetrics& metrics,
    std::function<void(const deliveries::ReceiverName&, const EventId&)> gone
) {
    deliveries::Parts parts{
        .loop = std::move(loop), .store = store, .data = data, .keeper = keeper
    };
    parts.attempted = [&metrics](const deliveries::Attempt& attempt) { metrics.count(attempt); };
    parts.gone = [gone = std::move(gone)](
                     const deliveries::ReceiverName& name, const EventId& event, Position
                 ) { gone(name, event); };
    parts.fault = [](const std::string& what) {
        log::error("the progress of deliveries cannot be kept or read", {{"reason", what}});
    };
    return parts;
}

}  // namespace vitrine::api
