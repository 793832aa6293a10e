#include "commands/execution.hpp"

#include <algorithm>
#include <random>

#include "commands/conclusion.hpp"
#include "commands/json.hpp"
#include "commands/problem_of.hpp"
#include "commands/refusals.hpp"
#include "commands/settle.hpp"
#include "core/async.hpp"
#include "core/overloaded.hpp"
#include "net/timer.hpp"

namespace vitrine::commands {

using clubify::CallError;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// One step and what is known of it so far.
struct Execution::Attempt {
    std::shared_ptr<Job> job;
    Step step;  // filled in
    clubify::Account account;
    bool unsettled = false;             // something was sent and its outcome is not known
    bool ever_unknown = false;          // …at any time: then "not done" can never be said
    std::optional<CallError> answered;  // the error that was the answer, if there was one
    steady_clock::time_point last_send;
    int pauses = 0;

    /// Nothing has happened on the platform, so the command may end as not done.
    bool may_give_up() const {
        return job->plan.results.empty() && !job->plan.failure && !ever_unknown;
    }
};

namespace {

/// The platform answered, so the request is over there; a gateway's 502 and 504 say nothing about
/// that.
bool is_over(const CallError& error) {
    return error.kind == CallError::Kind::unavailable && error.status != 502 && error.status != 504;
}

std::string id_in(const clubify::Answer& answer) {
    const auto json = Json::parse(answer.body.text, nullptr, false);
    if (!json.is_object()) return {};
    for (const char* name : {"_id", "id"}) {
        if (const auto found = json.find(name); found != json.end() && found->is_string())
            return *found;
    }
    return {};
}

bool creates(const Step& step) {
    return step.settle == Settle::offer_by_slug || step.settle == Settle::product_by_mark;
}

/// Tells once that something cannot be stored yet, and once that it was stored after all.
class Delay {
public:
    Delay(const Notify& notify, std::string_view what, const Job& job)
        : notify_(notify), what_(what), job_(job) {}

    void met(const store::AppendError& error) {
        if (!std::exchange(told_, true))
            tell(Notice::Level::warning, what_ + " cannot be stored yet", error.detail);
    }
    void ended() {
        if (told_) tell(Notice::Level::info, what_ + " is stored", {});
    }

private:
    void tell(Notice::Level level, std::string_view event, std::string reason) {
        auto notice = notice_of(level, event, job_.tenant, job_.head);
        notice.reason = std::move(reason);
        notify_(notice);
    }

    const Notify& notify_;
    std::string what_;
    const Job& job_;
    bool told_ = false;
};

}  // namespace

CommandReply reply_from(
    const store::CommandAnswer& answer, const CommandId& id, Position position
) {
    CommandReply reply;
    reply.status = answer.status;
    reply.body = body_of(answer, position);
    reply.version = answer.version;
    reply.position = position;
    reply.location = answer.location;
    reply.retry_after = answer.retry_after;
    reply.command_id = id;
    return reply;
}

Execution::Execution(
    store::EventStore& store,
    clubify::Clubify& clubify,
    clubify::Accounts accounts,
    ExecutionOptions options,
    Clock clock,
    UuidSource new_id,
    Notify notify
)
    : store_(store),
      clubify_(clubify),
      accounts_(std::move(accounts)),
      options_(options),
      clock_(std::move(clock)),
      new_id_(std::move(new_id)),
      notify_(std::move(notify)) {}

asio::awaitable<store::AppendResult> Execution::append(store::Append append) {
    co_return co_await wait_for_completion<store::AppendResult>(
        [this, append = std::move(append)](Completion<store::AppendResult> done) mutable {
            store_.append(std::move(append), std::move(done));
        }
    );
}

asio::awaitable<CommandReply> Execution::run(
    std::shared_ptr<Job> job, std::function<void(CommandReply)> early
) {
    auto& plan = job->plan;
    const auto closing = [&] { return Closing{job->tenant, job->head, clock_(), new_id_}; };
    const auto end_with = [&](store::Append end) { return conclude(job, std::move(end), early); };
    while (const auto* next = next_step(plan)) {
        const auto& step = *next;              // the plan's steps do not change
        auto carrying = carry_out(job, step);  // its arguments are not kept while it waits
        const auto outcome = co_await std::move(carrying);
        if (const auto* not_done_yet = std::get_if<NotDone>(&outcome)) {
            auto ending =
                end_with(not_done(plan, not_done_yet->refusal, not_done_yet->retry_after, closing())
                );
            co_return co_await std::move(ending);
        }
        if (const auto* confirmed = std::get_if<Confirmed>(&outcome)) {
            plan.results.push_back({step.name, confirmed->id, {}});
        } else {
            const auto& refusal = std::get<Refused>(outcome).refusal;
            if (step.on_refusal == OnRefusal::go_on) {
                plan.results.push_back({step.name, "", refusal});
            } else {
                plan.failure = refusal;
                if (step.on_refusal == OnRefusal::fail) break;
            }
        }
        if (next_step(plan) != nullptr) co_await note_progress(job);
    }
    auto ending = end_with(plan.failure ? failed(plan, closing()) : succeeded(plan, closing()));
    co_return co_await std::move(ending);
}

asio::awaitable<Execution::Outcome> Execution::carry_out(std::shared_ptr<Job> job, Step step) {
    auto attempt = std::make_shared<Attempt>();
    attempt->job = job;
    attempt->step = std::move(step);
    attempt->step.call.path = fill_in(job->plan, attempt->step.call.path);
    attempt->step.subject = fill_in(job->plan, attempt->step.subject);
    attempt->step.call.idempotency_key = job->head.id.str() + "-" + attempt->step.name;
    attempt->step.call.correlation_id = job->head.correlation_id.str();
    attempt->step.call.traceparent = job->head.traceparent;
    auto account = accounts_(job->tenant);
    if (!account) {
        co_return Refused{{"clubify-credentials", 502, "credentials", no_credentials()}};
    }
    attempt->account = *std::move(account);
    attempt->unsettled = attempt->ever_unknown = job->resumed;
    attempt->last_send = steady_clock::now();
    job->resumed = false;
    while (true) {
        if (attempt->unsettled || attempt->step.settle == Settle::offer_by_slug) {
            if (const auto outcome = co_await ask(attempt)) co_return *outcome;
            if (attempt->unsettled) continue;
        }
        if (const auto outcome = co_await send(attempt)) co_return *outcome;
    }
}

/// Asks the platform. nullopt: send it (when settled), or ask again (when not).
asio::awaitable<std::optional<Execution::Outcome>> Execution::ask(std::shared_ptr<Attempt> attempt
) {
    auto settling = settle(clubify_, attempt->account, attempt->step, attempt->job->head.id);
    const auto settled = co_await std::move(settling);
    if (const auto* done = std::get_if<StepDone>(&settled)) co_return Confirmed{done->id};
    if (std::holds_alternative<StepForeign>(settled))
        co_return Refused{slug_taken_there(attempt->step.subject)};
    if (std::holds_alternative<StepMissing>(settled))
        co_return Refused{missing_there(attempt->step)};
    if (const auto* look_up = std::get_if<LookUpFailed>(&settled)) {
        const auto& error = look_up->error;
        if (!attempt->unsettled) {  // nothing was sent yet, so nothing has happened
            if (error.kind == CallError::Kind::credentials ||
                error.kind == CallError::Kind::refused) {
                co_return Refused{refusal_of(attempt->step, error)};
            }
            if (attempt->may_give_up()) co_return NotDone{not_done(error), error.retry_after};
            attempt->unsettled = true;
        }
        co_await pause(attempt, error.retry_after);
        co_return std::nullopt;
    }
    if (!attempt->unsettled) co_return std::nullopt;

    // There is no trace of it on the platform.
    if (attempt->answered && attempt->may_give_up()) {
        co_return NotDone{not_done(*attempt->answered), attempt->answered->retry_after};
    }
    const bool may_still_appear = attempt->step.settle == Settle::product_by_mark &&
                                  !attempt->answered &&
                                  steady_clock::now() - attempt->last_send < options_.settle;
    if (may_still_appear) {
        co_await pause(attempt, std::nullopt);
        co_return std::nullopt;
    }
    if (attempt->answered) {
        co_await pause(attempt, attempt->answered->retry_after);
    } else {
        co_await note_late_request(attempt);
    }
    attempt->unsettled = false;
    co_return std::nullopt;
}

/// Sends the step once. nullopt: look again.
asio::awaitable<std::optional<Execution::Outcome>> Execution::send(std::shared_ptr<Attempt> attempt
) {
    attempt->last_send = steady_clock::now();
    attempt->answered.reset();
    auto sending = clubify_.send(attempt->account, attempt->step.call);
    const auto answer = co_await std::move(sending);
    if (answer) {
        auto id = creates(attempt->step) ? id_in(*answer) : std::string();
        if (!creates(attempt->step) || !id.empty()) co_return Confirmed{std::move(id)};
        attempt->unsettled = attempt->ever_unknown = true;  // 2xx without an id: it may be there
        co_return std::nullopt;
    }
    const auto& error = answer.error();
    switch (error.kind) {
        case CallError::Kind::credentials:
            co_return Refused{refusal_of(attempt->step, error)};
        case CallError::Kind::refused:
            co_return co_await refused(attempt, error);
        case CallError::Kind::not_sent:
            if (attempt->may_give_up()) co_return NotDone{not_done(error), error.retry_after};
            co_await pause(attempt, error.retry_after);
            co_return std::nullopt;
        case CallError::Kind::unavailable:
        case CallError::Kind::unknown:
            break;
    }
    attempt->unsettled = true;
    if (is_over(error) || (error.kind == CallError::Kind::unavailable &&
                           attempt->step.settle != Settle::product_by_mark)) {
        attempt->answered = error;
    } else {
        attempt->ever_unknown = true;
    }
    co_return std::nullopt;
}

/// A 4xx: a definite no, unless it says that an earlier send had its effect after all, or that the
/// entity is gone.
asio::awaitable<std::optional<Execution::Outcome>> Execution::refused(
    std::shared_ptr<Attempt> attempt, CallError error
) {
    const auto& step = attempt->step;
    const bool taken = step.settle == Settle::offer_by_slug && error.status == 409;
    if (taken || attempt->ever_unknown || (error.status == 404 && !creates(step))) {
        const auto settled =
            co_await settle(clubify_, attempt->account, step, attempt->job->head.id);
        if (const auto* done = std::get_if<StepDone>(&settled)) co_return Confirmed{done->id};
        if (std::holds_alternative<StepMissing>(settled)) co_return Refused{missing_there(step)};
        if (std::holds_alternative<StepForeign>(settled))
            co_return Refused{slug_taken_there(step.subject)};
        if (const auto* look_up = std::get_if<LookUpFailed>(&settled)) {
            attempt->unsettled = attempt->ever_unknown = true;
            co_await pause(attempt, look_up->error.retry_after);
            co_return std::nullopt;
        }
    }
    co_return Refused{refusal_of(step, error)};
}

asio::awaitable<void> Execution::pause(
    std::shared_ptr<Attempt> attempt, std::optional<std::chrono::seconds> at_least
) {
    static thread_local std::minstd_rand random{std::random_device{}()};
    auto longest = options_.first_pause * (1 << std::min(attempt->pauses++, 10));
    longest = std::min<milliseconds>(longest, options_.longest_pause);
    std::uniform_int_distribution<milliseconds::rep> jitter(longest.count() / 4, longest.count());
    milliseconds wait(jitter(random));
    if (at_least) wait = std::max<milliseconds>(wait, *at_least);
    co_await net::wait_for(wait);
}

/// Before a step is sent again that may be on its way still. What creates needs no note: the slug
/// is there once, and a product had its settle time.
asio::awaitable<void> Execution::note_late_request(std::shared_ptr<Attempt> attempt) {
    if (creates(attempt->step)) co_return;
    attempt->job->plan.late_until = clock_() + options_.late_request;
    co_await note_progress(attempt->job);
}

asio::awaitable<void> Execution::note_progress(std::shared_ptr<Job> job) {
    const auto attempt = std::make_shared<Attempt>();
    Delay delay(notify_, "a confirmed step of a command", *job);
    while (true) {
        store::Append progress;
        progress.tenant = job->tenant;
        progress.journal = store::Progress{job->head.id, to_json(job->plan)};
        const auto appended = co_await append(std::move(progress));
        if (appended) co_return delay.ended();
        delay.met(appended.error());
        co_await pause(attempt, std::nullopt);
    }
}

asio::awaitable<CommandReply> Execution::conclude(
    std::shared_ptr<Job> job, store::Append end, std::function<void(CommandReply)> early
) {
    const auto answer = std::get<store::Conclude>(*end.journal).answer;
    const auto attempt = std::make_shared<Attempt>();
    Delay delay(notify_, "the outcome of a command", *job);
    while (true) {
        const auto appended = co_await append(end);
        if (appended) {
            delay.ended();
            co_return reply_from(answer, job->head.id, appended->last);
        }
        delay.met(appended.error());
        if (early && appended.error().kind != store::AppendError::Kind::queue_full) {
            Problem problem;
            problem.type = "storage-unavailable";
            problem.detail = {
                "The outcome is known but cannot be stored now; it will be when the store is back.",
                "O resultado é conhecido, mas não pode ser gravado agora; será assim que o "
                "armazenamento voltar."
            };
            problem.instance = "/v1/commands/" + job->head.id.str();
            problem.retry_after = std::chrono::seconds(2);
            auto reply = reply_of(problem);
            reply.command_id = job->head.id;
            early(std::move(reply));
            early = nullptr;
        }
        co_await pause(attempt, std::nullopt);
    }
}

}  // namespace vitrine::commands
