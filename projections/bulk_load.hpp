#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include "projections/checkpoint.hpp"
#include "projections/dismissals.hpp"
#include "projections/parked.hpp"
#include "projections/projector.hpp"
#include "projections/tallies.hpp"
#include "store/descriptor.hpp"

namespace vitrine::projections {

/// A read-model file that is being filled and that nobody reads yet. At first without journal and
/// sync: until something is saved it may be thrown away; after that by transactions, so that a
/// killed process leaves what was saved last.
/// Concurrency: one thread uses it.
class BulkLoad {
public:
    /// Makes the file, or takes up one that has something saved. `projection` outlives this.
    /// `dismissed`: events to leave out.
    BulkLoad(
        const std::filesystem::path& file,
        const Projection& projection,
        std::size_t memory,
        Dismissals dismissed
    );
    ~BulkLoad();

    /// Throws PoisonEvent.
    void apply(const RecordedEvent& event);

    /// Everything up to `position` has been handed in. Saves when memory is short.
    void reached(Position position);

    void save();

    /// Writes all, and reads the checkpoint back from the disk.
    void finish();

    const Checkpoint& checkpoint() const { return checkpoint_; }
    /// Something is saved, and not yet all.
    bool can_be_continued() const { return saved_ && !finished_; }

private:
    enum class Last { no, yes };

    void create();
    void take_up();
    void make_indexes();
    void write(Last last);
    void use_journal();
    void start_write_back();
    void open_descriptor();
    void sync();

    std::filesystem::path file_;
    const Projection& projection_;
    std::size_t memory_;
    Dismissals dismissed_;
    // Closed after the connection, whose locks would end with it.
    store::Descriptor descriptor_;
    std::future<void> write_back_;
    Position written_back_ = 0;
    std::unique_ptr<SQLite::Database> database_;
    std::unique_ptr<Projector> projector_;
    Checkpoint checkpoint_;
    EventId last_id_;
    Tallies tallies_;  // of what is saved …
    Tallies added_;    // … and of what is not
    std::vector<ParkedEvent> given_up_;
    bool saved_ = false;
    bool finished_ = false;
};

}  // namespace vitrine::projections
