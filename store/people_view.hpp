#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "events/people.hpp"
#include "store/event_store.hpp"
#include "store/people_journal.hpp"
#include "store/people_keys.hpp"
#include "store/person_seal.hpp"

namespace vitrine::store {

/// What those who read see of people.
enum class PeopleView {
    open,   // the texts; erased ones as such
    shown,  // that there is something sealed, or that it was erased: nothing more
};

/// Where a text of an event is sealed to.
SealedPlace place_of(
    const TenantId& tenant,
    const StreamName& stream,
    const EventId& id,
    const events::PersonMember& member
);

/// The payload as it is seen so. Of an event that names nobody: of no effect.
void view_people(RecordedEvent& event, PeopleKeys& keys, PeopleView view);

/// A view of a store beneath; appends go where they are sealed.
class ViewedStore : public EventStore {
public:
    ViewedStore(EventStore& log, PeopleKeys& keys, PeopleView view, EventStore* writer)
        : log_(log), keys_(keys), view_(view), writer_(writer), journal_(log.journal(), keys) {}

    void append(Append append, AppendDone done) override {
        if (writer_ != nullptr) return writer_->append(std::move(append), std::move(done));
        log_.append(std::move(append), std::move(done));  // one that only reads refuses it
    }
    std::vector<RecordedEvent> read_stream(
        const TenantId& tenant,
        const StreamName& stream,
        Version from,
        std::size_t limit,
        Direction direction
    ) override {
        auto events = log_.read_stream(tenant, stream, from, limit, direction);
        view(events);
        return events;
    }
    Version stream_version(const TenantId& tenant, const StreamName& stream) override {
        return log_.stream_version(tenant, stream);
    }
    void read_all_into(
        std::vector<RecordedEvent>& events,
        Position from,
        const Filter& filter,
        std::size_t limit,
        Direction direction,
        Detail detail
    ) override {
        log_.read_all_into(events, from, filter, limit, direction, detail);
        view(events);
    }
    Position head() override { return log_.head(); }
    Position position_at(Timestamp time) override { return log_.position_at(time); }
    void when_settled(Timestamp time, std::move_only_function<void()> done) override {
        log_.when_settled(time, std::move(done));
    }
    std::unique_ptr<Subscription> subscribe(Position after, Filter filter) override;
    Journal& journal() override { return journal_; }
    StoreFigures figures() const override { return log_.figures(); }
    Snapshots* snapshots() override { return log_.snapshots(); }
    ReadThreads* read_threads() override { return log_.read_threads(); }

    void view(std::vector<RecordedEvent>& events) {
        for (auto& event : events) view_people(event, keys_, view_);
    }
    void view(RecordedEvent& event) { view_people(event, keys_, view_); }

private:
    EventStore& log_;
    PeopleKeys& keys_;
    PeopleView view_;
    EventStore* writer_;
    PeopleJournal journal_;
};

/// A log that is only read, with people shown as PeopleView::shown has them, or open.
std::unique_ptr<EventStore> with_people_viewed(
    std::unique_ptr<EventStore> log, std::unique_ptr<PeopleKeys> keys, PeopleView view
);

}  // namespace vitrine::store
