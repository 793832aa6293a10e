#include <boost/asio/detached.hpp>

#include "deliveries/runner_impl.hpp"
#include "events/unreadable_event.hpp"

namespace vitrine::deliveries {
namespace {

Answer unreadable(const std::exception& fault) {
    return Answer::refused(
        phrase("the event cannot be read: {}", "não foi possível ler o evento: {}", fault.what())
    );
}

Answer failed(const std::exception& fault) {
    return Answer::unknown(phrase("the attempt failed: {}", "a tentativa falhou: {}", fault.what())
    );
}

}  // namespace

/// False: it has nothing to send now, or may not.
bool Runner::Impl::start_one(const SharedLine& line, bool failing) {
    std::optional<Position> position;
    {
        const std::scoped_lock lock(mutex_);
        auto& lane = line->lane;
        if (line->removed || lane.rests() || !lane.has_slot()) return false;
        position = lane.queue().take_next(parts_.keeper.now());
    }
    if (!position) return false;
    ++under_way_;
    if (failing) ++failing_under_way_;
    asio::co_spawn(
        parts_.loop, attempt(shared_from_this(), line, *position, failing), asio::detached
    );
    return true;
}

asio::awaitable<void> Runner::Impl::attempt(
    [[maybe_unused]] std::shared_ptr<Impl> self, SharedLine line, Position position, bool failing
) {
    const auto receiver = line->lane.shared_receiver();
    const auto number = line->lane.queue().pending(position).attempts + 1;
    const auto begin = std::chrono::steady_clock::now();
    SharedEvent event;
    std::optional<Answer> answer;
    try {
        event = co_await event_at(line, position);
        if (event) {
            std::optional<Message> message;
            try {
                message = receiver->message(*event);
            } catch (const events::UnreadableEvent& fault) {
                answer = unreadable(fault);
            }
            if (message) answer = co_await receiver->send(*std::move(message), number);
        }
    } catch (const std::exception& fault) {
        answer = failed(fault);
    }
    if (stopped_) co_return;
    --under_way_;
    if (failing) --failing_under_way_;
    if (event && parts_.attempted) {
        parts_.attempted(
            {.receiver = receiver->name(),
             .outcome = answer->outcome,
             .taken = std::chrono::steady_clock::now() - begin}
        );
    }
    if (!line->removed) {
        settle(line, position, event, answer.value_or(Answer::unknown({})));
        go_on(line);
        wake_saver();
    } else {
        pump();
    }
    if (draining_ && under_way_ == 0) drain_timer_.cancel();
}

/// nullptr: it cannot be read now.
asio::awaitable<store::SharedEvent> Runner::Impl::event_at(SharedLine line, Position position) {
    if (auto held = line->lane.queue().event(position)) co_return held;
    std::optional<std::string> fault;
    try {
        co_return co_await of_log([this, position] {
            auto found = parts_.store.read_all(position, {}, 1, store::Direction::forwards);
            if (found.empty() || found.front().position != position)
                throw std::runtime_error("there is no event " + std::to_string(position));
            return std::make_shared<const events::RecordedEvent>(std::move(found.front()));
        });
    } catch (const std::exception& error) {
        fault = error.what();
    }
    tell_fault(*fault);
    co_return nullptr;
}

void Runner::Impl::settle(
    const SharedLine& line, Position position, const SharedEvent& event, const Answer& answer
) {
    using Outcome = Answer::Outcome;
    const auto now = parts_.keeper.now();
    bool gone = false;
    {
        const std::scoped_lock lock(mutex_);
        auto& lane = line->lane;
        auto& queue = lane.queue();
        const auto before = queue.pending(position);
        if (!event) {  // no attempt was made; the disk has a while
            queue.put_back(position, now + std::chrono::seconds(1));
            return;
        }
        Note note{
            .receiver = lane.number(),
            .key = before.key,
            .recorded_at = before.recorded_at,
            .delivery =
                {
                    .position = position,
                    .event_id = event->id,
                    .type = event->type,
                    .stream = event->stream,
                    .state = State::pending,
                    .attempts = before.attempts + 1,
                    .attempted_at = now,
                    .due = std::nullopt,
                    .outcome = answer.outcome,
                    .detail = answer.detail,
                },
            .may_have_row = queue.may_have_row(position),
        };
        auto& delivery = note.delivery;
        if (answer.outcome == Outcome::taken) {
            delivery.state = State::taken;
            lane.note_success();
        } else if (answer.outcome == Outcome::gone) {
            delivery.due = now;
            lane.note_gone();
            gone = true;
        } else if (answer.outcome == Outcome::refused) {
            delivery.state = State::dead;
        } else {
            lane.note_failure();
            delivery.due = next_attempt(
                lane.receiver().schedule(), delivery.attempts, now, answer.after, options_.random
            );
            if (!delivery.due) delivery.state = State::dead;
        }
        if (delivery.due) {
            queue.put_back(position, *delivery.due);
            queue.note_kept(position);
        } else if (delivery.state == State::dead) {
            // Its key goes on when that is written: a kill before would send it after its
            // followers.
            queue.note_kept(position);
        } else {
            queue.end(position);
        }
        lane.note_change();
        notes_.push_back(std::move(note));
    }
    if (gone && parts_.gone) parts_.gone(line->lane.receiver().name(), event->id, position);
}

}  // namespace vitrine::deliveries
