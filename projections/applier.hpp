#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_set>

#include "projections/checkpoint.hpp"
#include "projections/projector.hpp"
#include "store/event_store.hpp"

namespace vitrine::projections {

/// Makes an empty read-model file: tables, indexes, checkpoint at 0.
void create_model_file(const std::filesystem::path& file, const Projection& projection);

/// A read-model file open for writing, with its projector. One thread uses it.
class Applier {
public:
    /// Throws if the file cannot be read or has no checkpoint. `projection` outlives this.
    Applier(
        const std::filesystem::path& file, const Projection& projection, std::size_t cache_bytes
    );
    ~Applier();

    /// Events up to here are in the rows, or of no interest. The checkpoint in the file may be
    /// behind by some of the latter.
    Position position() const { return checkpoint_.position; }
    const Checkpoint& checkpoint() const { return checkpoint_; }

    /// Applies events in order, in one transaction with the checkpoint, which then stands at
    /// `upto`. Events at or below the position change nothing. If one cannot be applied: those
    /// before it are committed, and PoisonEvent is thrown. After any exception the file stands
    /// where `position` says.
    void apply(std::span<const RecordedEvent> events, Position upto);

private:
    bool wants_any(std::span<const RecordedEvent> events) const;
    void apply_all(std::span<const RecordedEvent> events, Position upto, std::size_t& failed);

    const Projection& projection_;
    std::size_t cache_bytes_;
    std::unordered_set<std::string_view> wanted_;
    std::unique_ptr<SQLite::Database> database_;
    std::unique_ptr<Projector> projector_;
    Checkpoint checkpoint_;
    Position saved_;  // of the checkpoint in the file
};

/// Applies what the log has, up to `upto` (inclusive).
void catch_up(Applier& applier, store::EventStore& store, Position upto);

/// False: the file was filled from another log, or the log has lost its end.
bool same_log(const Checkpoint& checkpoint, store::EventStore& store);

}  // namespace vitrine::projections
