#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "core/time.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// Time that passes evenly, also while the machine sleeps; comparable within one boot.
std::chrono::steady_clock::time_point time_since_boot();

struct LeaseOptions {
    std::string owner = "local";  // the node: no other that runs is called so
    std::chrono::milliseconds length{30'000};
    /// So long before its end nothing is sent any more: the clocks of two nodes may differ by less
    /// than this.
    std::chrono::milliseconds margin{5'000};
    std::function<std::chrono::steady_clock::time_point()> elapsed = time_since_boot;
    /// What nodes have in common, whatever time their services keep.
    Clock machine = system_clock();
};

/// The command is not, or may no longer be, this owner's: somebody else carries it on.
class LeftToOthers : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The unfinished commands that this owner works on, and until when it may.
///
/// Operation: rows are renewed together, with one append each third of a lease, only while there
/// are any. Concurrency: one loop. Errors: a renewal that fails is tried again at the next one;
/// until then the leases run on.
class Leases : public std::enable_shared_from_this<Leases> {
public:
    using Time = std::chrono::steady_clock::time_point;

    Leases(boost::asio::any_io_executor loop, store::EventStore& store, LeaseOptions options);

    /// A lease that begins now. Whoever asks the journal for it takes `elapsed` before.
    store::Lease from_now() const { return {options_.owner, now() + options_.length}; }
    /// By which the journal is asked whose lease is over.
    Timestamp now() const { return options_.machine(); }
    Time elapsed() const { return options_.elapsed(); }
    const std::string& owner() const { return options_.owner; }
    std::chrono::milliseconds length() const { return options_.length; }

    /// It is worked on here, but whose it is shows when it is taken over. `is_own`: it was this
    /// owner's before and is renewed with the others from now on.
    void expect(const store::CommandName& name, bool is_own);
    /// The journal has given the lease that was asked for at `since`.
    void hold(const store::CommandName& name, Time since);
    /// The work on it has stopped, though not ended: it is kept in mind, but not renewed.
    void stop_renewing(const store::CommandName& name);
    void forget(const store::CommandName& name) { rows_.erase(name); }

    bool knows(const store::CommandName& name) const { return rows_.contains(name); }

    /// Something may be sent for it: nobody else can have taken it over.
    bool is_held(const store::CommandName& name) const;

    /// One append for all rows that are this owner's.
    boost::asio::awaitable<void> renew();

    /// No renewals any more.
    void stop();

private:
    struct Row {
        bool is_own = false;
        std::optional<Time> since;  // of the last renewal; none: not known, or lost
    };

    void renew_later();

    boost::asio::any_io_executor loop_;
    store::EventStore& store_;
    LeaseOptions options_;
    boost::asio::steady_timer timer_;
    bool is_waiting_ = false;  // for the next renewal
    bool has_stopped_ = false;
    std::map<store::CommandName, Row> rows_;
};

}  // namespace vitrine::commands
