#pragma once

#include <memory>

#include "api/config/config.hpp"

namespace vitrine::api {

/// The whole of `vitrine serve`: everything opened, read models built, unfinished commands taken up
/// again, the port open.
///
/// Operation: `run` builds what read models lack, and then opens the port: whatever is asked from
/// then on can be answered. SIGTERM or SIGINT drains it: requests in work are answered, commands
/// get 10 s to end; while read models are built it ends at once; a second signal ends the process
/// at once. SIGHUP reads the TLS certificate and key anew; if they will not do, the old ones stay.
/// Concurrency: made and run by one thread.
/// Errors: both throw std::runtime_error with a sentence for people.
class Service {
public:
    explicit Service(const Config& config);
    ~Service();

    /// Prints the ready line on the standard output when it serves, until it is drained.
    void run();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vitrine::api
