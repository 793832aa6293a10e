#include <boost/asio/detached.hpp>

#include "deliveries/runner_impl.hpp"
#include "net/timer.hpp"

namespace vitrine::deliveries {
namespace {

constexpr std::size_t many_notes = 500;  // these do not wait for the next time
constexpr std::chrono::seconds after_fault{1};

}  // namespace

void Runner::Impl::wake_saver() {
    if (stopped_) return;
    if (notes_.size() >= many_notes) save_timer_.cancel();
    if (std::exchange(saving_, true)) return;
    asio::co_spawn(parts_.loop, save(shared_from_this()), asio::detached);
}

/// Writes what was noted, again and again until there is nothing new.
asio::awaitable<void> Runner::Impl::save([[maybe_unused]] std::shared_ptr<Impl> self) {
    while (!stopped_) {
        save_timer_.expires_after(options_.save_after);
        boost::system::error_code ignored;
        co_await save_timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (stopped_) break;
        const auto batch = std::make_shared<const Batch>(gather());
        bool more = false;
        for (const auto& [name, line] : lines_) more = more || line->lane.wants_saving();
        if (batch->empty() && !more) break;
        if (!batch->empty()) co_await write(batch);
        if (stopped_) break;
        // A replay that has ended makes way for what waits behind it.
        std::vector<SharedLine> reached;
        for (const auto& each : batch->reached)
            for (const auto& [name, line] : lines_)
                if (each.replay_ended && line->lane.number() == each.receiver)
                    reached.push_back(line);
        for (const auto& line : reached) go_on(line);
    }
    saving_ = false;
}

Batch Runner::Impl::gather() {
    const std::scoped_lock lock(mutex_);
    Batch batch;
    batch.notes = std::exchange(notes_, {});
    for (const auto& [name, line] : lines_)
        if (line->lane.wants_saving()) line->lane.gather(batch, end_);
    return batch;
}

/// Until it is written: what it says is told to nobody else.
asio::awaitable<void> Runner::Impl::write(std::shared_ptr<const Batch> batch) {
    ++working_;
    std::vector<SharedLine> released;  // by what is a dead letter now
    while (!stopped_) {
        std::optional<std::string> fault;
        try {
            const auto dead = co_await on_disk([this, batch] {
                progress_->apply(*batch);
                std::map<ReceiverNumber, std::uint64_t> of;
                for (const auto& note : batch->notes) of.try_emplace(note.receiver, 0);
                for (auto& [receiver, count] : of) count = progress_->dead(receiver);
                return of;
            });
            const std::scoped_lock lock(mutex_);
            for (const auto& [name, line] : lines_) {
                const auto found = dead.find(line->lane.number());
                if (found == dead.end()) continue;
                line->lane.set_dead(found->second);
                for (const auto& note : batch->notes) {
                    const auto position = note.delivery.position;
                    if (note.receiver != found->first || note.delivery.state != State::dead ||
                        !line->lane.queue().has(position))
                        continue;
                    line->lane.queue().end(position);
                    line->lane.note_change();
                    released.push_back(line);
                }
            }
            break;
        } catch (const std::exception& error) {
            fault = error.what();
        }
        tell_fault(*fault);
        co_await net::wait_for(after_fault);
    }
    --working_;
    if (stopped_) co_return;
    for (const auto& line : released) go_on(line);
    if (!released.empty()) wake_saver();
}

}  // namespace vitrine::deliveries
