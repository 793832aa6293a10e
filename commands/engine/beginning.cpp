#include "commands/engine/beginning.hpp"

#include <utility>

#include "commands/engine/conclusion.hpp"
#include "commands/engine/refusals.hpp"
#include "commands/problem_of.hpp"
#include "events/envelope.hpp"
#include "net/timer.hpp"
#include "store/append.hpp"
#include "store/erased.hpp"
#include "store/read.hpp"

namespace vitrine::commands {

namespace asio = boost::asio;

asio::awaitable<std::optional<Begun>> Beginning::begin(
    std::shared_ptr<Intake> intake,
    Plan plan,
    std::shared_ptr<Turns::Turn> turn,
    bool may_be_tried_again
) {
    intake->head.accepted_at = parts_.clock();
    intake->head.person = plan.person;
    if (plan.feeds && !plan.events.empty()) {
        auto feeding = feed(intake, std::move(plan), may_be_tried_again);
        co_return co_await std::move(feeding);
    }
    if (plan.steps.empty()) {
        auto concluding = conclude_at_once(intake, std::move(plan), may_be_tried_again);
        co_return co_await std::move(concluding);
    }
    if (plan.version != 0) {
        auto passing = let_late_requests_pass(intake->request.principal.tenant, plan.stream);
        co_await std::move(passing);
    }
    auto accepting = accept(intake, std::move(plan), std::move(turn), may_be_tried_again);
    co_return co_await std::move(accepting);
}

/// A request of the command before, given up and sent again, may still arrive on the platform: what
/// is sent now must not be before it. docs/effects.md has the limits.
asio::awaitable<void> Beginning::let_late_requests_pass(TenantId tenant, StreamName stream) {
    const auto until =
        co_await store::read(parts_.store, [&] { return late_until(tenant, stream); });
    if (!until) co_return;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - leases_->now());
    if (left.count() > 0) co_await net::wait_for(left);
}

/// What the command of the stream's last event noted. Where reads may block.
std::optional<Timestamp> Beginning::late_until(const TenantId& tenant, const StreamName& stream)
    const {
    const auto last = parts_.store.read_stream(tenant, stream, 0, 1, store::Direction::backwards);
    if (last.empty()) return std::nullopt;
    const auto command_id = events::decode_metadata(last[0].metadata).command_id;
    const auto record = parts_.store.journal().find(tenant, command_id);
    if (!record || record->plan.empty() || store::is_erased(record->plan)) return std::nullopt;
    return plan_from_json(record->plan).late_until;
}

/// Nothing to do outside: one commit with what there is to tell, and the answer.
asio::awaitable<std::optional<Begun>> Beginning::conclude_at_once(
    std::shared_ptr<Intake> intake, Plan plan, bool may_be_tried_again
) {
    const auto& tenant = intake->request.principal.tenant;
    auto end = done_at_once(plan, {tenant, intake->head, parts_.clock(), parts_.new_id});
    auto& conclude = std::get<store::Conclude>(*end.journal);
    if (plan.events.empty()) {
        const auto last = co_await store::read(parts_.store, [&] {
            return parts_.store.read_stream(tenant, plan.stream, 0, 1, store::Direction::backwards);
        });
        if (!last.empty()) {
            // What is decided of a state that nobody appends to must be of the version told.
            if (last.front().version != plan.version && may_be_tried_again) co_return std::nullopt;
            conclude.position = last.front().position;
        }
    }
    const auto answer = conclude.answer;
    const auto before = conclude.position;
    const auto appended = co_await store::append_to(parts_.store, std::move(end));
    if (!appended) {
        const bool overtaken = appended.error().kind == store::AppendError::Kind::conflict;
        if (overtaken && may_be_tried_again) co_return std::nullopt;
        co_return Begun(reply_of(problem_of_append(appended.error(), *intake)));
    }
    const auto position = appended->last == 0 ? before : appended->last;
    co_return Begun(reply_from(answer, intake->head.id, position));
}

/// One commit with what the command asks of its process, which answers it. Where that is at once,
/// the answer may be there before this append has returned.
asio::awaitable<std::optional<Begun>> Beginning::feed(
    std::shared_ptr<Intake> intake, Plan plan, bool may_be_tried_again
) {
    const auto& tenant = intake->request.principal.tenant;
    const store::CommandName name{tenant, intake->head.id};
    plan.feeds->signal = EventId(parts_.new_id());
    auto pending = awaited_->expect(name);
    const auto appended = co_await store::append_to(
        parts_.store, fed(plan, {tenant, intake->head, parts_.clock(), parts_.new_id})
    );
    if (appended) co_return Begun(std::move(pending));
    awaited_->forget(name);
    const bool overtaken = appended.error().kind == store::AppendError::Kind::conflict;
    if (overtaken && may_be_tried_again) co_return std::nullopt;
    co_return Begun(reply_of(problem_of_append(appended.error(), *intake)));
}

/// One commit with the plan, if nobody has been on the stream since it was decided.
asio::awaitable<std::optional<Begun>> Beginning::accept(
    std::shared_ptr<Intake> intake,
    Plan plan,
    std::shared_ptr<Turns::Turn> turn,
    bool may_be_tried_again
) {
    const auto tenant = intake->request.principal.tenant;
    const auto asked_at = leases_->elapsed();
    store::Append append;
    append.tenant = tenant;
    append.streams.push_back(
        {plan.stream,
         plan.version == 0 ? store::ExpectedVersion::no_stream()
                           : store::ExpectedVersion::exact(plan.version),
         {}}
    );
    append.journal = store::Accept{intake->head, to_json(plan), plan.claims, leases_->from_now()};
    const auto accepted = co_await store::append_to(parts_.store, std::move(append));
    if (!accepted) {
        const bool overtaken = accepted.error().kind == store::AppendError::Kind::conflict;
        if (overtaken && may_be_tried_again) co_return std::nullopt;
        co_return Begun(reply_of(problem_of_append(accepted.error(), *intake)));
    }
    // What an earlier attempt of the same command may have left behind is asked for first.
    Job job{
        .tenant = tenant,
        .head = std::move(intake->head),
        .plan = std::move(plan),
        .tried_before = intake->former.has_value()
    };
    leases_->hold(job.name(), asked_at);
    co_return Begun(running_->start(std::move(job), std::move(*turn)));
}

}  // namespace vitrine::commands
