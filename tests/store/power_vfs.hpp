#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace vitrine::store::testing {

/// What SQLite did to the files of a folder, one after the other.
struct DiskOperation {
    enum class Kind { create, remove, write, truncate, sync, failed_sync };
    Kind kind{};
    std::size_t file = 0;  // number of the file; a name that is made again is another file
    std::string name;      // create, remove: without the folder
    std::uint64_t at = 0;  // write: offset; truncate: new size
    std::string data;      // write; create: what was there before the record began
    bool names = false;    // sync, remove: of the folder as well
};

/// One fault of the disk: the operation of that number, counted from 0 among its like, fails.
struct DiskFault {
    enum class Of { writes, syncs };
    Of of = Of::writes;
    std::size_t number = 0;
    int code = 0;           // what SQLite's file layer answers: SQLITE_FULL, SQLITE_IOERR_WRITE
    std::size_t count = 1;  // so many in a row
};

/// A VFS between SQLite and the real one that writes down what is done to a folder, and fails where
/// it is told to. While one lives, it is the default of the program.
class PowerVfs {
public:
    explicit PowerVfs(std::filesystem::path folder);
    ~PowerVfs();
    PowerVfs(const PowerVfs&) = delete;
    PowerVfs& operator=(const PowerVfs&) = delete;

    void fail(const DiskFault& fault);
    void mend();  // no fault any more

    std::size_t point();  // operations so far
    std::size_t writes();
    std::size_t syncs();
    bool has_failed();

    /// Of a run that has ended.
    const std::vector<DiskOperation>& operations() const;

    struct Recorder;

private:
    std::unique_ptr<Recorder> recorder_;
};

/// What a power cut leaves of the writes that were not synced.
enum class Remains { nothing, all, torn, some };

/// The files of a folder as the disk knows them, operation by operation: what is synced is there
/// for ever, the rest is kept apart.
///
/// A sync that failed makes nothing durable, and no later sync does so for what was written before
/// it, as kernels drop their notes of such pages: it stays lost (`failed_sync_keeps`: it was on the
/// disk all the same).
class DiskModel {
public:
    explicit DiskModel(bool failed_sync_keeps = false) : failed_sync_keeps_(failed_sync_keeps) {}

    /// `operation` must live on.
    void apply(const DiskOperation& operation);

    using Files = std::map<std::string, std::string>;
    Files after_power_cut(Remains remains, std::mt19937_64& random) const;

private:
    struct File {
        std::string durable;
        std::vector<const DiskOperation*> pending;
    };
    void settle(File& file);

    bool failed_sync_keeps_;
    std::map<std::size_t, File> files_;
    std::map<std::string, std::size_t> names_;   // durable
    std::vector<const DiskOperation*> renames_;  // pending: create and remove
    const DiskOperation* last_ = nullptr;
};

/// Replaces the database files of the folder.
void lay_out(const DiskModel::Files& files, const std::filesystem::path& folder);

}  // namespace vitrine::store::testing
