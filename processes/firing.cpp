#include "processes/firing.hpp"

#include <boost/asio/co_spawn.hpp>
#include <string>
#include <utility>

#include "events/processes.hpp"
#include "processes/event_at.hpp"
#include "processes/gathering.hpp"

namespace vitrine::processes {

namespace asio = boost::asio;

namespace {

constexpr std::size_t page = 256;

}  // namespace

void Firing::begin() {
    has_begun_ = true;
    fire_again();
}

void Firing::stop() {
    has_stopped_ = true;
    next_.end();
}

bool Firing::is_active() const {
    return is_firing_ || (appointed_ && *appointed_ <= parts_.time.now());
}

void Firing::appended(const ProcessName& process, const Draft& draft, Position first) {
    auto timers = draft.timers_before;
    auto position = first;
    for (const auto& event : draft.events) {
        events::RecordedEvent recorded;
        recorded.type = event.type;
        recorded.schema = event.schema;
        recorded.data = event.data;
        const auto general = events::decode<events::ProcessEvent>(recorded);
        if (!general) {
        } else if (const auto* made = std::get_if<events::ProcessTimerSet>(&*general)) {
            timers[made->timer] = {made->due, 0, {}};
            set({made->due, process, made->timer}, position);
        } else if (const auto* ended = std::get_if<events::ProcessTimerCancelled>(&*general)) {
            timers_.gone({timers[ended->timer].due, process, ended->timer}, position);
        } else if (const auto* fired = std::get_if<events::ProcessTimerFired>(&*general)) {
            timers_.gone({fired->due, process, fired->timer}, position);
            if (parts_.fired) parts_.fired(process.kind, parts_.time.now() - fired->due);
        }
        ++position;
    }
}

void Firing::set(TimerRow row, Position at) {
    const auto due = row.due;
    timers_.set(row, at);
    if (is_firing_ || !has_begun_) {
        is_asked_ = true;
    } else if (!appointed_ || due < *appointed_) {
        appoint_at(due);
    }
}

void Firing::appoint() {
    appointed_ = std::nullopt;
    next_.end();
    if (const auto next = timers_.next()) appoint_at(*next);
}

void Firing::appoint_at(Timestamp due) {
    appointed_ = due;
    next_ = parts_.time.at(due, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->fire_again();
    });
}

void Firing::fire_again() {
    is_asked_ = true;
    if (is_firing_ || has_stopped_ || !has_begun_) return;
    is_firing_ = true;
    asio::co_spawn(parts_.loop, fire_due(shared_from_this()), failed_);
}

/// All that is due, a page after the other, in the order of their times.
asio::awaitable<void> Firing::fire_due(Self self) {
    std::string fault;
    try {
        while (std::exchange(self->is_asked_, false)) {
            std::optional<TimerRow> after;
            while (!self->has_stopped_) {
                const auto rows = self->timers_.due(self->parts_.time.now(), after, page);
                if (rows.empty()) break;
                Gathering gathering(self->parts_.loop);
                for (const auto& row : rows) gathering.add(fire(self, row));
                auto all = Gathering::all(gathering);
                co_await std::move(all);
                after = rows.back();
            }
        }
        self->is_firing_ = false;
        if (!self->has_stopped_) self->appoint();
        co_return;
    } catch (const std::exception& error) {
        fault = error.what();
    }
    self->is_firing_ = false;
    self->parts_.notify(
        {Notice::Level::warning, "timers of processes cannot be read", {}, "", std::move(fault)}
    );
}

asio::awaitable<void> Firing::fire(Self self, TimerRow row) {
    auto taking =
        self->take_(row.process, events::ProcessTimerFired{row.process.kind, row.timer, row.due});
    const auto taken = co_await std::move(taking);
    switch (taken) {
        case Taken::taken: {  // it may have been gone before
            auto reading = head_of(self->parts_.store);
            self->timers_.gone(row, co_await std::move(reading));
            break;
        }
        case Taken::stuck:
        case Taken::not_there:
            ++self->stuck_;
            self->timers_.set_aside(row);
            break;
        case Taken::stopped:
            break;
    }
}

}  // namespace vitrine::processes
