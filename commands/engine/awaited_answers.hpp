#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "commands/engine/running.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// Requests whose command has fed a process, and who wait for what it answers.
///
/// Operation: an answer stands in the journal. A process that runs here says when to look
/// (`answered`); those of other nodes do not, so that as long as somebody waits the rows are looked
/// at a few times a second. Concurrency: one loop. The store outlives it.
class AwaitedAnswers : public std::enable_shared_from_this<AwaitedAnswers> {
public:
    AwaitedAnswers(boost::asio::any_io_executor loop, store::EventStore& store)
        : loop_(std::move(loop)), store_(store), timer_(loop_) {}

    /// Before its row is written: from then on it may be answered.
    std::shared_ptr<Pending> expect(const store::CommandName& name);
    void forget(const store::CommandName& name) { waiting_.erase(name); }

    /// A process has answered it.
    void answered(const store::CommandName& name);

    /// Nobody waits any longer: they are told that their commands run.
    void let_go();

    std::size_t count() const { return waiting_.size(); }

private:
    using Self = std::shared_ptr<AwaitedAnswers>;
    static boost::asio::awaitable<void> look(Self self, std::vector<store::CommandName> names);
    void look_at(std::vector<store::CommandName> names);
    void look_later();

    boost::asio::any_io_executor loop_;
    store::EventStore& store_;
    boost::asio::steady_timer timer_;
    std::map<store::CommandName, std::shared_ptr<Pending>> waiting_;
    bool is_looking_later_ = false;
};

}  // namespace vitrine::commands
