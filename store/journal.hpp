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
struct Claim {
    std::string kind;
    std::string key;
    bool operator==(const Claim&) const = default;
};

/// A claim and the command that has it.
struct HeldClaim {
    Claim claim;
    CommandId holder;
    bool operator==(const HeldClaim&) const = default;
};

enum class CommandState {
    accepted,   // its effect on the platform is under way or not known
    done,       // ended; the answer is replayed for ever
    retryable,  // known not done; the same key and body runs it again
};

/// As it is stored: "accepted", "done", "retryable".
std::string_view state_name(CommandState state);
std::optional<CommandState> state_named(std::string_view name);

/// Who works on an accepted command, and until when nobody else may take it up. Times of all owners
/// are compared, so that their clocks must agree but for the margin that owners keep.
struct Lease {
    std::string owner;  // empty: nobody's, as rows of older programs are
    Timestamp until{};

    bool is_open_to(const std::string& other, Timestamp now) const {
        return owner.empty() || owner == other || until <= now;
    }
    bool operator==(const Lease&) const = default;
};

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
    /// Whose data stand in body, plan and answer, which are sealed where they are stored; empty:
    /// of a person who is not known. nullopt: nobody's. Not stored: the plan says it.
    std::optional<std::string> person = {};
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
/// same command id. Refused as `not_owner` while another owner has the row, or at `accepted_at` an
/// unfinished command on the same stream.
struct Accept {
    CommandHead head;
    JsonText plan;              // steps and events, opaque to the store
    std::vector<Claim> claims;  // refused as `claimed` if another command has one
    Lease lease = {};
};

/// A step is confirmed: the plan with that noted. Refused as `not_owner` if the row is another's.
struct Progress {
    CommandId id;
    JsonText plan;
    std::string owner = {};
    std::optional<std::string> person = {};  // as in the head
};

/// The end, `done` or `retryable`. `head` is used when there is no row yet (a command without an
/// effect there). Refused as `not_owner` if the row is another's; with an owner, also if there is
/// none.
struct Conclude {
    CommandHead head;
    CommandState state = CommandState::done;
    CommandAnswer answer;
    bool succeeded = true;
    bool release_claims = false;
    Position position = 0;      // that the answer names when the append has no events
    std::vector<Claim> claims;  // of a command that ends as it begins; as in Accept
    std::vector<HeldClaim>
        releases;            // of other commands, given up with this; not if another has one
    std::string owner = {};  // of the row; empty: nobody had it
};

/// Commands that were decided together end with one append, or none of them does. Their keys and
/// claims differ.
struct ConcludeAll {
    std::vector<Conclude> commands;
};

/// An unfinished command is the lease's owner's from then on. Refused as `not_owner` if it has
/// ended or another's lease runs at `now`: somebody was quicker.
struct TakeOver {
    CommandId id;
    Lease lease;
    Timestamp now;
};

/// The row of a command.
struct CommandName {
    TenantId tenant;
    CommandId id;
    auto operator<=>(const CommandName&) const = default;
};

/// All these rows are held until then; those that their owner has ended are passed over. Of any
/// tenants, whichever the append names. Refused as `not_owner`, with the command as holder, if one
/// is another's by now, or gone.
struct Renew {
    Lease lease;
    std::vector<CommandName> rows;
};

/// Keys that commands of the past would have claimed: those that are free are theirs from now on.
struct Hold {
    std::vector<HeldClaim> keys;
};

/// Forgets commands that have ended (`done`); others of these ids stay. Their events stay, and what
/// they claimed. A retry of such a command runs as a new one.
struct Prune {
    std::vector<CommandId> ids;
};

using JournalWrite =
    std::variant<Accept, Progress, Conclude, ConcludeAll, Prune, Hold, TakeOver, Renew>;

struct CommandRecord {
    TenantId tenant;
    CommandHead head;
    CommandState state{};
    JsonText plan;
    std::optional<CommandAnswer> answer;  // of done and retryable
    bool succeeded = false;
    Position position = 0;      // that the answer names: of the conclusion's last event; 0: none
    std::int64_t sequence = 0;  // order of acceptance
    Lease lease;                // that it has, or had last
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

    /// Those that `owner` may take up: its own, nobody's, and those whose lease is over.
    virtual std::vector<CommandRecord> unfinished(const std::string& owner, Timestamp now) = 0;

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
    virtual std::optional<CommandId> holder(const TenantId& tenant, const Claim& claim) = 0;
};

}  // namespace vitrine::store
