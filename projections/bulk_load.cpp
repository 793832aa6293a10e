#include "projections/bulk_load.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <future>
#include <stdexcept>

#include "projections/poison.hpp"
#include "projections/sql.hpp"
#include "store/durable_file.hpp"

namespace vitrine::projections {
namespace {

/// So much of the log is between two times at which the disk is set to work.
constexpr Position write_back_interval = 65'536;

void keep_pages(SQLite::Database& database, const char* pragma) {
    Statement(database.getHandle(), pragma).execute();
}

/// Rows are added at the end only.
constexpr const char* pages_of_new_file = "PRAGMA cache_size=-32768";  // KiB

/// Rows are changed at random places, and a page that was dropped is read back. While indexes are
/// made, as much is sorted in memory; more goes through a file, for half of the time again.
constexpr const char* pages_of_filled_file = "PRAGMA cache_size=-131072";

}  // namespace

BulkLoad::BulkLoad(
    const std::filesystem::path& file,
    const Projection& projection,
    std::size_t memory,
    Dismissals dismissed
)
    : file_(file), projection_(projection), memory_(memory), dismissed_(std::move(dismissed)) {
    if (std::filesystem::exists(file)) {
        take_up();
    } else {
        create();
    }
}

BulkLoad::~BulkLoad() = default;

void BulkLoad::create() {
    database_ = std::make_unique<SQLite::Database>(
        file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX
    );
    for (const auto* pragma :
         {"PRAGMA journal_mode=OFF",
          "PRAGMA synchronous=OFF",
          "PRAGMA locking_mode=EXCLUSIVE",
          "PRAGMA secure_delete=ON"}) {
        Statement(database_->getHandle(), pragma).execute();
    }
    keep_pages(*database_, pages_of_new_file);
    open_descriptor();
    database_->exec("BEGIN");
    for (const auto& table : projection_.tables) database_->exec(table.create);
    create_bookkeeping(*database_);
    write_complete(*database_, false);
    projector_ = projection_.open(*database_, Tables::empty);
}

void BulkLoad::take_up() {
    database_ = open_for_writing(file_);
    keep_pages(*database_, pages_of_filled_file);
    open_descriptor();
    checkpoint_ = read_checkpoint(*database_);
    tallies_ = read_tallies(*database_);
    last_id_ = EventId(checkpoint_.last_event_id);
    saved_ = true;
    projector_ = projection_.open(*database_, Tables::filled);
    database_->exec("BEGIN");
}

void BulkLoad::open_descriptor() {
    descriptor_ = store::Descriptor(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor_.is_open()) store::throw_system_error(file_.string());
}

void BulkLoad::sync() {
    if (::fsync(descriptor_.get()) != 0) store::throw_system_error(file_.string());
    store::sync_directory(file_.parent_path());
}

void BulkLoad::apply(const RecordedEvent& event) {
    if (auto kept = given_up(dismissed_, event)) {
        given_up_.push_back(*std::move(kept));
        return;
    }
    apply_or_name(*projector_, event);
    ++checkpoint_.applied;
    checkpoint_.last_position = event.position;
    last_id_ = event.id;
    added_.add(event);
}

void BulkLoad::reached(Position position) {
    checkpoint_.position = position;
    if (projector_->bytes() > memory_) save();
    if (position >= written_back_ + write_back_interval) {
        start_write_back();
        written_back_ = position;
    }
}

/// No more than a hint: what it does not do is done by the sync, which so waits less.
void BulkLoad::start_write_back() {
    write_back_ = std::async(std::launch::async, [file = descriptor_.get()] {
        ::sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
    });
}

/// Until the projector has written, its rows may be on their way into the database on another
/// thread: nothing else may touch that before.
void BulkLoad::write(Last last) {
    projector_->write();
    if (!saved_) {
        // Memory of a hundred thousand rows takes as long to free as an index to make.
        auto forgotten = std::async(std::launch::async, [this] { projector_->forget(); });
        make_indexes();
        forgotten.get();
    }
    checkpoint_.last_event_id = last_id_.str();
    for (const auto& event : given_up_) write_parked(*database_, event);
    write_tallies(*database_, tallies_, added_);
    write_checkpoint(*database_, checkpoint_);
    if (last == Last::yes) write_complete(*database_, true);
    database_->exec("COMMIT");
    tallies_.add(added_);
    added_.clear();
    given_up_.clear();
}

void BulkLoad::save() {
    write(Last::no);
    if (!saved_) use_journal();
    saved_ = true;
    if (projector_->bytes() > memory_) projector_->forget();
    database_->exec("BEGIN");
}

/// The rows are in the tables from here on, and looked up there by their keys.
void BulkLoad::use_journal() {
    projector_.reset();
    database_.reset();
    sync();
    database_ = open_for_writing(file_);
    keep_pages(*database_, pages_of_filled_file);
    projector_ = projection_.open(*database_, Tables::filled);
}

void BulkLoad::make_indexes() {
    keep_pages(*database_, pages_of_filled_file);
    for (const auto& table : projection_.tables) {
        for (const auto& index : table.indexes) {
            start_write_back();
            database_->exec(index);
        }
    }
}

void BulkLoad::finish() {
    write(Last::yes);
    finished_ = true;
    projector_.reset();
    database_.reset();
    open_for_writing(file_);  // makes it a WAL file
    sync();
    const auto database = open_for_reading(file_);
    const auto written = read_checkpoint(*database);
    if (written.position != checkpoint_.position || written.applied != checkpoint_.applied) {
        throw std::runtime_error(file_.string() + " is not what was written into it");
    }
}

}  // namespace vitrine::projections
