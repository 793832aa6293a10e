#include <algorithm>

#include "deliveries/refusals.hpp"
#include "deliveries/runner_impl.hpp"

namespace vitrine::deliveries {
Runner::Impl::SharedLine Runner::Impl::find(const ReceiverName& name) const {
    const auto found = lines_.find(name);
    return found == lines_.end() || !found->second->lane.is_open() ? nullptr : found->second;
}

asio::awaitable<std::expected<Retried, Refused>> Runner::Impl::retry(
    ReceiverName name, std::optional<EventId> event
) {
    const auto self = shared_from_this();
    const auto line = find(name);
    if (!line) co_return no_receiver(name);
    const auto number = line->lane.number();
    co_await write(std::make_shared<const Batch>(gather()));
    struct Found {
        std::optional<std::pair<Delivery, Pending>> one;
        std::vector<Pending> revived;
        std::uint64_t dead = 0;
    };
    const auto room =
        options_.limits.held - std::min(options_.limits.held, line->lane.queue().size());
    auto found = co_await on_disk([this, number, event, room] {
        Found result;
        if (event) result.one = progress_->find(number, *event);
        if (!event || (result.one && result.one->first.state == State::dead))
            result.revived = progress_->revive(number, event, event ? 1 : room);
        result.dead = progress_->dead(number);
        return result;
    });
    if (event && !found.one) co_return no_delivery();
    Retried retried{.count = found.revived.size(), .dead = found.dead};
    {
        const std::scoped_lock lock(mutex_);
        auto& queue = line->lane.queue();
        if (found.revived.empty() && found.one && queue.has(found.one->second.position)) {
            auto pending = queue.pending(found.one->second.position);
            pending.due = parts_.keeper.now();
            queue.restore(pending);  // one that is under way stays so
            retried.count = 1;
        }
        for (const auto& pending : found.revived) queue.restore(pending);
        line->lane.set_dead(found.dead);
    }
    go_on(line);
    co_return retried;
}

asio::awaitable<std::expected<std::uint64_t, Refused>> Runner::Impl::dismiss(
    ReceiverName name, std::optional<EventId> event
) {
    const auto self = shared_from_this();
    const auto line = find(name);
    if (!line) co_return no_receiver(name);
    const auto number = line->lane.number();
    co_await write(std::make_shared<const Batch>(gather()));
    std::uint64_t count = 0;
    if (event) {
        const auto one =
            co_await on_disk([this, number, event] { return progress_->find(number, *event); });
        if (!one) co_return no_delivery();
        if (one->first.state == State::pending) {
            const auto position = one->first.position;
            {
                const std::scoped_lock lock(mutex_);
                if (line->lane.queue().has(position) && !line->lane.queue().drop(position))
                    co_return is_under_way();
            }
            co_await on_disk([this, number, position] {
                progress_->remove(number, position);
                return true;
            });
            go_on(line);
            co_return 1;
        }
    }
    const auto [dismissed, dead] = co_await on_disk([this, number, event] {
        const auto ended = progress_->dismiss(number, event);
        return std::pair(ended, progress_->dead(number));
    });
    count = dismissed;
    const std::scoped_lock lock(mutex_);
    line->lane.set_dead(dead);
    co_return count;
}

asio::awaitable<std::expected<Replay, Refused>> Runner::Impl::replay(
    ReceiverName name, Position from, std::optional<Position> to
) {
    const auto self = shared_from_this();
    const auto line = find(name);
    if (!line) co_return no_receiver(name);
    const auto read = line->lane.read_up_to(end_);
    const auto last = std::min(to.value_or(read), read);
    if (!is_range(from, to)) co_return no_range();
    Replay replay{.number = 0, .next = from, .last = last};
    if (from > last) co_return replay;  // it has not had any of it: it is sent all the same
    replay = co_await on_disk([this, number = line->lane.number(), from, last] {
        return progress_->add_replay(number, from, last);
    });
    {
        const std::scoped_lock lock(mutex_);
        line->lane.add_replay(replay);
    }
    go_on(line);
    co_return replay;
}

asio::awaitable<std::expected<void, Refused>> Runner::Impl::pause(ReceiverName name, bool paused) {
    const auto self = shared_from_this();
    const auto line = find(name);
    if (!line) co_return no_receiver(name);
    co_await on_disk([this, number = line->lane.number(), paused] {
        progress_->pause(number, paused);
        return true;
    });
    {
        const std::scoped_lock lock(mutex_);
        line->lane.pause(paused);
    }
    go_on(line);
    co_return std::expected<void, Refused>();
}

}  // namespace vitrine::deliveries
