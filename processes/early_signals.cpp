#include "processes/early_signals.hpp"

#include <boost/asio/co_spawn.hpp>
#include <string>
#include <utility>

#include "events/new_event.hpp"
#include "processes/event_at.hpp"
#include "processes/signal_id.hpp"
#include "store/append.hpp"

namespace vitrine::processes {

namespace asio = boost::asio;

namespace {

/// A signal that could not be given up now is given up then.
constexpr std::chrono::minutes give_up_again{1};

}  // namespace

void EarlySignals::look() {
    const auto oldest = held_->oldest_early();
    if (!oldest || has_stopped_ || giving_up_) return;
    const bool too_many = held_->early() > options_.early_limit;
    end_ = parts_.time.at(
        too_many ? parts_.time.now() : oldest->since + options_.early_wait,
        [weak = weak_from_this()] {
            const auto self = weak.lock();
            if (!self || self->has_stopped_ || self->giving_up_) return;
            self->giving_up_ = true;
            asio::co_spawn(self->parts_.loop, give_up(self), self->failed_);
        }
    );
}

asio::awaitable<void> EarlySignals::give_up(Self self) {
    bool stored = true;
    while (stored && !self->has_stopped_) {
        const auto oldest = self->held_->oldest_early();
        if (!oldest) break;
        const bool has_waited =
            oldest->since + self->options_.early_wait <= self->parts_.time.now();
        if (!has_waited && self->held_->early() <= self->options_.early_limit) break;
        auto noting = self->note_given_up(oldest->signal);
        stored = co_await std::move(noting);
        if (stored) self->held_->drop(oldest->signal);
    }
    self->giving_up_ = false;
    if (stored) {
        self->look();
    } else if (!self->has_stopped_) {
        self->end_ = self->parts_.time.at(
            self->parts_.time.now() + give_up_again,
            [weak = std::weak_ptr(self)] {
                if (const auto again = weak.lock()) again->look();
            }
        );
    }
}

void EarlySignals::stop() {
    has_stopped_ = true;
    end_.end();
}

/// In a stream of its own: that of the process is left to the command that begins it.
asio::awaitable<bool> EarlySignals::note_given_up(HeldSignal signal) {
    auto reading = event_at(parts_.store, signal.position);
    const auto event = co_await std::move(reading);
    if (!event) co_return true;
    const auto name = fact_signal(event->id);
    const events::ProcessSignalIgnored ignored{
        signal.process.kind,
        name,
        "There was no such process in time.",
        "Não houve tal processo a tempo."
    };
    events::Metadata metadata;
    metadata.causation_id = event->id.str();
    metadata.actor = actor_of(signal.process);
    store::Append append;
    append.tenant = signal.process.tenant;
    append.streams.push_back(
        {StreamName("process-" + signal.process.kind + '-' + signal.process.id),
         store::ExpectedVersion::any(),
         {events::new_event(
             event_id_of(signal.process, "early:" + name, 0),
             events::encode(ignored),
             metadata,
             event->recorded_at + options_.early_wait
         )}}
    );
    const auto appended = co_await store::append_to(parts_.store, std::move(append));
    parts_.notify(
        {Notice::Level::warning,
         "a signal has waited for its process in vain",
         signal.process,
         "",
         appended ? name : appended.error().detail}
    );
    co_return appended.has_value();
}

}  // namespace vitrine::processes
