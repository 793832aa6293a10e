#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace vitrine::api {

/// Event loops, each run by one thread: the first by the caller of `run`, the others by their own.
class Loops {
public:
    explicit Loops(std::size_t count);
    ~Loops();

    boost::asio::io_context& main() { return *loops_.front(); }
    std::vector<boost::asio::io_context*> all();

    /// Until `stop`.
    void run();
    /// Any thread.
    void stop();

    /// By the number of processors.
    static std::size_t usual_count();

private:
    using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
    std::vector<std::unique_ptr<boost::asio::io_context>> loops_;
    std::vector<Guard> guards_;
    std::vector<std::thread> threads_;
};

}  // namespace vitrine::api
