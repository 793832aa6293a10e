#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/time.hpp"

namespace vitrine::store {

/// A natural key that one command owns, unique per tenant: {"slug", "cafe-acai"}.
struct Reservation {
    std::string kind;
    std::string key;
    bool operator==(const Reservation&) const = default;
};

/// A reservation and the command that has it.
struct HeldKey {
    Reservation reservation;
    CommandId holder;
    bool operator==(const HeldKey&) const = default;
};

enum class CommandState {
    accepted,   // its effect on the platform is under way or not known
    done,       // ended; the answer is replayed for ever
    retryable,  // known not done; the same key and body runs it again
};

/// As it is stored: "accepted", "done", "retryable".
std::string_view state_name(CommandState state);
std::optional<CommandState> state_named(std::string_view name);

/// What the journal knows of a command when it is accepted.
struct CommandHead {
    CommandId id;
    std::string name;  // "CreateOffer"
    std::optional<std::string> idempotency_key;
    std::string fingerprint;  // of method, path and canonical body
    std::string principal;
    CorrelationId correlation_id;
    std::string traceparent;
    StreamName stream;  // of the entity: recovery takes its turn
    JsonText body;      // the request's body as received
    Timestamp accepted_at;
};

/// Answer to the client, without the position, which the log adds.
struct CommandAnswer {
    int status = 0;
    JsonText body;
    std::optional<Version> version;  // ETag
    std::string location;            // may be empty
    std::optional<std::chrono::seconds> retry_after;
    bool operator==(const CommandAnswer&) const = default;
};

/// The body as the client gets it: a success names the position, unless it is 0.
std::string body_of(const CommandAnswer& answer, Position position);

/// Accepted: about to act on the platform. Inserts the row, or takes up a `retryable` one of the
/// same command id.
struct Accept {
    CommandHead head;
    JsonText plan;                          // steps and events, opaque to the store
    std::vector<Reservation> reservations;  // refused as `reserved` if another command has one
};

/// A step is confirmed: the plan with that noted.
struct Progress {
    CommandId id;
    JsonText plan;
};

/// The end, `done` or `retryable`. `head` is used when there is no row yet (a command without an
/// effect there).
struct Conclude {
    CommandHead head;
    CommandState state = CommandState::done;
    CommandAnswer answer;
    bool succeeded = true;
    bool release_reservations = false;
    Position position = 0;                  // that the answer names when the append has no events
    std::vector<Reservation> reservations;  // of a command that ends as it begins; as in Accept
    std::vector<HeldKey> releases;  // of other commands, given up with this; not if another has one
};

/// Keys that commands of the past would have reserved: those that are free are theirs from now on.
struct Hold {
    std::vector<HeldKey> keys;
};

/// Forgets commands that have ended (`done`); others of these ids stay. Their events stay, and what
/// they reserved. A retry of such a command runs as a new one.
struct Prune {
    std::vector<CommandId> ids;
};

using JournalWrite = std::variant<Accept, Progress, Conclude, Prune, Hold>;

struct CommandRecord {
    TenantId tenant;
    CommandHead head;
    CommandState state{};
    JsonText plan;
    std::optional<CommandAnswer> answer;  // of done and retryable
    bool succeeded = false;
    Position position = 0;      // that the answer names: of the conclusion's last event; 0: none
    std::int64_t sequence = 0;  // order of acceptance
};

/// What a list of one tenant's commands has.
struct CommandFilter {
    enum class Which {
        unfinished,  // running and retryable ones
        running,     // accepted
        retryable,
        succeeded,  // done
        failed,     // done
    };
    Which which = Which::unfinished;
    std::optional<std::int64_t> before = {};  // only those accepted before the one of this sequence
    std::size_t limit = 50;
};

/// Is a command in this state of those that are listed?
bool is_listed(CommandFilter::Which which, CommandState state, bool succeeded);

/// Reads of the command journal. Writes go through EventStore::append. Any thread.
class Journal {
public:
    virtual ~Journal() = default;

    virtual std::optional<CommandRecord> find(const TenantId& tenant, const CommandId& id) = 0;
    virtual std::optional<CommandRecord> find_by_key(
        const TenantId& tenant, const std::string& idempotency_key
    ) = 0;

    /// Every accepted row of every tenant, in order of acceptance.
    virtual std::vector<CommandRecord> unfinished() = 0;

    /// Commands that have ended and were accepted before that time, in order of their ids, from the
    /// first above `after` on, at most `limit`.
    virtual std::vector<CommandId> ended(
        const TenantId& tenant, Timestamp before, const CommandId& after, std::size_t limit
    ) = 0;

    /// Commands of the tenant, the newest first, without `head.body` and `plan`. Takes as long as
    /// its answer, however many commands there are.
    virtual std::vector<CommandRecord> list(
        const TenantId& tenant, const CommandFilter& filter
    ) = 0;

    /// The command that owns the key.
    virtual std::optional<CommandId> holder(
        const TenantId& tenant, const Reservation& reservation
    ) = 0;
};

}  // namespace vitrine::store
