#include "store/backup.hpp"

#include <SQLiteCpp/Backup.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "store/damage.hpp"
#include "store/descriptor.hpp"
#include "store/durable_file.hpp"
#include "store/owner.hpp"
#include "store/sql/at_rest.hpp"
#include "store/sqlite/connection.hpp"

namespace vitrine::store {
namespace sqlite {
namespace {

namespace fs = std::filesystem;

constexpr int pages_at_a_time = 2048;

/// A directory beside the destination that becomes the destination, or goes.
class Unfinished {
public:
    explicit Unfinished(const fs::path& destination) : destination_(destination) {
        auto name = destination.string() + ".unfinished-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw_system_error("cannot create " + name);
        path_ = name;
    }
    ~Unfinished() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;

    const fs::path& path() const { return path_; }

    void finish() {
        sync_directory(path_);
        if (::rename(path_.c_str(), destination_.c_str()) != 0)
            throw_system_error("cannot rename " + path_.string());
        path_.clear();
        sync_directory(destination_.parent_path());
    }

private:
    fs::path destination_;
    fs::path path_;
};

/// The one is the other, or stands in it.
bool holds(const fs::path& outer, const fs::path& inner) {
    return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

/// As it is called without links, whether it is there or not, without a slash at its end.
fs::path real_path(const fs::path& given) {
    auto path = fs::weakly_canonical(fs::absolute(given));
    return path.has_filename() ? path : path.parent_path();
}

/// Absolute, without a slash at its end.
fs::path checked_destination(const fs::path& directory, const fs::path& given) {
    const auto data = real_path(directory), copy = real_path(given);
    if (holds(data, copy))
        throw std::runtime_error(given.string() + " is within the data directory itself");
    if (holds(copy, data))
        throw std::runtime_error(given.string() + " has the data directory in it");
    auto destination = fs::absolute(given).lexically_normal();
    if (!destination.has_filename()) destination = destination.parent_path();
    if (!fs::exists(fs::symlink_status(destination))) return destination;
    if (!fs::is_directory(destination) || !fs::is_empty(destination)) {
        throw std::runtime_error(given.string() + " is there already and not an empty directory");
    }
    return destination;
}

void sync_file(const fs::path& file) {
    const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.is_open() || ::fsync(opened.get()) != 0)
        throw_system_error("cannot sync " + file.string());
}

/// One moment of `from`, whoever writes to it meanwhile: the transaction of its connection holds
/// it.
void copy(
    SQLite::Database& from,
    const fs::path& file,
    const std::function<void(std::uint64_t, std::uint64_t)>& copied
) {
    {
        const Descriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        if (!made.is_open()) throw_system_error("cannot create " + file.string());
    }
    SQLite::Database to(file.string(), SQLite::OPEN_READWRITE);
    to.exec("PRAGMA synchronous = OFF");  // synced once, in the end
    from.exec("BEGIN");
    from.execAndGet("SELECT count(*) FROM sqlite_schema");
    {
        SQLite::Backup backup(to, from);
        while (backup.executeStep(pages_at_a_time) != SQLITE_DONE) {
            const auto total = static_cast<std::uint64_t>(backup.getTotalPageCount());
            const auto left = static_cast<std::uint64_t>(backup.getRemainingPageCount());
            if (copied) copied(total - left, total);
        }
    }
    from.exec("COMMIT");
    // A file alone, which opens where nothing can be written; the server makes it WAL again.
    to.exec("PRAGMA journal_mode = DELETE");
}

/// False: there is no such file of keys.
bool copy_keys(const fs::path& from, const fs::path& to) {
    if (!fs::exists(from)) return false;
    {
        // One that rests in WAL mode must be read where nothing can be written, too.
        const bool rests = !has_wal(from);
        SQLite::Database keys(
            rests ? at_rest(from) : from.string(),
            SQLite::OPEN_READONLY | (rests ? SQLite::OPEN_URI : 0),
            5000
        );
        copy(keys, to, {});
    }
    SQLite::Database made(to.string(), SQLite::OPEN_READONLY);
    const auto said = made.execAndGet("PRAGMA integrity_check(1)").getString();
    if (said != "ok") throw Damaged("the key file is damaged: " + said);
    sync_file(to);
    return true;
}

}  // namespace
}  // namespace sqlite

BackupReport backup(
    const std::filesystem::path& directory,
    const std::filesystem::path& destination,
    const BackupOptions& options
) {
    sqlite::Unfinished folder(sqlite::checked_destination(directory, destination));
    const auto log = sqlite::log_file(folder.path());
    {
        auto from = sqlite::open_for_reading(directory);
        sqlite::copy(from, log, options.copied);
    }
    BackupReport report;
    // After the log: so every tenant with events has its keys.
    report.keys = sqlite::copy_keys(directory / "keys.db", folder.path() / "keys.db");
    // Likewise: whatever is sealed in the copy has its key, or was erased.
    if (!options.without_people)
        report.people = sqlite::copy_keys(directory / "people.db", folder.path() / "people.db");
    report.log = verify(folder.path(), {.heads = {}, .progress = options.verified});
    if (!report.log.faults.empty()) {
        throw Damaged("the copy is damaged, as the log is: " + report.log.faults.front().detail);
    }
    sqlite::sync_file(log);
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        report.bytes += entry.file_size();
    }
    give_to_owner_of(std::filesystem::exists(destination) ? destination : directory, folder.path());
    folder.finish();
    return report;
}

}  // namespace vitrine::store
