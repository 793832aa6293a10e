#pragma once

#include <atomic>
#include <filesystem>
#include <list>
#include <thread>

#include "api/control/line_socket.hpp"
#include "api/control/operations.hpp"

namespace vitrine::api {

/// Serves operations on DIR/control.sock: one request a connection, {"command","arguments"} on a
/// line; answered by lines of what happens meanwhile and one {"result"} or {"error"}.
///
/// Concurrency: threads of its own, one for each connection; `stop` and the destructor wait for
/// them.
class ControlServer {
public:
    /// The caller holds the DataLock. Throws std::system_error.
    ControlServer(const std::filesystem::path& data, Administration administration);
    ~ControlServer();

    /// Ends operations in work, removes the socket. Idempotent.
    void stop();

private:
    struct Session {
        std::thread thread;
        std::atomic<bool> ended = false;
    };

    void accept();
    void serve(LineSocket socket);
    void reap(bool all);

    Administration administration_;
    ControlAddress address_;
    store::Descriptor listener_;
    store::Descriptor wake_;
    std::atomic<bool> stopping_ = false;
    std::list<Session> sessions_;  // of the accepting thread
    std::thread thread_;
};

}  // namespace vitrine::api
