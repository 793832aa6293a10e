#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "store/event_store.hpp"

namespace vitrine::processes {

/// Reads the log on a thread of its own, a page at a time, and hands each over on the loop. The
/// next page is read when the former one has been worked through.
class LogReader {
public:
    using Page = std::vector<store::SharedEvent>;
    /// On the loop. `upto`: all events up to there are in this page or before it.
    using Take = std::function<void(Page page, Position upto)>;

    LogReader(
        boost::asio::any_io_executor loop,
        store::EventStore& store,
        Position after,
        store::Filter filter,
        Take take
    );
    ~LogReader();
    LogReader(const LogReader&) = delete;
    LogReader& operator=(const LogReader&) = delete;

    /// The page that was handed over is done. Any thread.
    void go_on();

private:
    struct Gate {
        std::mutex mutex;
        std::condition_variable changed;
        bool is_open = true;
        bool closed = false;
    };
    void read(const boost::asio::any_io_executor& loop, const Take& take);

    std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
    std::unique_ptr<store::Subscription> log_;
    std::thread thread_;  // last: it uses the others
};

}  // namespace vitrine::processes
