#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "events/codec.hpp"
#include "events/people.hpp"
#include "store/event_store.hpp"
#include "store/snapshots.hpp"

namespace vitrine::commands {

/// How a state is folded, and kept in between as the one event that makes it at once.
template <class State, class Event>
struct Fold {
    store::DeciderVersion decider;
    std::optional<Event> (*decode)(const events::RecordedEvent& event);
    State (*evolve)(State state, const Event& event);
    Event (*at_once)(const State& state);

    /// Throws events::UnreadableEvent.
    State apply(State state, const events::RecordedEvent& recorded) const {
        const auto event = decode(recorded);
        if (!event) return state;
        try {
            return evolve(std::move(state), *event);
        } catch (const std::runtime_error& error) {
            throw events::UnreadableEvent(recorded, error.what());
        }
    }
};

/// Every event of a stream in order, page by page.
template <class Function>
void for_each_event(
    store::EventStore& store,
    const TenantId& tenant,
    const StreamName& stream,
    Version from,
    Function function
) {
    constexpr std::size_t page = 500;
    while (true) {
        const auto events =
            store.read_stream(tenant, stream, from, page, store::Direction::forwards);
        for (const auto& event : events) function(event);
        if (events.size() < page) return;
        from = events.back().version + 1;
    }
}

/// The text of a snapshot, and the event that it stands for. Throws std::exception if it is none.
std::string write_snapshot(const CommandId& created_by, const events::Encoded& made_at_once);
struct SnapshotEvent {
    CommandId created_by;
    events::RecordedEvent made_at_once;
};
SnapshotEvent read_snapshot(std::string_view text);

/// Of the newest snapshot; empty when there is none that the log bears out.
template <class State, class Event>
State snapshot_state(
    store::EventStore& store,
    store::Snapshots& snapshots,
    const TenantId& tenant,
    const StreamName& stream,
    const Fold<State, Event>& fold
) {
    const auto kept = snapshots.newest(tenant, stream, fold.decider);
    if (!kept) return {};
    const auto last =
        store.read_stream(tenant, stream, kept->version, 1, store::Direction::forwards);
    if (!last.empty() && last.front().hash == kept->hash) {
        try {
            const auto read = read_snapshot(kept->state);
            auto state = fold.apply({}, read.made_at_once);
            state.version = kept->version;
            state.created_by = read.created_by;
            return state;
        } catch (const std::exception&) {  // as if there were none
        }
    }
    snapshots.drop(tenant, stream);
    return {};
}

/// The state of a stream; of a long one at the cost of the events since its last snapshot.
template <class State, class Event>
State load_state(
    store::EventStore& store,
    const TenantId& tenant,
    const StreamName& stream,
    const Fold<State, Event>& fold
) {
    constexpr Version between_snapshots = 500;
    auto* snapshots = store.stream_version(tenant, stream) < between_snapshots
                          ? nullptr  // a short one is folded sooner than looked up
                          : store.snapshots();
    auto state =
        snapshots == nullptr ? State() : snapshot_state(store, *snapshots, tenant, stream, fold);
    store::Snapshot due;
    for_each_event(
        store,
        tenant,
        stream,
        state.version + 1,
        [&](const events::RecordedEvent& recorded) {
            state = fold.apply(std::move(state), recorded);
            state.version = recorded.version;
            if (recorded.version == 1)
                state.created_by = events::decode_metadata(recorded.metadata).command_id;
            if (snapshots == nullptr || recorded.version % between_snapshots != 0) return;
            const auto made_at_once = events::encode(fold.at_once(state));
            // It would outlive the keys of those whom it names.
            if (events::names_people(made_at_once.type)) return;
            due.version = recorded.version;
            due.hash = recorded.hash;
            due.state = write_snapshot(state.created_by, made_at_once);
        }
    );
    if (due.version != 0) snapshots->save(tenant, stream, fold.decider, due);
    return state;
}

}  // namespace vitrine::commands
