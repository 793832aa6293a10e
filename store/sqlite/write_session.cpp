#include "store/sqlite/write_session.hpp"

#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/write_guard.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr std::uint64_t frame_bytes = 4096 + 24;
constexpr int burial_patience_ms = 5000;

std::uint64_t size_of_wal(const std::filesystem::path& directory) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(log_file(directory).string() + "-wal", missing);
    return missing ? 0 : size;
}

}  // namespace

WriteSession::WriteSession(const std::filesystem::path& directory, std::size_t page_cache)
    : connection_(open_for_writing(directory, page_cache)),
      data_version_(connection_.getHandle(), "PRAGMA data_version"),
      opened_at_(data_version()),
      reads_(connection_.getHandle()),
      journal_reads_(connection_.getHandle()),
      events_(connection_.getHandle(), reads_),
      journal_(connection_.getHandle(), journal_reads_),
      begin_(connection_.getHandle(), "BEGIN IMMEDIATE"),
      commit_(connection_.getHandle(), "COMMIT"),
      rollback_(connection_.getHandle(), "ROLLBACK") {
    guard_writer(connection_.getHandle());
    sqlite3_wal_hook(connection_.getHandle(), &WriteSession::on_wal, this);
    // From here on whoever calls decides how long to wait for others.
    sqlite3_busy_timeout(connection_.getHandle(), 0);
    // As far as readers allow: the WAL begins short.
    if (!truncate_wal()) wal_file_bytes_ = size_of_wal(directory);
}

int WriteSession::on_wal(void* self, sqlite3*, const char*, int pages) {
    auto& session = *static_cast<WriteSession*>(self);
    session.wal_frames_ = pages;
    session.wal_file_bytes_ = std::max(session.wal_file_bytes_, session.wal_bytes());
    return SQLITE_OK;
}

std::int64_t WriteSession::data_version() {
    auto row = data_version_.run();
    return row.next() ? row.number(0) : 0;
}

std::uint64_t WriteSession::wal_bytes() const {
    return static_cast<std::uint64_t>(wal_frames_) * frame_bytes;
}

WriteSession::Begin WriteSession::begin() {
    try {
        begin_.execute();
    } catch (const SQLite::Exception& error) {
        if ((error.getErrorCode() & 255) == SQLITE_BUSY) return Begin::locked;
        throw;
    }
    if (data_version() == opened_at_) return Begin::begun;
    rollback_.execute();
    return Begin::outdated;
}

void WriteSession::give_up() {
    rollback_.execute();
}

AppendResult WriteSession::apply(Append& append, Timestamp now) {
    std::optional<AppendError> key_refused;
    if (append.journal) key_refused = journal_.refuse(append.tenant, *append.journal);
    std::optional<Appended> appended;
    if (!key_refused) appended = events_.write_if_new(append, now, written_);
    if (!appended) {
        auto repeated = events_.find_repeated(append);
        if (!repeated) return std::unexpected(std::move(repeated.error()));
        if (*repeated) return std::move(**repeated);
        if (auto refused = events_.refuse(append)) return std::unexpected(std::move(*refused));
        if (key_refused) return std::unexpected(std::move(*key_refused));
        appended = events_.write(append, now, written_);
    }
    if (append.journal) journal_.write(append.tenant, *append.journal, appended->last);
    dirty_ = dirty_ || appended->last != 0 || append.journal.has_value();
    return std::move(*appended);
}

std::optional<std::vector<RecordedEvent>> WriteSession::commit() {
    if (!std::exchange(dirty_, false)) {
        rollback_.execute();
        return std::nullopt;
    }
    recorded_.reserve(written_.size());
    commit_.execute();
    return take_written();
}

/// After the commit there is no way back: to run out of memory here ends the program, as a crash.
std::vector<RecordedEvent> WriteSession::take_written() noexcept {
    for (const auto& written : written_) {
        auto& asked = *written.asked;
        recorded_.push_back({
            .position = written.position,
            .id = std::move(asked.id),
            .tenant = *written.tenant,
            .stream = written.is_last_of_part ? std::move(*written.stream) : *written.stream,
            .stream_number = written.stream_number,
            .version = written.version,
            .type = std::move(asked.type),
            .schema = asked.schema,
            .data = std::move(asked.data),
            .metadata = std::move(asked.metadata),
            .occurred_at = asked.occurred_at,
            .recorded_at = written.recorded_at,
            .hash = written.hash,
        });
    }
    written_.clear();
    return std::exchange(recorded_, {});
}

bool WriteSession::bury_failed_commit() {
    sqlite3_busy_timeout(connection_.getHandle(), burial_patience_ms);
    const auto never_wait = [](sqlite3* connection) { sqlite3_busy_timeout(connection, 0); };
    const std::unique_ptr<sqlite3, decltype(never_wait)> afterwards(connection_.getHandle());
    try {
        const auto version = connection_.execAndGet("PRAGMA user_version").getString();
        connection_.exec("PRAGMA user_version = " + version);  // writes its page, changed or not
        return true;
    } catch (const SQLite::Exception&) {
        return false;
    }
}

std::optional<Appended> WriteSession::find_outcome(const Append& append) {
    const auto repeated = events_.find_repeated(append);
    if (repeated && *repeated) {
        auto appended = **repeated;
        appended.repeated = false;
        return appended;
    }
    const bool has_events = std::ranges::any_of(append.streams, [](const StreamAppend& part) {
        return !part.events.empty();
    });
    if (has_events || !append.journal || !journal_.is_written(append.tenant, *append.journal)) {
        return std::nullopt;
    }
    Appended appended;
    for (const auto& part : append.streams) {
        appended.versions.push_back(reads_.stream_version(append.tenant, part.stream));
    }
    return appended;
}

void WriteSession::checkpoint() {
    sqlite3_wal_checkpoint_v2(
        connection_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr
    );
}

bool WriteSession::truncate_wal() {
    const int code = sqlite3_wal_checkpoint_v2(
        connection_.getHandle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr
    );
    if (code != SQLITE_OK) return false;
    wal_frames_ = 0;
    wal_file_bytes_ = 0;
    return true;
}

}  // namespace vitrine::store::sqlite
