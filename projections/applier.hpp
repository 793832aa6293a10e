#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "events/projections.hpp"
#include "projections/checkpoint.hpp"
#include "projections/dismissals.hpp"
#include "projections/parked.hpp"
#include "projections/projector.hpp"
#include "projections/tallies.hpp"
#include "store/event_store.hpp"

namespace vitrine::projections {

/// Makes an empty read-model file: tables, indexes, checkpoint at 0.
void create_model_file(const std::filesystem::path& file, const Projection& projection);

/// A read-model file open for writing, with its projector. One thread uses it.
class Applier {
public:
    /// Throws if the file cannot be read or has no checkpoint. `projection` and `store` outlive
    /// this.
    Applier(
        store::EventStore& store,
        const std::filesystem::path& file,
        const Projection& projection,
        std::size_t cache_bytes
    );
    ~Applier();

    /// Events up to here are in the rows, parked, dismissed, or of no interest. The checkpoint in
    /// the file may be behind by some of the last.
    Position position() const { return checkpoint_.position; }
    const Checkpoint& checkpoint() const { return checkpoint_; }

    /// `writing` is called before each commit, on the thread that applies.
    void before_commits(std::function<void()> writing);

    /// Events that are parked.
    std::size_t parked() const { return parked_; }

    /// Applies events in order, in one transaction with the checkpoint, which then stands at
    /// `upto`. Events at or below the position change nothing. One that cannot be applied is parked
    /// in a transaction of its own; under Poison::stop those before it are committed and
    /// PoisonEvent is thrown. What operators decided about parked events is done at its place in
    /// the log. After any exception the file stands where `position` says.
    void apply(std::span<const store::SharedEvent> events, Position upto);
    void apply(std::span<const RecordedEvent> events, Position upto);

    /// As apply, but PoisonEvent is thrown under any policy, and nothing is parked.
    void apply_strictly(std::span<const RecordedEvent> events, Position upto);

private:
    struct Staged;
    /// Wherever each lies.
    using Events = std::span<const RecordedEvent* const>;

    bool is_new(const RecordedEvent& event) const;
    bool wants_any(Events events) const;
    std::string group_of(const TenantId& tenant, const StreamName& stream) const;
    void apply_all(Events events, Position upto);
    void apply_part(Events events, Position upto, Poison policy);
    void commit(Events events, Position upto, std::size_t& failed);
    void stage(const RecordedEvent& event, Staged& staged);
    void save(const Staged& staged);
    void settle(Staged staged);
    void stop_before(const RecordedEvent& event, const std::string& reason);
    void park(const RecordedEvent& event, const std::string& reason);
    bool learn_dismissal(Position position);
    std::optional<events::ProjectionEvent> decision_in(const RecordedEvent& event) const;
    void release(const RecordedEvent& at, const events::ProjectionEvent& decision);
    void retry(std::vector<ParkedEvent> waiting, Staged base);
    void count_parked();

    store::EventStore& store_;
    const Projection& projection_;
    std::function<void()> writing_;
    const StreamName decisions_;  // stream of what operators decide
    std::size_t cache_bytes_;
    std::unordered_set<std::string_view> wanted_;
    std::unique_ptr<SQLite::Database> database_;
    std::unique_ptr<Projector> projector_;
    Checkpoint checkpoint_;
    Position saved_;  // of the checkpoint in the file
    Tallies tallies_;
    Dismissals dismissed_;
    std::map<std::string, Position> groups_;  // that wait, with the event they wait for
    std::size_t parked_ = 0;
    std::optional<Position> blocking_;  // as noted in the file
};

/// The events that an applier of it looks at: what it wants, and what operators decide about parked
/// ones.
store::Filter looked_at_by(const Projection& projection);

/// Applies what the log has, up to `upto` (inclusive); strictly, as a rebuild does, when asked to.
void catch_up(Applier& applier, store::EventStore& store, Position upto, bool strictly = false);

/// False: the file was filled from another log, or the log has lost its end.
bool same_log(const Checkpoint& checkpoint, store::EventStore& store);

}  // namespace vitrine::projections
