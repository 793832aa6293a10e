#pragma once

#include <concepts>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "commands/engine/load.hpp"
#include "core/ids.hpp"
#include "events/codec.hpp"
#include "store/event_store.hpp"

// States of several streams, for commands that decide on all of them.
namespace vitrine::commands {

/// How the events of an aggregate become its state. An area specialises it, with
///
///     using State = …                                 with a default
///     static State evolve(State, const Event&)        pure
template <class Event>
struct Evolving;

template <class Event>
using StateOf = typename Evolving<Event>::State;

/// The state of one stream, of whatever kind.
class FoldedStream {
public:
    virtual ~FoldedStream() = default;

    Version version() const { return version_; }
    void apply(const events::RecordedEvent& recorded) {
        fold(recorded);
        version_ = recorded.version;
    }

protected:
    virtual void fold(const events::RecordedEvent& recorded) = 0;
    Version version_ = 0;  // of the last event in it
};

template <class Event>
class FoldedAs : public FoldedStream {
public:
    const StateOf<Event>& state() const { return state_; }
    /// An event that is decided and not appended yet.
    void evolve(const Event& event) {
        state_ = Evolving<Event>::evolve(std::move(state_), event);
        ++version_;
    }

private:
    void fold(const events::RecordedEvent& recorded) override {
        const auto event = events::decode<Event>(recorded);
        if (event) state_ = Evolving<Event>::evolve(std::move(state_), *event);
    }

    StateOf<Event> state_;
};

/// The states that one command after another is decided on: each stream is read once, and has the
/// events that those before decided.
///
/// Operation: a stream is brought up to the log when it is first asked for, also one that was kept
/// from before. Concurrency: one thread at a time.
class States {
public:
    using Streams = std::map<StreamName, std::unique_ptr<FoldedStream>>;

    /// Only `held` streams may be decided on; empty: any. Both references outlive it.
    States(store::EventStore& store, const TenantId& tenant, std::set<StreamName> held = {})
        : store_(store), tenant_(tenant), held_(std::move(held)) {}

    /// What a stream was before, to go on from.
    void keep(const StreamName& stream, std::unique_ptr<FoldedStream> folded) {
        kept_.emplace(stream, std::move(folded));
    }

    /// The state of a stream. One that is not held is as it was read, and noted as missing.
    template <class Event>
    const StateOf<Event>& of(const StreamName& stream) {
        return folded<Event>(stream).state();
    }

    /// What was decided of a stream that has been asked for.
    template <class Event>
    void evolve(const StreamName& stream, const Event& event) {
        folded<Event>(stream).evolve(event);
    }

    /// Of a stream that has been asked for, with what has been decided.
    Version version(const StreamName& stream) const { return streams_.at(stream)->version(); }

    /// A command begins: it has asked for nothing yet.
    void begin() {
        asked_.clear();
        missing_.clear();
    }
    /// What it has asked for, and of that what is not held.
    const std::set<StreamName>& asked() const { return asked_; }
    const std::set<StreamName>& missing() const { return missing_; }

    /// Everything, for whoever keeps it.
    Streams take() { return std::exchange(streams_, {}); }

private:
    template <class Event>
    FoldedAs<Event>& folded(const StreamName& stream) {
        asked_.insert(stream);
        if (!held_.empty() && !held_.contains(stream)) missing_.insert(stream);
        auto& found = streams_[stream];
        if (!found) found = brought_up<Event>(stream);
        auto* as_asked = dynamic_cast<FoldedAs<Event>*>(found.get());
        if (as_asked == nullptr) throw std::logic_error(stream.str() + " is folded in two ways");
        return *as_asked;
    }

    template <class Event>
    std::unique_ptr<FoldedStream> brought_up(const StreamName& stream) {
        std::unique_ptr<FoldedStream> folded;
        if (const auto kept = kept_.find(stream); kept != kept_.end()) {
            folded = std::move(kept->second);
            kept_.erase(kept);
        } else {
            folded = std::make_unique<FoldedAs<Event>>();
        }
        for_each_event(
            store_,
            tenant_,
            stream,
            folded->version() + 1,
            [&](const events::RecordedEvent& recorded) { folded->apply(recorded); }
        );
        return folded;
    }

    store::EventStore& store_;
    const TenantId& tenant_;
    std::set<StreamName> held_;
    Streams streams_, kept_;
    std::set<StreamName> asked_, missing_;
};

}  // namespace vitrine::commands
