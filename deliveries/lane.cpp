#include "deliveries/lane.hpp"

#include <algorithm>

namespace vitrine::deliveries {
namespace {

constexpr double fewest_slots = 4;
constexpr double first_slots = 8;       // of one who has not taken anything yet
constexpr std::size_t least_page = 32;  // fewer events are not worth a page

double slots_of(const Receiver& receiver) {
    return static_cast<double>(std::max<std::size_t>(1, receiver.in_flight()));
}

}  // namespace

Lane::Lane(std::shared_ptr<Receiver> receiver, Queue::Limits limits)
    : receiver_(std::move(receiver)),
      queue_(limits),
      slots_(std::min(first_slots, slots_of(*receiver_))) {}

void Lane::open(Kept kept) {
    kept_ = std::move(kept);
    read_ = kept_.position;
    if (!kept_.replays.empty()) replay_read_ = kept_.replays[0].next - 1;
    for (const auto& pending : kept_.pending) queue_.restore(pending);
    kept_.pending = {};
}

void Lane::replace(std::shared_ptr<Receiver> receiver) {
    receiver_ = std::move(receiver);
    gone_ = failing_ = false;
    slots_ = std::min(first_slots, slots_of(*receiver_));
    if (!is_open() || receiver_->start() <= read_) return;
    // A later start: what was to be sent before it is not.
    read_ = receiver_->start();
    changed_ = true;
}

bool Lane::rests() const {
    return !is_open() || kept_.paused || gone_ || !receiver_->enabled();
}

void Lane::pause(bool paused) {
    kept_.paused = paused;
}

void Lane::offer(const store::SharedEvent& event, Source source, Timestamp now) {
    const auto position = event->position;
    if (source == Source::live && kept_.beyond.contains(position)) return;
    queue_.offer(event, hash_of_key(receiver_->key(*event)), source, now);
}

void Lane::offer_new(const store::SharedEvent& event, Timestamp now) {
    if (!keeps_up_ || event->position <= read_ || !receiver_->wants(*event)) return;
    if (rests() || !queue_.has_room() || replaying()) {
        keeps_up_ = false;
        read_ = event->position - 1;
        return;
    }
    offer(event, Source::live, now);
    changed_ = true;
}

std::optional<Reading> Lane::begin_reading() {
    if (rests() || reading_) return std::nullopt;
    const bool replay = replaying();
    if (!replay && keeps_up_) return std::nullopt;
    const auto room = queue_.room();
    if (room < least_page && queue_.size() > 0) return std::nullopt;
    reading_ = true;
    reading_replay_ = std::nullopt;
    if (!replay) return Reading{.after = read_, .last = std::nullopt, .limit = room};
    reading_replay_ = kept_.replays[0].number;
    return Reading{.after = replay_read_, .last = kept_.replays[0].last, .limit = room};
}

void Lane::read(ReadEvents events, Position end, Timestamp now) {
    reading_ = false;
    const auto source = reading_replay_ ? Source::replay : Source::live;
    for (const auto& event : events.events) offer(event, source, now);
    changed_ = true;
    if (reading_replay_) {
        replay_read_ = std::max(replay_read_, events.up_to);
        return;
    }
    read_ = std::max(read_, events.up_to);
    keeps_up_ = read_ >= end;
}

void Lane::add_replay(const Replay& replay) {
    if (kept_.replays.empty()) replay_read_ = replay.next - 1;
    kept_.replays.push_back(replay);
}

void Lane::note_success() {
    failing_ = false;
    slots_ = std::min(slots_ + 1, slots_of(*receiver_));
}

void Lane::note_failure() {
    slots_ = std::max(slots_ / 2, std::min(fewest_slots, slots_of(*receiver_)));
    failing_ = slots_ <= fewest_slots;
}

Position Lane::reached(Position end) const {
    const auto fresh = queue_.first_fresh(Source::live);
    return fresh ? *fresh - 1 : read_up_to(end);
}

void Lane::gather(Batch& batch, Position end) {
    if (!is_open()) return;
    for (const auto position : queue_.lingering()) {
        const auto& event = queue_.event(position);
        const auto pending = queue_.pending(position);
        batch.notes.push_back({
            .receiver = kept_.number,
            .key = pending.key,
            .recorded_at = pending.recorded_at,
            .delivery =
                {
                    .position = position,
                    .event_id = event->id,
                    .type = event->type,
                    .stream = event->stream,
                    .state = State::pending,
                    .attempts = pending.attempts,
                    .attempted_at = std::nullopt,
                    .due = pending.due,
                    .outcome = std::nullopt,
                    .detail = {},
                },
        });
        queue_.note_kept(position);
    }
    if (!changed_) return;
    changed_ = false;
    Reached reached{.receiver = kept_.number, .position = this->reached(end)};
    if (!kept_.replays.empty()) {
        auto& replay = kept_.replays[0];
        const auto fresh = queue_.first_fresh(Source::replay);
        replay.next = fresh ? *fresh : replay_read_ + 1;
        reached.replay = replay;
        reached.replay_ended = replay.next > replay.last;
        if (reached.replay_ended) {
            kept_.replays.erase(kept_.replays.begin());
            if (!kept_.replays.empty()) replay_read_ = kept_.replays[0].next - 1;
        }
    }
    batch.reached.push_back(reached);
    kept_.beyond.erase(kept_.beyond.begin(), kept_.beyond.upper_bound(read_));
}

ReceiverStatus Lane::status(Position end, Position head) const {
    ReceiverStatus status;
    status.name = receiver_->name();
    const auto first = queue_.first();
    status.position = reached(end);
    if (first) {
        status.position = std::min(status.position, first->position - 1);
        status.oldest = first->recorded_at;
    }
    if (replaying()) status.position = std::min(status.position, replay_read_);
    status.lag = head - std::min(status.position, head);
    status.pending = queue_.size();
    status.dead = kept_.dead;
    status.under_way = queue_.under_way();
    status.paused = kept_.paused;
    status.enabled = receiver_->enabled() && !gone_;
    status.replays = kept_.replays;
    return status;
}

}  // namespace vitrine::deliveries
