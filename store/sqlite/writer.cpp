#include "store/sqlite/writer.hpp"

#include <SQLiteCpp/Exception.h>
#include <pthread.h>

#include <algorithm>
#include <utility>

#include "store/sqlite/append_error.hpp"
#include "store/sqlite/connection.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr std::size_t waiting_batches = 8;  // bytes that may wait, in batches
constexpr std::chrono::milliseconds reopen_pause(200);
constexpr std::chrono::milliseconds lock_pause(10);
constexpr std::chrono::milliseconds checkpoint_pause(20);
constexpr int more_under_load = 4;
constexpr std::uint64_t longest_wal = 128ull * 1024 * 1024;

/// The outcome of a call that was made already, or what else has happened: room is kept for it.
bool is_outcome(const Append& append) {
    return append.has_happened ||
           (append.journal && !std::holds_alternative<Accept>(*append.journal));
}

AppendError disk_full() {
    return append_error(AppendError::Kind::disk_full, "the disk of the log is full");
}

AppendError unavailable(std::string detail) {
    return append_error(AppendError::Kind::unavailable, std::move(detail));
}

AppendError locked() {
    return append_error(AppendError::Kind::locked, "another process holds the log's write lock");
}

AppendError error_of(const SQLite::Exception& error) {
    if ((error.getErrorCode() & 255) == SQLITE_FULL) return disk_full();
    return unavailable(error.what());
}

/// Not an error of the disk or the file, which would meet every append alike.
bool may_be_of_one_append(const SQLite::Exception& error) {
    switch (error.getErrorCode() & 255) {
        case SQLITE_CONSTRAINT:
        case SQLITE_TOOBIG:
        case SQLITE_MISMATCH:
        case SQLITE_NOMEM:
            return true;
        default:
            return false;
    }
}

}  // namespace

Writer::Writer(const std::filesystem::path& directory, const StoreOptions& options)
    : directory_(directory),
      options_(options),
      disk_(directory, options.disk_reserve),
      queue_(options.queue_limit, waiting_batches * options.batch_bytes),
      session_(std::make_unique<WriteSession>(directory, options.page_cache)),
      recording_clock_(options.clock, session_->last_recorded()),
      checkpointer_(directory),
      feed_(std::make_shared<LiveFeed>(session_->head(), options.live_events)),
      thread_([this] { run(); }) {
    pthread_setname_np(thread_.native_handle(), "log-writer");
}

Writer::~Writer() {
    queue_.close();
    thread_.join();
    feed_->close();
}

void Writer::append(Append append, AppendDone done) {
    Pending pending{.append = std::move(append), .done = std::move(done)};
    if (auto refused = queue_.push(pending)) pending.done(std::unexpected(std::move(*refused)));
}

StoreFigures Writer::figures() const {
    return {
        .queued = queue_.size(),
        .appends = appends_,
        .events = events_,
        .commits = commits_,
        .conflicts = conflicts_,
        .wal_bytes = wal_bytes_,
        .disk_low = disk_.is_low(),
        .disk_free = disk_.free_bytes(),
        .disk_reserve = disk_.reserve(),
        .log_open = open_,
        .log_fault = fault(),
        .log_locked = locked_,
    };
}

void Writer::run() {
    while (true) {
        while (is_unsettled() && !queue_.wait_filled(until_next_look())) settle_down();
        const auto batch = queue_.take(options_.batch_appends, options_.batch_bytes);
        if (batch.empty()) return;
        serve(batch);
    }
}

void Writer::serve(std::span<Pending> batch) {
    results_.resize(batch.size());
    while (!batch.empty()) {
        std::size_t applied = 0;
        if (auto error = commit(batch, results_, applied)) {
            applied = batch.size();
            if (error->kind == AppendError::Kind::locked) {
                std::ranges::fill(results_, std::unexpected(*error));
            } else {
                settle(batch, results_, std::move(*error));
            }
        }
        answer(batch.first(applied), results_);
        batch = batch.subspan(applied);
        checkpoint_if_due(applied > 1);
    }
}

/// Opens the connection anew if somebody else has written to the log, and waits while somebody
/// does.
std::optional<AppendError> Writer::begin(std::chrono::steady_clock::time_point until) {
    using Begin = WriteSession::Begin;
    for (auto begun = session_->begin(); begun != Begin::begun; begun = session_->begin()) {
        if (begun == Begin::outdated) {
            if (!reopen()) return unavailable("the log cannot be opened");
        } else if (std::chrono::steady_clock::now() >= until || queue_.is_closed()) {
            locked_ = true;
            return locked();
        } else {
            queue_.wait_closed(lock_pause);
        }
    }
    locked_ = false;
    return std::nullopt;
}

std::optional<AppendError> Writer::commit(
    std::span<Pending> batch, std::span<AppendResult> results, std::size_t& applied
) {
    try {
        if (!session_) return unavailable("the log cannot be opened");
        if (auto error = begin(batch.front().since + options_.lock_patience)) return error;
        const bool low = disk_.is_low();
        if (!low) disk_.restore_ballast();
        const auto now = recording_clock_.begin();
        const auto until = std::chrono::steady_clock::now() + options_.batch_time;
        do {
            auto& append = batch[applied].append;
            results[applied] = low && !is_outcome(append)
                                   ? AppendResult(std::unexpected(disk_full()))
                                   : session_->apply(append, now);
            ++applied;
        } while (applied < batch.size() && std::chrono::steady_clock::now() < until);
        if (auto events = session_->commit()) {
            ++commits_;
            events_ += events->size();
            wal_bytes_ = session_->wal_bytes();
            feed_->publish(std::move(*events));
        }
        recording_clock_.end(session_->last_recorded());
        return std::nullopt;
    } catch (const SQLite::Exception& error) {
        alone_helps_ = may_be_of_one_append(error);
        return error_of(error);
    } catch (const std::exception& error) {
        alone_helps_ = true;
        return unavailable(error.what());
    }
}

void Writer::settle(std::span<Pending> batch, std::span<AppendResult> results, AppendError error) {
    const bool alone = std::exchange(alone_helps_, false);
    const bool full = error.kind == AppendError::Kind::disk_full;
    const bool has_room = full && disk_.give_up_ballast();
    const bool opened = reopen_after(error);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        results[i] = std::unexpected(error);
        if (!opened) continue;
        const auto part = batch.subspan(i, 1);
        if (auto found = session_->find_outcome(part[0].append)) {
            results[i] = std::move(*found);
        } else if (alone || (has_room && is_outcome(part[0].append))) {
            std::size_t applied = 0;
            auto again = commit(part, results.subspan(i, 1), applied);
            if (again && reopen_after(*again)) {
                found = session_->find_outcome(part[0].append);
                results[i] = found ? AppendResult(std::move(*found)) : std::unexpected(*again);
            } else if (again) {
                results[i] = std::unexpected(*again);
            }
        }
        if (full && !results[i] && is_outcome(part[0].append) &&
            results[i].error().kind == AppendError::Kind::disk_full) {
            results[i] = std::unexpected(unavailable("no room on the disk for an outcome"));
        }
    }
}

/// After a failed commit: what is not in the log then will never be, or the error says so.
bool Writer::reopen_after(AppendError& error) {
    if (!reopen()) return false;
    const bool buried = session_->bury_failed_commit();
    if (!buried && error.kind == AppendError::Kind::unavailable) {
        error.detail += "; whether it was kept shows when the disk works again";
    }
    return true;
}

/// Opens the connection anew, for as long as it takes: only the log knows what became of a commit
/// that failed. False: the store is being closed, and nothing can be known.
bool Writer::reopen() {
    session_.reset();
    open_ = false;
    while (true) {
        try {
            session_ = std::make_unique<WriteSession>(directory_, options_.page_cache);
            feed_->restart(session_->head());
            recording_clock_.end(session_->last_recorded());
            open_ = true;
            note_fault({});
            return true;
        } catch (const std::exception& error) {
            note_fault(error.what());
            recording_clock_.lose();
            if (queue_.is_closed()) return false;
            queue_.wait_closed(reopen_pause);
        }
    }
}

void Writer::note_fault(std::string reason) {
    const std::scoped_lock lock(fault_mutex_);
    fault_ = std::move(reason);
}

std::string Writer::fault() const {
    const std::scoped_lock lock(fault_mutex_);
    return fault_;
}

void Writer::answer(std::span<Pending> batch, std::span<AppendResult> results) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (results[i]) {
            ++appends_;
        } else if (results[i].error().kind == AppendError::Kind::conflict) {
            ++conflicts_;
        }
        batch[i].done(std::move(results[i]));
        batch[i] = Pending();
    }
}

/// By how much it has grown, and from time to time while a reader that held it may have gone.
void Writer::checkpoint_if_due(bool under_load) {
    if (!session_) return;
    const int frames = session_->wal_frames();
    if (frames < std::exchange(wal_frames_, frames)) written_back_ = 0;
    const int grown = frames - written_back_;
    const bool is_long = session_->wal_file_bytes() > longest_wal;
    checkpoint(
        grown >= options_.checkpoint_pages * (under_load ? more_under_load : 1) ||
            (is_long && std::chrono::steady_clock::now() >= next_checkpoint_),
        longest_wal
    );
}

/// First without the writer, then what is left, which is little. The file of the WAL is emptied if
/// it is longer than `longest`; a reader in an old state stands in the way of that until it goes.
void Writer::checkpoint(bool due, std::uint64_t longest) {
    using State = Checkpointer::State;
    switch (checkpointer_.state()) {
        case State::idle:
            if (due) checkpointer_.start();
            break;
        case State::working:
            break;
        case State::done:
            if (session_->wal_file_bytes() <= longest || !session_->truncate_wal())
                session_->checkpoint();
            checkpointer_.finish();
            wal_bytes_ = session_->wal_bytes();
            // If a reader holds an old state, the WAL goes on instead of starting anew.
            written_back_ = session_->wal_frames();
            next_checkpoint_ = std::chrono::steady_clock::now() + options_.rest;
            break;
    }
}

bool Writer::is_unsettled() const {
    return session_ && (locked_ || session_->wal_file_bytes() > options_.wal_at_rest);
}

std::chrono::milliseconds Writer::until_next_look() {
    return checkpointer_.state() == Checkpointer::State::idle ? options_.rest : checkpoint_pause;
}

void Writer::settle_down() {
    if (locked_) look_for_lock();
    const bool is_long = session_->wal_file_bytes() > options_.wal_at_rest;
    checkpoint(is_long, options_.wal_at_rest);
}

/// Whether who was writing still does: nobody else may ask.
void Writer::look_for_lock() {
    try {
        const auto begun = session_->begin();
        if (begun == WriteSession::Begin::begun) session_->give_up();
        locked_ = begun == WriteSession::Begin::locked;
    } catch (const std::exception&) {  // the next append will say so
    }
}

}  // namespace vitrine::store::sqlite
