#include "commands/engine/running.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "commands/json.hpp"
#include "commands/problem.hpp"

namespace vitrine::commands {

namespace asio = boost::asio;

asio::awaitable<CommandReply> Running::outcome_of(
    std::shared_ptr<Pending> pending, CommandId id, std::chrono::steady_clock::time_point answer_by
) {
    boost::system::error_code ignored;
    pending->timer.expires_at(answer_by);
    if (!pending->reply && !pending->is_over)
        co_await pending->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (pending->reply) co_return *pending->reply;

    pending->is_left = true;
    Json running;
    running["command_id"] = id.str();
    running["status"] = "running";
    CommandReply reply;
    reply.status = 202;
    reply.body = running.dump();
    reply.location = "/v1/commands/" + id.str();
    reply.command_id = id;
    co_return reply;
}

std::shared_ptr<Pending> Running::start_in_turn(
    Job job, std::optional<Turns::Turn> turn, std::optional<TurnToCome> to_come
) {
    auto pending = std::make_shared<Pending>(loop_);
    ++count_;
    auto notice = notice_of(
        Notice::Level::warning,
        "a command stopped, and is taken up at the next start",
        job.tenant,
        job.head
    );
    const auto name = job.name();
    asio::co_spawn(
        loop_,
        work(std::make_shared<Job>(std::move(job)), pending, std::move(turn), std::move(to_come)),
        [self = shared_from_this(), name, pending, notice](const std::exception_ptr& error) {
            if (error) {
                self->stopped(name, notice, error);
                pending->is_over = true;
                pending->timer.cancel();
            } else {
                self->leases_->forget(name);
            }
            self->finished();
        }
    );
    return pending;
}

/// What somebody else carries on is no longer ours; anything else waits for a program that can.
void Running::stopped(
    const store::CommandName& name, Notice notice, const std::exception_ptr& error
) {
    try {
        std::rethrow_exception(error);
    } catch (const LeftToOthers& left) {
        leases_->forget(name);
        notice.event = "a command is left to whoever takes it up";
        notice.reason = left.what();
    } catch (const std::exception& exception) {
        leases_->stop_renewing(name);
        notice.reason = exception.what();
    }
    notify_(notice);
}

asio::awaitable<void> Running::work(
    std::shared_ptr<Job> job,
    std::shared_ptr<Pending> pending,
    std::optional<Turns::Turn> turn,  // until the command has ended
    std::optional<TurnToCome> to_come
) {
    if (to_come) turn = co_await *std::move(to_come);
    const auto deliver = [&pending](CommandReply reply) {
        if (pending->reply) return;
        pending->reply = std::move(reply);
        pending->timer.cancel();
    };
    auto reply = co_await execution_.run(job, [&](CommandReply early) {
        deliver(std::move(early));
        pending->is_left = true;
    });
    if (pending->is_left) {
        auto notice = notice_of(
            Notice::Level::info, "a command ended after its answer", job->tenant, job->head
        );
        notice.status = reply.status;
        notice.problem = problem_name_in(reply.body);
        notice.position = reply.position;
        notify_(notice);
    }
    deliver(std::move(reply));
}

void Running::finished() {
    if (--count_ == 0 && drained_) std::exchange(drained_, nullptr)();
}

void Running::drain(std::chrono::milliseconds limit, std::function<void()> done) {
    if (count_ == 0) return done();
    auto timer = std::make_shared<asio::steady_timer>(loop_, limit);
    drained_ = [timer, done] {
        timer->cancel();
        done();
    };
    timer->async_wait([self = shared_from_this()](boost::system::error_code error) {
        if (!error && self->drained_) std::exchange(self->drained_, nullptr)();
    });
}

}  // namespace vitrine::commands
