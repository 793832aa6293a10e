#include "deliveries/stopped.hpp"

#include <algorithm>

#include "deliveries/progress.hpp"
#include "deliveries/refusals.hpp"
#include "store/event_store.hpp"

namespace vitrine::deliveries {
namespace {

std::string first_event(store::EventStore& store) {
    const auto first = store.read_all(1, {}, 1, store::Direction::forwards);
    return first.empty() ? std::string() : first.front().id.str();
}

bool known(Progress& progress, const ReceiverName& name) {
    const auto names = progress.names();
    return std::ranges::find(names, name) != names.end();
}

/// nullopt: there is no such receiver.
std::optional<Kept> kept_of(Progress& progress, const ReceiverName& name) {
    if (!known(progress, name)) return std::nullopt;
    return progress.open(name, 0);
}

}  // namespace

Stopped::Stopped(const std::filesystem::path& data, store::EventStore& store)
    : progress_(std::make_unique<Progress>(data, first_event(store), store.head())) {}

Stopped::~Stopped() = default;

std::expected<Retried, Refused> Stopped::retry(
    const ReceiverName& name, const std::optional<EventId>& event
) {
    const auto kept = kept_of(*progress_, name);
    if (!kept) return no_receiver(name);
    if (event) {
        const auto one = progress_->find(kept->number, *event);
        if (!one) return no_delivery();
        if (one->first.state == State::pending) {
            progress_->hasten(kept->number, one->second.position);
            return Retried{.count = 1, .dead = kept->dead};
        }
    }
    const auto held = Queue::Limits{}.held;
    const auto room = event ? 1 : held - std::min(held, kept->pending.size());
    const auto count = progress_->revive(kept->number, event, room).size();
    return Retried{.count = count, .dead = progress_->dead(kept->number)};
}

std::expected<std::uint64_t, Refused> Stopped::dismiss(
    const ReceiverName& name, const std::optional<EventId>& event
) {
    const auto kept = kept_of(*progress_, name);
    if (!kept) return no_receiver(name);
    if (event) {
        const auto one = progress_->find(kept->number, *event);
        if (!one) return no_delivery();
        progress_->remove(kept->number, one->second.position);
        return 1;
    }
    return progress_->dismiss(kept->number, event);
}

std::expected<Replay, Refused> Stopped::replay(
    const ReceiverName& name, Position from, std::optional<Position> to
) {
    const auto kept = kept_of(*progress_, name);
    if (!kept) return no_receiver(name);
    if (!is_range(from, to)) return no_range();
    const auto last = std::min(to.value_or(kept->position), kept->position);
    if (from > last) return Replay{.number = 0, .next = from, .last = last};
    return progress_->add_replay(kept->number, from, last);
}

std::expected<void, Refused> Stopped::pause(const ReceiverName& name, bool paused) {
    const auto kept = kept_of(*progress_, name);
    if (!kept) return no_receiver(name);
    progress_->pause(kept->number, paused);
    return {};
}

}  // namespace vitrine::deliveries
