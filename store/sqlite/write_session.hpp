#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "store/event_store.hpp"
#include "store/sqlite/event_reads.hpp"
#include "store/sqlite/event_writer.hpp"
#include "store/sqlite/journal_reads.hpp"
#include "store/sqlite/journal_writer.hpp"

namespace vitrine::store::sqlite {

/// The writing connection with everything remembered about what it wrote.
///
/// Operation: begin, any number of apply, then commit. An append that is refused has written
/// nothing, so it needs no savepoint. Any exception leaves the session unusable: throw it away and
/// open another, which sees exactly what the disk has.
/// Concurrency: the writer's thread.
class WriteSession {
public:
    WriteSession(const std::filesystem::path& directory, std::size_t page_cache);
    WriteSession(const WriteSession&) = delete;
    WriteSession& operator=(const WriteSession&) = delete;

    enum class Begin {
        begun,
        outdated,  // another connection has written since this one was opened: what it remembers is
                   // not the log
        locked,    // another connection is writing
    };
    /// Does not wait. Nothing was begun unless it says so.
    Begin begin();
    /// Ends what was begun; nothing is written.
    void give_up();

    /// `append` must live until commit returns, which takes the texts of its events.
    AppendResult apply(Append& append, Timestamp now);

    /// Returns when everything applied is on disk: the events of it, in order. nullopt: nothing was
    /// written, so there was nothing to sync.
    std::optional<std::vector<RecordedEvent>> commit();

    /// Outside of begin and commit, after a commit that failed: commits nothing new, synced. Frames
    /// of the failed one may stand in the WAL behind those that count, and a crash would bring them
    /// back; from here on it cannot. False: the disk does not take this either.
    bool bury_failed_commit();

    /// Outside of begin and commit: what `append` left in the log; nullopt if it is not there.
    std::optional<Appended> find_outcome(const Append& append);

    Position head() const { return events_.last_position(); }

    /// recorded_at of the last event.
    Timestamp last_recorded() const { return events_.last_recorded(); }

    /// Pages in the WAL after the last commit, whether they are in the file too or not.
    int wal_frames() const { return wal_frames_; }

    /// Writes the WAL back into the file as far as readers allow; the next commit then starts it
    /// anew if that is all of it and no reader is in it.
    void checkpoint();

    /// The same, and makes the file of the WAL empty. False: not now, since a reader is in it or
    /// somebody writes.
    bool truncate_wal();

    std::uint64_t wal_bytes() const;

    /// Of the file of the WAL, which is as long as the WAL has ever been since it was last emptied.
    std::uint64_t wal_file_bytes() const { return wal_file_bytes_; }

private:
    std::vector<RecordedEvent> take_written() noexcept;
    std::int64_t data_version();
    static int on_wal(void* self, sqlite3* connection, const char* database, int pages);

    SQLite::Database connection_;
    Statement data_version_;
    std::int64_t opened_at_;  // data version
    EventReads reads_;
    JournalReads journal_reads_;
    EventWriter events_;
    JournalWriter journal_;
    Statement begin_, commit_, rollback_;
    std::vector<WrittenEvent> written_;
    std::vector<RecordedEvent> recorded_;  // room for what is written, taken before the commit
    bool dirty_ = false;
    int wal_frames_ = 0;
    std::uint64_t wal_file_bytes_ = 0;
};

}  // namespace vitrine::store::sqlite
