#include "commands/engine/execution.hpp"

#include "commands/engine/conclusion.hpp"
#include "commands/engine/delay.hpp"
#include "commands/problem_of.hpp"
#include "core/backoff.hpp"
#include "gateways/errand.hpp"
#include "net/timer.hpp"
#include "store/append.hpp"

namespace vitrine::commands {

namespace asio = boost::asio;

using gateways::Done;
using gateways::NotDone;
using gateways::Refused;

namespace {

void if_left_to_others(const store::AppendError& error) {
    if (error.kind == store::AppendError::Kind::not_owner) throw LeftToOthers(error.detail);
}

Rejection changes_too_often() {
    return {
        "command-in-flight",
        {"Others change the stream again and again.", "Outros alteram o fluxo repetidamente."},
        {}
    };
}

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

asio::awaitable<CommandReply> Execution::run(
    std::shared_ptr<Job> job, std::function<void(CommandReply)> early
) {
    if (std::exchange(job->is_left_behind, false)) {
        auto taking = take_over(job);
        co_await std::move(taking);
    }
    auto& plan = job->plan;
    const auto closing = [&] {
        return Closing{job->tenant, job->head, parts_.clock(), parts_.new_id};
    };
    const auto end_with = [&](store::Append end) { return conclude(job, std::move(end), early); };
    while (const auto* next = next_step(plan)) {
        const auto& step = *next;              // the plan's steps do not change
        auto carrying = carry_out(job, step);  // its arguments are not kept while it waits
        const auto outcome = co_await std::move(carrying);
        if (const auto* put_off = std::get_if<NotDone>(&outcome)) {
            auto ending =
                end_with(not_done(plan, put_off->refusal, put_off->retry_after, closing()));
            co_return co_await std::move(ending);
        }
        if (const auto* done = std::get_if<Done>(&outcome)) {
            plan.results.push_back({step.name, done->id, {}});
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

gateways::Effects& Execution::gateway_of(const Step& step) const {
    const auto found = parts_.connectors.find(step.effect.connector);
    if (found == parts_.connectors.end())
        throw std::runtime_error("no gateway is called \"" + step.effect.connector + '"');
    return *found->second;
}

asio::awaitable<gateways::Outcome> Execution::carry_out(std::shared_ptr<Job> job, Step step) {
    auto& gateway = gateway_of(step);
    step.effect.path = fill_in(job->plan, step.effect.path);
    step.effect.subject = fill_in(job->plan, step.effect.subject);
    auto before = gateways::Before::nothing;
    if (std::exchange(job->tried_before, false)) before = gateways::Before::given_up;
    if (std::exchange(job->resumed, false)) before = gateways::Before::perhaps_sent;
    const auto& options = parts_.options;
    auto carrying = gateways::carry_out(
        {.gateway = gateway,
         .effect = std::move(step.effect),
         .origin =
             {job->tenant, job->head.id, step.name, job->head.correlation_id, job->head.traceparent
             },
         .before = before,
         .may_be_given_up = job->plan.results.empty() && !job->plan.failure,
         .about_to_send =
             [this, job] {
                 if (!parts_.leases->is_held(job->name()))
                     throw LeftToOthers("its lease may be over");
             },
         .about_to_repeat = [this, job] { return note_late_request(job); }},
        {options.settle, options.first_pause, options.longest_pause}
    );
    co_return co_await std::move(carrying);
}

asio::awaitable<void> Execution::pause(int tries) {
    const Backoff backoff{parts_.options.first_pause, parts_.options.longest_pause};
    co_await net::wait_for(backoff.pause(tries + 1));
}

/// Before a step is sent again that may be on its way still.
asio::awaitable<void> Execution::note_late_request(std::shared_ptr<Job> job) {
    job->plan.late_until = parts_.leases->now() + parts_.options.late_request;
    co_await note_progress(job);
}

asio::awaitable<void> Execution::note_progress(std::shared_ptr<Job> job) {
    Delay delay(parts_.notify, "a confirmed step of a command", *job);
    for (int tries = 0;; ++tries) {
        store::Append progress;
        progress.tenant = job->tenant;
        progress.journal = store::Progress{
            job->head.id, to_json(job->plan), parts_.leases->owner(), job->plan.person
        };
        const auto appended = co_await store::append_to(parts_.store, std::move(progress));
        if (appended) co_return delay.ended();
        if_left_to_others(appended.error());
        delay.met(appended.error());
        co_await pause(tries);
    }
}

/// An earlier owner may have sent any step, or be gone: from here on it writes nothing.
asio::awaitable<void> Execution::take_over(std::shared_ptr<Job> job) {
    Delay delay(parts_.notify, "the new owner of a command", *job);
    for (int tries = 0;; ++tries) {
        const auto asked_at = parts_.leases->elapsed();
        store::Append append;
        append.tenant = job->tenant;
        append.journal =
            store::TakeOver{job->head.id, parts_.leases->from_now(), parts_.leases->now()};
        const auto appended = co_await store::append_to(parts_.store, std::move(append));
        if (appended) {
            parts_.leases->hold(job->name(), asked_at);
            co_return delay.ended();
        }
        if_left_to_others(appended.error());
        delay.met(appended.error());
        co_await pause(tries);
    }
}

asio::awaitable<CommandReply> Execution::conclude(
    std::shared_ptr<Job> job, store::Append end, std::function<void(CommandReply)> early
) {
    Delay delay(parts_.notify, "the outcome of a command", *job);
    int decided_again = 0;
    for (int tries = 0;; ++tries) {
        std::get<store::Conclude>(*end.journal).owner = parts_.leases->owner();
        const auto appended = co_await store::append_to(parts_.store, end);
        if (appended) {
            delay.ended();
            const auto& answer = std::get<store::Conclude>(*end.journal).answer;
            co_return reply_from(answer, job->head.id, appended->last);
        }
        const auto& error = appended.error();
        if (error.kind == store::AppendError::Kind::conflict) {
            auto deciding = concluded_again(job, ++decided_again);
            end = co_await std::move(deciding);
            continue;
        }
        if_left_to_others(error);
        if (is_final(error))
            throw std::runtime_error("the outcome cannot be stored: " + error.detail);
        delay.met(error);
        if (early && error.kind != store::AppendError::Kind::queue_full) {
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
        co_await pause(tries);
    }
}

/// Another writer was on the stream while the effects happened: what follows from them is decided
/// as the stream is now, though not for ever.
asio::awaitable<store::Append> Execution::concluded_again(std::shared_ptr<Job> job, int tries) {
    auto& plan = job->plan;
    const Closing closing{job->tenant, job->head, parts_.clock(), parts_.new_id};
    if (tries > most_tries) {
        plan.failure = overtaken(changes_too_often());
        co_return failed(plan, closing);
    }
    auto deciding = parts_.decide_again(*job);
    auto again = co_await std::move(deciding);
    if (!again) {
        plan.failure = overtaken(again.error());
        co_return failed(plan, closing);
    }
    plan.version = again->version;
    plan.events = std::move(again->events);
    plan.answer = std::move(again->answer);
    co_return succeeded(plan, closing);
}

}  // namespace vitrine::commands
