#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/phrase.hpp"
#include "deliveries/schedule.hpp"
#include "events/envelope.hpp"

// The port behind which those stand to whom facts are carried.
namespace vitrine::deliveries {

namespace asio = boost::asio;

/// Which receiver: one of a tenant's, of one kind.
struct ReceiverName {
    TenantId tenant;
    std::string kind;  // "webhook"
    std::string id;    // unique among those of the kind and tenant
    auto operator<=>(const ReceiverName&) const = default;
};

/// What one receiver is sent of one event: the same bytes on each attempt and in each replay.
struct Message {
    EventId id;  // the event's: by it the receiver knows what it has had before
    std::string type;
    std::string body;
    bool operator==(const Message&) const = default;
};

/// What came of one attempt.
struct Answer {
    enum class Outcome {
        taken,    // done
        again,    // not now: tried again by the schedule
        refused,  // never: a dead letter at once
        gone,     // the receiver wants nothing any more: nothing is sent to it until it is changed
        unknown,  // sent, and nobody said what came of it: tried again by the schedule
    };
    Outcome outcome = Outcome::unknown;
    std::optional<std::chrono::seconds> after;  // of again: no earlier than so long from now
    Phrase detail;  // one line: {"answered 503", "respondeu 503"}; no secret, no body of theirs

    static Answer taken(Phrase detail = {}) { return {Outcome::taken, {}, std::move(detail)}; }
    static Answer again(Phrase detail, std::optional<std::chrono::seconds> after = {}) {
        return {Outcome::again, after, std::move(detail)};
    }
    static Answer refused(Phrase detail) { return {Outcome::refused, {}, std::move(detail)}; }
    static Answer gone(Phrase detail) { return {Outcome::gone, {}, std::move(detail)}; }
    static Answer unknown(Phrase detail) { return {Outcome::unknown, {}, std::move(detail)}; }
};

/// "taken", "again", "refused", "gone" or "unknown".
std::string_view name_of(Answer::Outcome outcome);

/// One who receives a tenant's facts: one webhook endpoint.
///
/// Operation: it does not change; what is changed is another Receiver of the same name.
/// Concurrency: wants, key and message on any thread, send on the runner's loop, several at a time.
class Receiver {
public:
    virtual ~Receiver() = default;

    virtual const ReceiverName& name() const = 0;

    /// Events after it concern the receiver: where it begins when nothing is known of it, and never
    /// before.
    virtual Position start() const = 0;

    /// Whether an event of its tenant is sent to it. Pure.
    virtual bool wants(const events::RecordedEvent& event) const = 0;

    /// Events of one key are sent one after the other, in their order; other keys beside them.
    /// Pure.
    virtual std::string_view key(const events::RecordedEvent& event) const {
        return event.stream.view();
    }

    /// Pure: of the same event the same bytes. Throws events::UnreadableEvent, which makes it a
    /// dead letter.
    virtual Message message(const events::RecordedEvent& event) const = 0;

    /// One attempt, counted from 1. It ends by itself, after a deadline of its own. What it throws
    /// is taken for unknown.
    virtual asio::awaitable<Answer> send(Message message, int attempt) = 0;

    virtual const Schedule& schedule() const = 0;

    /// False: nothing is sent to it, and what comes in the meantime waits for it.
    virtual bool enabled() const { return true; }

    /// How many attempts are under way at once, at most.
    virtual std::size_t in_flight() const { return 64; }
};

}  // namespace vitrine::deliveries
