#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "deliveries/webhooks/endpoint.hpp"
#include "projections/projections.hpp"
#include "store/event_store.hpp"

namespace vitrine::deliveries {

/// Which endpoints there are, and every change of one.
///
/// Operation: tells first of each that the read model `endpoints` has, then follows the log; each
/// is told as its stream is. A thread of its own waits for the log. Concurrency: made on any
/// thread; `changed` is called on that thread, on the maker's while it is made.
class EndpointDirectory {
public:
    using Changed = std::function<void(Endpoint)>;

    /// References that outlive it; the read model is there.
    EndpointDirectory(
        store::EventStore& store, const projections::Projections& projections, Changed changed
    );
    ~EndpointDirectory();
    EndpointDirectory(const EndpointDirectory&) = delete;
    EndpointDirectory& operator=(const EndpointDirectory&) = delete;

private:
    void follow();
    void tell(const TenantId& tenant, const events::EndpointId& id);

    store::EventStore& store_;
    Changed changed_;
    std::unique_ptr<store::Subscription> log_;
    std::thread thread_;  // last: it uses the others
};

}  // namespace vitrine::deliveries
