#include "store/memory/memory_event_store.hpp"

#include <algorithm>
#include <set>

#include "store/append_rules.hpp"

namespace vitrine::store {

struct MemoryEventStore::Log {
    using StreamKey = std::pair<TenantId, StreamName>;

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<RecordedEvent> events;  // position - 1 is the index
    std::map<EventId, Position> ids;
    std::map<StreamKey, std::vector<Position>> streams;
    std::map<TenantId, events::Hash> chains;
    bool closed = false;

    Version version(const TenantId& tenant, const StreamName& stream) const {
        const auto found = streams.find({tenant, stream});
        return found == streams.end() ? 0 : found->second.size();
    }
    const RecordedEvent& at(Position position) const { return events[position - 1]; }
};

namespace {

constexpr std::size_t most_in_between = 100;

AppendError error_of(AppendError::Kind kind, std::string detail) {
    AppendError error;
    error.kind = kind;
    error.detail = std::move(detail);
    return error;
}

}  // namespace

/// Reads from the log itself: what is stored and what comes are one.
class MemoryEventStore::Follower : public Subscription {
public:
    Follower(std::shared_ptr<Log> log, Position after, Filter filter)
        : log_(std::move(log)), filter_(std::move(filter)), position_(after) {}

    std::optional<std::vector<SharedEvent>> advance(std::size_t limit) override {
        std::unique_lock lock(log_->mutex);
        while (true) {
            if (closed_ || log_->closed) return std::nullopt;
            const auto before = position_;
            std::vector<SharedEvent> events;
            hand_over(limit, [&events](const RecordedEvent& event) {
                events.push_back(std::make_shared<const RecordedEvent>(event));
                return true;
            });
            if (position_ > before) return events;
            log_->changed.wait(lock, [this] {
                return closed_ || log_->closed || log_->events.size() > position_;
            });
        }
    }
    using Subscription::poll;
    std::size_t poll(std::size_t limit, const Take& take) override {
        const std::scoped_lock lock(log_->mutex);
        return closed_ || log_->closed ? 0 : hand_over(limit, take);
    }
    Position position() const override { return position_; }
    void close() override {
        const std::scoped_lock lock(log_->mutex);
        closed_ = true;
        log_->changed.notify_all();
    }

private:
    std::size_t hand_over(std::size_t limit, const Take& take) {
        std::size_t count = 0;
        while (position_ < log_->events.size() && count < limit) {
            const auto& event = log_->at(++position_);
            if (!filter_.matches(event)) continue;
            ++count;
            if (!take(event)) break;
        }
        return count;
    }

    std::shared_ptr<Log> log_;
    Filter filter_;
    Position position_;
    bool closed_ = false;
};

MemoryEventStore::MemoryEventStore(Clock clock)
    : clock_(std::move(clock)), log_(std::make_shared<Log>()), journal_(log_->mutex) {}

MemoryEventStore::~MemoryEventStore() {
    const std::scoped_lock lock(log_->mutex);
    log_->closed = true;
    log_->changed.notify_all();
}

void MemoryEventStore::append(Append append, AppendDone done) {
    AppendResult result;
    {
        const std::scoped_lock lock(log_->mutex);
        result = decide(append);
        log_->changed.notify_all();
    }
    done(std::move(result));
}

/// The verdict, and if it is well the events and the journal's write. With the lock held.
AppendResult MemoryEventStore::decide(Append& append) {
    std::set<EventId> ids;
    Appended repeated{.first = 0, .last = 0, .versions = {}, .repeated = true};
    std::size_t known = 0;
    bool different = false;
    for (const auto& part : append.streams) {
        Version version = 0;
        for (const auto& asked : part.events) {
            if (!ids.insert(asked.id).second) {
                return std::unexpected(error_of(
                    AppendError::Kind::event_id_reused, "an event id stands twice in one append"
                ));
            }
            const auto found = log_->ids.find(asked.id);
            if (found == log_->ids.end()) continue;
            ++known;
            const auto& stored = log_->at(found->second);
            different = different || !same_content(append.tenant, part.stream, asked, stored);
            version = stored.version;
            if (repeated.first == 0) repeated.first = stored.position;
            repeated.last = stored.position;
        }
        repeated.versions.push_back(version);
    }
    if (known != 0 && (different || known < ids.size())) {
        return std::unexpected(error_of(
            AppendError::Kind::event_id_reused,
            "an event is in the log already, with other content or company"
        ));
    }
    if (known != 0) return repeated;

    std::map<StreamName, Version> versions;
    for (const auto& part : append.streams) {
        const auto [entry, is_new] = versions.try_emplace(part.stream);
        if (is_new) entry->second = log_->version(append.tenant, part.stream);
        if (!is_met(part.expected, entry->second)) {
            auto error = error_of(
                AppendError::Kind::conflict,
                "stream " + part.stream.str() + " is at version " + std::to_string(entry->second)
            );
            error.stream = part.stream;
            error.current = entry->second;
            const auto found = log_->streams.find({append.tenant, part.stream});
            if (part.expected.kind == ExpectedVersion::Kind::exact &&
                found != log_->streams.end()) {
                for (auto version = part.expected.version;
                     version < found->second.size() && error.in_between.size() < most_in_between;
                     ++version) {
                    error.in_between.push_back(log_->at(found->second[version]));
                }
            }
            return std::unexpected(std::move(error));
        }
        entry->second += part.events.size();
    }
    if (append.journal) {
        if (auto refused = journal_.refuse(append.tenant, *append.journal))
            return std::unexpected(*std::move(refused));
    }

    Appended appended;
    auto recorded_at = std::max(clock_(), settled_ + std::chrono::microseconds(1));
    if (!log_->events.empty()) {
        recorded_at = std::max(recorded_at, log_->events.back().recorded_at);
    }
    for (auto& part : append.streams) {
        auto& stream = log_->streams[{append.tenant, part.stream}];
        for (auto& asked : part.events) {
            const auto chain =
                log_->chains.try_emplace(append.tenant, chain_.first(append.tenant.view())).first;
            RecordedEvent event;
            event.position = log_->events.size() + 1;
            event.id = std::move(asked.id);
            event.tenant = append.tenant;
            event.stream = part.stream;
            event.stream_number = stream.empty() ? event.position : stream.front();
            event.version = stream.size() + 1;
            event.type = std::move(asked.type);
            event.schema = asked.schema;
            event.data = std::move(asked.data);
            event.metadata = std::move(asked.metadata);
            event.occurred_at = asked.occurred_at;
            event.recorded_at = recorded_at;
            event.hash = chain->second = chain_.next(chain->second, link_of(event));
            if (appended.first == 0) appended.first = event.position;
            appended.last = event.position;
            stream.push_back(event.position);
            log_->ids.emplace(event.id, event.position);
            log_->events.push_back(std::move(event));
        }
        appended.versions.push_back(stream.size());
        if (stream.empty()) log_->streams.erase({append.tenant, part.stream});
    }
    if (append.journal) journal_.write(append.tenant, *append.journal, appended.last);
    return appended;
}

std::vector<RecordedEvent> MemoryEventStore::read_stream(
    const TenantId& tenant,
    const StreamName& stream,
    Version from,
    std::size_t limit,
    Direction direction
) {
    const std::scoped_lock lock(log_->mutex);
    std::vector<RecordedEvent> events;
    const auto found = log_->streams.find({tenant, stream});
    if (found == log_->streams.end()) return events;
    const auto& positions = found->second;
    if (direction == Direction::forwards) {
        for (auto version = std::max<Version>(from, 1);
             version <= positions.size() && events.size() < limit;
             ++version) {
            events.push_back(log_->at(positions[version - 1]));
        }
        return events;
    }
    auto version = from == 0 ? positions.size() : std::min<Version>(from, positions.size());
    for (; version >= 1 && events.size() < limit; --version) {
        events.push_back(log_->at(positions[version - 1]));
    }
    return events;
}

Version MemoryEventStore::stream_version(const TenantId& tenant, const StreamName& stream) {
    const std::scoped_lock lock(log_->mutex);
    return log_->version(tenant, stream);
}

void MemoryEventStore::read_all_into(
    std::vector<RecordedEvent>& events,
    Position from,
    const Filter& filter,
    std::size_t limit,
    Direction direction,
    Detail detail
) {
    const std::scoped_lock lock(log_->mutex);
    events.clear();
    const Position head = log_->events.size();
    const bool forwards = direction == Direction::forwards;
    auto position =
        forwards ? std::max<Position>(from, 1) : std::min(from == 0 ? head : from, head);
    while (position >= 1 && position <= head && events.size() < limit) {
        const auto& event = log_->at(position);
        if (filter.matches(event)) {
            events.push_back(event);
            if (detail == Detail::facts) keep_facts(events.back());
        }
        position = forwards ? position + 1 : position - 1;
    }
}

Position MemoryEventStore::head() {
    const std::scoped_lock lock(log_->mutex);
    return log_->events.size();
}

Position MemoryEventStore::position_at(Timestamp time) {
    const std::scoped_lock lock(log_->mutex);
    if (log_->events.empty() || time >= log_->events.back().recorded_at) {
        settled_ = std::max(settled_, std::min(time, clock_()));
    }
    const auto after =
        std::ranges::upper_bound(log_->events, time, {}, &RecordedEvent::recorded_at);
    return static_cast<Position>(after - log_->events.begin());
}

void MemoryEventStore::replace_data(Position position, std::string data) {
    const std::scoped_lock lock(log_->mutex);
    log_->events.at(position - 1).data = std::move(data);
}

std::unique_ptr<Subscription> MemoryEventStore::subscribe(Position after, Filter filter) {
    return std::make_unique<Follower>(log_, after, std::move(filter));
}

Journal& MemoryEventStore::journal() {
    return journal_;
}

}  // namespace vitrine::store
