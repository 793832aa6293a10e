#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <set>

#include "api/service/log_watch.hpp"
#include "deliveries/erasures/erasure_receiver.hpp"
#include "deliveries/runner.hpp"
#include "store/keys.hpp"
#include "store/people_keys.hpp"

namespace vitrine::api {

/// What it works with; references outlive it.
struct ErasureReceiverParts {
    boost::asio::any_io_executor loop;  // the main one
    store::EventStore& store;
    store::Keys& keys;
    store::PeopleKeys& people;
    deliveries::Runner& runner;
    deliveries::ErasureParts erasures;
};

/// Gives the runner a receiver of each tenant of whom somebody was erased.
///
/// Concurrency: begin where reads may block, the rest on the main loop; a thread of its own waits
/// for the log.
class ErasureReceivers {
public:
    explicit ErasureReceivers(ErasureReceiverParts parts) : parts_(std::move(parts)) {}
    ErasureReceivers(const ErasureReceivers&) = delete;
    ErasureReceivers& operator=(const ErasureReceivers&) = delete;

    /// Sets those there are, and from now on others.
    void begin();
    /// Looks for others no more.
    void end() { watch_.end(); }

private:
    void tell(const TenantId& tenant);
    void set(const TenantId& tenant);

    ErasureReceiverParts parts_;
    std::set<TenantId> set_;
    LogWatch watch_;
};

}  // namespace vitrine::api
