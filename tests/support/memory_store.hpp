#pragma once

// An EventStore in memory, for tests of what reads the log: no disk, no threads of its own.

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/event_store.hpp"

namespace vitrine::tests {

class MemoryStore : public store::EventStore, public store::Journal {
public:
    /// recorded_at of the next events.
    Timestamp now{std::chrono::microseconds(1'300'000'000'000'000)};
    /// For GET /v1/commands.
    std::vector<store::CommandRecord> commands;

    void append(store::Append append, store::AppendDone done) override {
        store::Appended appended;
        {
            const std::scoped_lock lock(log_->mutex);
            for (auto& stream : append.streams) {
                auto version = version_of(append.tenant, stream.stream);
                for (auto& event : stream.events) {
                    store::RecordedEvent recorded;
                    recorded.position = log_->events.size() + 1;
                    recorded.id = std::move(event.id);
                    recorded.tenant = append.tenant;
                    recorded.stream = stream.stream;
                    recorded.version = ++version;
                    recorded.type = std::move(event.type);
                    recorded.schema = event.schema;
                    recorded.data = std::move(event.data);
                    recorded.metadata = std::move(event.metadata);
                    recorded.occurred_at = event.occurred_at;
                    recorded.recorded_at = now;
                    if (appended.first == 0) appended.first = recorded.position;
                    appended.last = recorded.position;
                    log_->events.push_back(std::move(recorded));
                }
                appended.versions.push_back(version);
            }
        }
        log_->changed.notify_all();
        done(std::move(appended));
    }

    std::vector<store::RecordedEvent> read_stream(
        const TenantId& tenant,
        const StreamName& stream,
        Version from,
        std::size_t limit,
        store::Direction direction
    ) override {
        store::Filter filter;
        filter.tenant = tenant;
        filter.stream = stream;
        auto all = read_all(0, filter, ~std::size_t{0}, direction);
        const bool forwards = direction == store::Direction::forwards;
        std::erase_if(all, [&](const auto& event) {
            return from != 0 && (forwards ? event.version < from : event.version > from);
        });
        if (all.size() > limit) all.resize(limit);
        return all;
    }

    Version stream_version(const TenantId& tenant, const StreamName& stream) override {
        const std::scoped_lock lock(log_->mutex);
        return version_of(tenant, stream);
    }

    std::vector<store::RecordedEvent> read_all(
        Position from, const store::Filter& filter, std::size_t limit, store::Direction direction
    ) override {
        const std::scoped_lock lock(log_->mutex);
        const auto& events = log_->events;
        std::vector<store::RecordedEvent> found;
        if (direction == store::Direction::forwards) {
            for (auto i = from == 0 ? 0 : from - 1; i < events.size(); ++i) {
                if (found.size() < limit && filter.matches(events[i])) found.push_back(events[i]);
            }
        } else {
            for (auto i = from == 0 ? events.size() : std::min(from, events.size()); i > 0; --i) {
                if (found.size() < limit && filter.matches(events[i - 1])) {
                    found.push_back(events[i - 1]);
                }
            }
        }
        return found;
    }

    Position head() override {
        const std::scoped_lock lock(log_->mutex);
        return log_->events.size();
    }

    Position position_at(Timestamp time) override {
        const std::scoped_lock lock(log_->mutex);
        Position position = 0;
        for (const auto& event : log_->events) {
            if (event.recorded_at <= time) position = event.position;
        }
        return position;
    }

    std::unique_ptr<store::Subscription> subscribe(Position after, store::Filter filter) override {
        return std::make_unique<Reader>(log_, after, std::move(filter));
    }

    store::Journal& journal() override { return *this; }

    std::optional<store::CommandRecord> find(const TenantId& tenant, const CommandId& id) override {
        for (const auto& record : commands) {
            if (record.tenant == tenant && record.head.id == id) return record;
        }
        return std::nullopt;
    }
    std::optional<store::CommandRecord> find_by_key(const TenantId&, const std::string&) override {
        return std::nullopt;
    }
    std::vector<store::CommandRecord> unfinished() override { return {}; }
    std::optional<CommandId> holder(const TenantId&, const store::Reservation&) override {
        return std::nullopt;
    }

    /// Puts other content in the place of a recorded event, as a repair of the log would.
    void replace_data(Position position, std::string data) {
        const std::scoped_lock lock(log_->mutex);
        log_->events.at(position - 1).data = std::move(data);
    }

private:
    struct Log {
        std::mutex mutex;
        std::condition_variable changed;
        std::vector<store::RecordedEvent> events;
    };

    class Reader : public store::Subscription {
    public:
        Reader(std::shared_ptr<Log> log, Position after, store::Filter filter)
            : log_(std::move(log)), position_(after), filter_(std::move(filter)) {}

        std::vector<store::RecordedEvent> next(std::size_t limit) override {
            std::unique_lock lock(log_->mutex);
            std::vector<store::RecordedEvent> found;
            log_->changed.wait(lock, [&] {
                if (!closed_) found = take(limit);
                return closed_ || !found.empty();
            });
            return found;
        }
        std::vector<store::RecordedEvent> poll(std::size_t limit) override {
            const std::scoped_lock lock(log_->mutex);
            return closed_ ? std::vector<store::RecordedEvent>() : take(limit);
        }
        Position position() const override { return position_; }
        void close() override {
            {
                const std::scoped_lock lock(log_->mutex);
                closed_ = true;
            }
            log_->changed.notify_all();
        }

    private:
        std::vector<store::RecordedEvent> take(std::size_t limit) {
            std::vector<store::RecordedEvent> found;
            while (position_ < log_->events.size() && found.size() < limit) {
                const auto& event = log_->events[position_++];
                if (filter_.matches(event)) found.push_back(event);
            }
            return found;
        }

        std::shared_ptr<Log> log_;
        Position position_;
        store::Filter filter_;
        bool closed_ = false;
    };

    Version version_of(const TenantId& tenant, const StreamName& stream) const {
        return static_cast<Version>(std::ranges::count_if(log_->events, [&](const auto& event) {
            return event.tenant == tenant && event.stream == stream;
        }));
    }

    std::shared_ptr<Log> log_ = std::make_shared<Log>();
};

}  // namespace vitrine::tests
