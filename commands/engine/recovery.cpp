#include "commands/engine/recovery.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <exception>
#include <utility>

#include "commands/problem_of.hpp"
#include "store/append.hpp"
#include "store/erased.hpp"
#include "store/read.hpp"

namespace vitrine::commands {

namespace asio = boost::asio;

asio::awaitable<std::size_t> Recovery::recover() {
    look_later();
    auto records = co_await store::read(parts_.store, [this, now = leases_->now()] {
        return parts_.store.journal().unfinished(leases_->owner(), now);
    });
    auto taking = take_up(std::move(records));
    co_return co_await std::move(taking);
}

asio::awaitable<std::size_t> Recovery::take_up_expired() {
    // Nobody's and those whose lease is over; what runs here is not among them, unless renewing
    // fails.
    auto records = co_await store::read(parts_.store, [this, now = leases_->now()] {
        return parts_.store.journal().unfinished("", now);
    });
    auto taking = take_up(std::move(records));
    co_return co_await std::move(taking);
}

/// Every turn is taken, or waited for, before any command goes on, in the order in which they were
/// accepted. Which of them are at work here shows after the last read; whoever has ended one, or
/// taken it up, since the first has the journal refuse us.
asio::awaitable<std::size_t> Recovery::take_up(std::vector<store::CommandRecord> records) {
    std::vector<LeftBehind> left;
    std::vector<store::CommandRecord> erased;
    std::exception_ptr unknown;  // a plan that another program has written
    co_await store::read(parts_.store, [&] {
        try {
            for (auto& record : records) {
                if (store::is_erased(record.plan)) {
                    erased.push_back(std::move(record));
                    continue;
                }
                auto plan = plan_from_json(record.plan);
                if (plan.feeds) continue;  // its process has it
                auto keys = deciding_->relied_on(record, plan);
                left.push_back({std::move(record), std::move(plan), std::move(keys)});
            }
        } catch (...) {
            unknown = std::current_exception();
        }
    });
    for (auto& record : erased) {
        auto ending = end_erased(std::move(record));
        co_await std::move(ending);
    }
    if (has_stopped_) co_return 0;
    std::erase_if(left, [this](const LeftBehind& one) {
        return leases_->knows({one.record.tenant, one.record.head.id});
    });
    for (auto& one : left) take_up(std::move(one));
    if (unknown) std::rethrow_exception(unknown);
    co_return left.size();
}

/// Of a person who was erased meanwhile: nobody knows any more what it was to do. What can be
/// appended no more now is at the next start.
asio::awaitable<void> Recovery::end_erased(store::CommandRecord record) {
    auto problem = problem_named(
        "not-found",
        {"The person whom the command was about has been erased.",
         "A pessoa de quem o comando tratava foi apagada."}
    );
    problem.instance = "/v1/commands/" + record.head.id.str();
    store::Conclude conclude;
    conclude.head = record.head;
    conclude.succeeded = false;
    conclude.release_claims = true;
    conclude.answer.status = problem.http_status();
    conclude.answer.body = JsonText(problem.to_stored().dump());
    store::Append append;
    append.tenant = record.tenant;
    append.journal = std::move(conclude);
    co_await store::append_to(parts_.store, std::move(append));
}

void Recovery::take_up(LeftBehind left) {
    auto& record = left.record;
    const bool is_own = record.lease.owner == leases_->owner();
    Job job{
        .tenant = std::move(record.tenant),
        .head = std::move(record.head),
        .plan = std::move(left.plan),
        .resumed = true,
        .is_left_behind = true
    };
    job.head.person = job.plan.person;
    leases_->expect(job.name(), is_own);
    parts_.notify(
        notice_of(Notice::Level::info, "an unfinished command is taken up", job.tenant, job.head)
    );
    auto keys = turn_keys(job.tenant, job.head.stream, job.plan.claims);
    std::shared_ptr<Pending> pending;
    if (auto turn = turns_->try_take(keys)) {
        turn->join(turns_->try_take_shared(std::move(left.relied_on)));
        pending = running_->start(std::move(job), *std::move(turn));
    } else {
        pending = running_->start_after(
            std::move(job),
            turn_to_come(shared_from_this(), std::move(keys), std::move(left.relied_on))
        );
    }
    pending->is_left = true;
}

Running::TurnToCome Recovery::turn_to_come(
    Self self, std::vector<std::string> keys, std::vector<std::string> shared_keys
) {
    auto taking = self->turns_->take(std::move(keys));
    auto turn = co_await std::move(taking);
    turn.join(self->turns_->try_take_shared(std::move(shared_keys)));
    co_return turn;
}

void Recovery::look_later() {
    look_timer_.expires_after(leases_->length() / 2);
    look_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        const auto self = weak.lock();
        if (error || !self || self->has_stopped_) return;
        self->look_later();
        asio::co_spawn(self->parts_.loop, look_for_expired(self), asio::detached);
    });
}

asio::awaitable<void> Recovery::look_for_expired(Self self) {
    try {
        co_await self->take_up_expired();
    } catch (const std::exception& fault) {
        if (self->has_ended_) co_return;
        Notice notice;
        notice.level = Notice::Level::warning;
        notice.event = "what others have left unfinished cannot be looked for";
        notice.reason = fault.what();
        self->parts_.notify(notice);
    }
}

void Recovery::stop() {
    has_stopped_ = true;
    look_timer_.cancel();
}

void Recovery::end() {
    stop();
    has_ended_ = true;
}

}  // namespace vitrine::commands
