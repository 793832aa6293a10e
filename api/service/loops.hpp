#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace vitrine::api {

/// Event loops, each run by one thread: the main one by the caller of `run`, the others by their
/// own. On the main one commands, processes and deliveries are at work, which have much to do at
/// one instant now and then; connections are served by the others, so that no query waits for that.
class Loops {
public:
    /// So many for connections.
    explicit Loops(std::size_t connections);
    ~Loops();

    boost::asio::io_context& main() { return *loops_.front(); }
    std::vector<boost::asio::io_context*> connections();

    /// Until `stop`.
    void run();
    /// Any thread.
    void stop();

    /// For connections, by the number of processors.
    static std::size_t usual_count();

private:
    using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
    std::vector<std::unique_ptr<boost::asio::io_context>> loops_;
    std::vector<Guard> guards_;
    std::vector<std::thread> threads_;
};

}  // namespace vitrine::api
