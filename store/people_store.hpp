#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "store/event_store.hpp"
#include "store/people_keys.hpp"

namespace vitrine::store {

/// Keys that the event's open texts need and that are not there; of nobody who is known, those of
/// the month of `at`.
std::vector<PersonKeyName> keys_to_seal(const RecordedEvent& event, PeopleKeys& keys, Timestamp at);

/// Seals what is open in the event; who is erased stands there as erased. False: nothing was.
bool seal_people(RecordedEvent& event, PeopleKeys& keys, Timestamp at);

struct PeopleOptions {
    Clock clock;
    /// How long the contract's key of somebody who is erased is kept, where the event does not say.
    std::chrono::milliseconds contract_hold{0};
};

/// A log in which people stand sealed, as those see it who work on it: the one place where what
/// names people is sealed, and one of those where it is opened.
///
/// Operation: what is appended comes open and is sealed before it reaches the log: members of
/// events that name people, and body, plan and answer of commands that do; claims of e-mails,
/// phones and documents are their codes. Keys that it needs are made first, in one commit for all
/// that wait. An event that erases a person (events::erases_person) ends that person's keys once it
/// is in the log, before `done` is called. What is read is seen by `view`. Concurrency: that of the
/// store beneath, which outlives it; `done` may be called on a thread of the keys.
class PeopleStore : public EventStore {
public:
    PeopleStore(EventStore& log, std::unique_ptr<PeopleKeys> keys, PeopleOptions options);
    ~PeopleStore() override;

    PeopleKeys& keys();

    /// The same log as those see it who may not see people; what they append is sealed all the
    /// same. Lives as long as this.
    EventStore& shown();

    /// Erases who is erased in the log and still has keys: what a crash left, or a copy of
    /// people.db that was put back. How many.
    std::size_t finish_erasures();

    void append(Append append, AppendDone done) override;
    std::vector<RecordedEvent> read_stream(
        const TenantId& tenant,
        const StreamName& stream,
        Version from,
        std::size_t limit,
        Direction direction
    ) override;
    Version stream_version(const TenantId& tenant, const StreamName& stream) override;
    void read_all_into(
        std::vector<RecordedEvent>& events,
        Position from,
        const Filter& filter,
        std::size_t limit,
        Direction direction,
        Detail detail
    ) override;
    Position head() override;
    Position position_at(Timestamp time) override;
    void when_settled(Timestamp time, std::move_only_function<void()> done) override;
    std::unique_ptr<Subscription> subscribe(Position after, Filter filter) override;
    Journal& journal() override;
    StoreFigures figures() const override;
    Snapshots* snapshots() override;
    ReadThreads* read_threads() override;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vitrine::store
