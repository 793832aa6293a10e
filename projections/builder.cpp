#include "projections/builder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>

#include "projections/checkpoint.hpp"
#include "projections/model_files.hpp"
#include "projections/read_ahead.hpp"
#include "projections/sql.hpp"
#include "store/durable_file.hpp"

namespace vitrine::projections {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds progress_interval{200};

void sync_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) throw std::system_error(error, std::generic_category(), file.string());
    store::sync_directory(file.parent_path());
}

/// A new file that is filled without journal and sync: until it is finished it may be thrown away.
class BulkLoad {
public:
    BulkLoad(const std::filesystem::path& file, const Projection& projection, std::size_t memory)
        : file_(file),
          projection_(projection),
          memory_(memory),
          database_(std::make_unique<SQLite::Database>(
              file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX
          )) {
        for (const auto* pragma :
             {"PRAGMA journal_mode=OFF",
              "PRAGMA synchronous=OFF",
              "PRAGMA locking_mode=EXCLUSIVE",
              "PRAGMA cache_size=-65536"}) {
            Statement(database_->getHandle(), pragma).execute();
        }
        database_->exec("BEGIN");
        for (const auto& table : projection.tables) database_->exec(table.create);
        create_checkpoint(*database_);
        projector_ = projection.open(*database_, Tables::empty);
    }

    void apply(const RecordedEvent& event) {
        try {
            projector_->apply(event);
        } catch (const std::exception& error) {
            throw PoisonEvent(event.position, event.type, error.what());
        }
        ++checkpoint_.applied;
        checkpoint_.last_position = event.position;
        if (projector_->bytes() > memory_) spill();
    }

    void finish(Position position, std::string last_event_id) {
        projector_->write();
        projector_.reset();
        make_indexes();
        checkpoint_.position = position;
        checkpoint_.last_event_id = std::move(last_event_id);
        write_checkpoint(*database_, checkpoint_);
        database_->exec("COMMIT");
        database_.reset();
        open_for_writing(file_);  // makes it a WAL file
        sync_file(file_);
        const auto database = open_for_reading(file_);
        const auto written = read_checkpoint(*database);
        if (written.position != position || written.applied != checkpoint_.applied) {
            throw std::runtime_error(file_.string() + " is not what was written into it");
        }
    }

    std::uint64_t applied() const { return checkpoint_.applied; }

private:
    /// Rows that do not fit into memory any more are looked up from here on, so they need their
    /// key.
    void spill() {
        projector_->write();
        if (!indexed_) {
            projector_.reset();
            make_indexes();
            projector_ = projection_.open(*database_, Tables::filled);
        }
        projector_->forget();
    }

    void make_indexes() {
        if (indexed_) return;
        for (const auto& table : projection_.tables) {
            for (const auto& index : table.indexes) database_->exec(index);
        }
        indexed_ = true;
    }

    std::filesystem::path file_;
    const Projection& projection_;
    std::size_t memory_;
    std::unique_ptr<SQLite::Database> database_;
    std::unique_ptr<Projector> projector_;
    Checkpoint checkpoint_;
    bool indexed_ = false;
};

/// Tells the progress a few times a second, and asks whether to go on.
class Watch {
public:
    Watch(const RebuildOptions& options, store::EventStore& store)
        : options_(options), store_(store), total_(store.head()) {}

    void look(Position done, bool last) {
        if (options_.cancelled && options_.cancelled()) throw Cancelled();
        const auto now = SteadyClock::now();
        if (!options_.progress || (!last && now - told_ < progress_interval)) return;
        told_ = now;
        const std::chrono::duration<double> taken = now - begin_;
        if (done > total_) total_ = store_.head();
        RebuildProgress progress;
        progress.done = done;
        progress.total = total_;
        progress.per_second = taken.count() > 0 ? static_cast<double>(done) / taken.count() : 0;
        options_.progress(progress);
    }

private:
    const RebuildOptions& options_;
    store::EventStore& store_;
    Position total_;
    SteadyClock::time_point begin_ = SteadyClock::now();
    SteadyClock::time_point told_ = begin_;
};

Built fill(
    store::EventStore& store,
    const std::filesystem::path& file,
    const Projection& projection,
    const RebuildOptions& options
) {
    store::Filter filter;
    filter.types = projection.event_types;
    Watch watch(options, store);
    BulkLoad load(file, projection, options.memory);
    ReadAhead reader(store, filter);
    ReadAhead::Batch batch;
    Position position = 0;
    std::string last_event_id;
    while (reader.next(batch)) {
        for (const auto& event : batch.events) load.apply(event);
        if (!batch.events.empty()) last_event_id = batch.events.back().id.str();
        position = batch.upto;
        watch.look(position, false);
    }
    const auto events = load.applied();
    load.finish(position, std::move(last_event_id));
    watch.look(position, true);
    return {position, events};
}

}  // namespace

Built build_model_file(
    store::EventStore& store,
    const std::filesystem::path& file,
    const Projection& projection,
    const RebuildOptions& options
) {
    try {
        return fill(store, file, projection, options);
    } catch (...) {
        ModelFiles::remove(file);
        throw;
    }
}

}  // namespace vitrine::projections
