#include "tests/store/power_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <new>
#include <span>
#include <sstream>

namespace vitrine::store::testing {

using Kind = DiskOperation::Kind;

struct PowerVfs::Recorder {
    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr;
    std::string prefix;  // of the files that are recorded
    std::mutex mutex;    // held while the real file is written: the order noted is the order done
    std::vector<DiskOperation> operations;
    std::map<std::string, std::size_t> live;  // files by name
    std::size_t files = 0, writes = 0, syncs = 0;
    std::optional<DiskFault> fault;
    bool failed = false;

    bool fails(DiskFault::Of of, std::size_t number) {
        const bool now = fault && fault->of == of && number >= fault->number &&
                         number < fault->number + fault->count;
        failed = failed || now;
        return now;
    }
};

namespace {

struct File {
    sqlite3_file base;
    PowerVfs::Recorder* recorder;  // nullptr: of no interest
    std::size_t number;
    bool syncs_folder;  // with its first sync, as SQLite does for a journal that it may have made
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& as_file(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file);
}

sqlite3_file* real(sqlite3_file* file) {
    return as_file(file).real();
}

int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    auto& file = as_file(f);
    auto* recorder = file.recorder;
    if (recorder == nullptr) return real(f)->pMethods->xWrite(real(f), from, size, at);
    const std::scoped_lock lock(recorder->mutex);
    const bool fails = recorder->fails(DiskFault::Of::writes, recorder->writes++);
    if (fails) size /= 2;  // what a disk that fills up took before it was full
    recorder->operations.push_back(
        {.kind = Kind::write,
         .file = file.number,
         .name = {},
         .at = static_cast<std::uint64_t>(at),
         .data = std::string(static_cast<const char*>(from), static_cast<std::size_t>(size))}
    );
    const int code = real(f)->pMethods->xWrite(real(f), from, size, at);
    return fails ? recorder->fault->code : code;
}

int truncate(sqlite3_file* f, sqlite3_int64 size) {
    auto& file = as_file(f);
    auto* recorder = file.recorder;
    if (recorder == nullptr) return real(f)->pMethods->xTruncate(real(f), size);
    const std::scoped_lock lock(recorder->mutex);
    if (recorder->fails(DiskFault::Of::writes, recorder->writes++)) return SQLITE_IOERR_TRUNCATE;
    recorder->operations.push_back(
        {.kind = Kind::truncate,
         .file = file.number,
         .name = {},
         .at = static_cast<std::uint64_t>(size),
         .data = {}}
    );
    return real(f)->pMethods->xTruncate(real(f), size);
}

int sync(sqlite3_file* f, int flags) {
    auto& file = as_file(f);
    auto* recorder = file.recorder;
    if (recorder == nullptr) return real(f)->pMethods->xSync(real(f), flags);
    const std::scoped_lock lock(recorder->mutex);
    const bool fails = recorder->fails(DiskFault::Of::syncs, recorder->syncs++);
    DiskOperation operation;
    operation.kind = fails ? Kind::failed_sync : Kind::sync;
    operation.file = file.number;
    operation.names = !fails && std::exchange(file.syncs_folder, false);
    recorder->operations.push_back(std::move(operation));
    // The real file needs no sync: what a cut leaves is made from the record.
    return fails ? recorder->fault->code : SQLITE_OK;
}

const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); },
    .xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at
             ) { return real(f)->pMethods->xRead(real(f), to, size, at); },
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = [](sqlite3_file* f,
                    sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); },
    .xLock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xLock(real(f), lock); },
    .xUnlock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xUnlock(real(f), lock); },
    .xCheckReservedLock = [](sqlite3_file* f, int* out
                          ) { return real(f)->pMethods->xCheckReservedLock(real(f), out); },
    .xFileControl = [](sqlite3_file* f, int op, void* argument
                    ) { return real(f)->pMethods->xFileControl(real(f), op, argument); },
    .xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); },
    .xDeviceCharacteristics = [](sqlite3_file* f
                              ) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); },
    .xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out
               ) { return real(f)->pMethods->xShmMap(real(f), page, size, extend, out); },
    .xShmLock = [](sqlite3_file* f, int offset, int count, int flags
                ) { return real(f)->pMethods->xShmLock(real(f), offset, count, flags); },
    .xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); },
    .xShmUnmap = [](sqlite3_file* f,
                    int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

PowerVfs::Recorder& recorder_of(sqlite3_vfs* vfs) {
    return *static_cast<PowerVfs::Recorder*>(vfs->pAppData);
}

std::string bytes_of(const std::filesystem::path& file) {
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    return bytes.str();
}

int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
    auto& recorder = recorder_of(vfs);
    auto* made = new (file) File{};
    const std::scoped_lock lock(recorder.mutex);
    const std::string path = name == nullptr ? "" : name;
    const bool is_ours = path.starts_with(recorder.prefix);
    const bool was_there = is_ours && std::filesystem::exists(path);
    const int code = recorder.real->xOpen(recorder.real, name, made->real(), flags, out_flags);
    if (made->real()->pMethods != nullptr) made->base.pMethods = &methods;
    if (code != SQLITE_OK || !is_ours) return code;
    made->recorder = &recorder;
    made->syncs_folder =
        (flags & SQLITE_OPEN_CREATE) != 0 &&
        (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0;
    const auto [known, is_new] = recorder.live.try_emplace(path, recorder.files);
    made->number = known->second;
    if (is_new) {
        ++recorder.files;
        DiskOperation operation;
        operation.kind = Kind::create;
        operation.file = made->number;
        operation.name = path.substr(recorder.prefix.size());
        operation.names = was_there;  // what others made before is on the disk
        if (was_there) operation.data = bytes_of(path);
        recorder.operations.push_back(std::move(operation));
    }
    return code;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto& recorder = recorder_of(vfs);
    const std::scoped_lock lock(recorder.mutex);
    const std::string path = name;
    if (const auto known = recorder.live.find(path); known != recorder.live.end()) {
        DiskOperation operation;
        operation.kind = Kind::remove;
        operation.file = known->second;
        operation.name = path.substr(recorder.prefix.size());
        operation.names = sync_folder != 0;
        recorder.operations.push_back(std::move(operation));
        recorder.live.erase(known);
    }
    return recorder.real->xDelete(recorder.real, name, 0);
}

}  // namespace

PowerVfs::PowerVfs(std::filesystem::path folder) : recorder_(std::make_unique<Recorder>()) {
    sqlite3_initialize();
    auto& recorder = *recorder_;
    recorder.real = sqlite3_vfs_find("unix");
    recorder.prefix = folder.string() + '/';
    recorder.vfs = *recorder.real;  // what is not files goes to the real one as it is
    recorder.vfs.zName = "vitrine-power";
    recorder.vfs.szOsFile = static_cast<int>(sizeof(File)) + recorder.real->szOsFile;
    recorder.vfs.pAppData = &recorder;
    recorder.vfs.xOpen = open;
    recorder.vfs.xDelete = remove;
    // The real one finds its own data in the VFS that it is given.
    recorder.vfs.xAccess = [](sqlite3_vfs* vfs, const char* name, int flags, int* out) {
        auto* real = recorder_of(vfs).real;
        return real->xAccess(real, name, flags, out);
    };
    recorder.vfs.xFullPathname = [](sqlite3_vfs* vfs, const char* name, int size, char* out) {
        auto* real = recorder_of(vfs).real;
        return real->xFullPathname(real, name, size, out);
    };
    sqlite3_vfs_register(&recorder.vfs, 1);
}

PowerVfs::~PowerVfs() {
    sqlite3_vfs_unregister(&recorder_->vfs);
    sqlite3_vfs_register(recorder_->real, 1);
}

void PowerVfs::fail(const DiskFault& fault) {
    const std::scoped_lock lock(recorder_->mutex);
    recorder_->fault = fault;
}

void PowerVfs::mend() {
    const std::scoped_lock lock(recorder_->mutex);
    recorder_->fault.reset();
}

std::size_t PowerVfs::point() {
    const std::scoped_lock lock(recorder_->mutex);
    return recorder_->operations.size();
}

std::size_t PowerVfs::writes() {
    const std::scoped_lock lock(recorder_->mutex);
    return recorder_->writes;
}

std::size_t PowerVfs::syncs() {
    const std::scoped_lock lock(recorder_->mutex);
    return recorder_->syncs;
}

bool PowerVfs::has_failed() {
    const std::scoped_lock lock(recorder_->mutex);
    return recorder_->failed;
}

const std::vector<DiskOperation>& PowerVfs::operations() const {
    return recorder_->operations;
}

namespace {

constexpr std::uint64_t sector = 512;

void put(std::string& bytes, std::uint64_t at, std::string_view data) {
    if (data.empty()) return;
    if (bytes.size() < at + data.size()) bytes.resize(at + data.size(), '\0');
    std::ranges::copy(data, bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

void perform(std::string& bytes, const DiskOperation& operation) {
    if (operation.kind == Kind::write) {
        put(bytes, operation.at, operation.data);
    } else {
        bytes.resize(operation.at, '\0');
    }
}

/// Sector for sector of the file, those that `keeps` says.
template <class Keeps>
void perform_sectors(std::string& bytes, const DiskOperation& operation, Keeps keeps) {
    if (operation.kind != Kind::write) return perform(bytes, operation);
    const std::string_view data = operation.data;
    for (std::uint64_t done = 0; done < data.size();) {
        const auto at = operation.at + done;
        const auto size = std::min<std::uint64_t>(sector - at % sector, data.size() - done);
        if (keeps()) put(bytes, at, data.substr(done, size));
        done += size;
    }
}

}  // namespace

void DiskModel::apply(const DiskOperation& operation) {
    last_ = &operation;
    auto& file = files_[operation.file];
    const auto settle_names = [&] {
        for (const auto* rename : renames_) {
            if (rename->kind == Kind::create) {
                names_[rename->name] = rename->file;
            } else {
                names_.erase(rename->name);
            }
        }
        renames_.clear();
    };
    switch (operation.kind) {
        case Kind::create:
            file.durable = operation.data;
            renames_.push_back(&operation);
            if (operation.names) settle_names();
            break;
        case Kind::remove:
            renames_.push_back(&operation);
            if (operation.names) settle_names();
            break;
        case Kind::write:
        case Kind::truncate:
            file.pending.push_back(&operation);
            break;
        case Kind::sync:
            settle(file);
            if (operation.names) settle_names();
            break;
        case Kind::failed_sync:
            if (failed_sync_keeps_) {
                settle(file);
            } else {
                file.pending.clear();
            }
            break;
    }
}

void DiskModel::settle(File& file) {
    for (const auto* operation : file.pending) perform(file.durable, *operation);
    file.pending.clear();
}

DiskModel::Files DiskModel::after_power_cut(Remains remains, std::mt19937_64& random) const {
    const auto below = [&](std::uint64_t limit) { return random() % limit; };
    auto names = names_;
    const auto renamed = remains == Remains::nothing ? 0
                         : remains == Remains::some  ? below(renames_.size() + 1)
                                                     : renames_.size();
    for (const auto* rename : std::span(renames_).first(renamed)) {
        if (rename->kind == Kind::create) {
            names[rename->name] = rename->file;
        } else {
            names.erase(rename->name);
        }
    }
    const auto kept_of_ten = 1 + below(9);
    Files result;
    for (const auto& [name, number] : names) {
        const auto& file = files_.at(number);
        auto bytes = file.durable;
        for (const auto* operation : file.pending) {
            switch (remains) {
                case Remains::nothing:
                    break;
                case Remains::all:
                    perform(bytes, *operation);
                    break;
                case Remains::torn:
                    // The last write stops, or begins, at some sector.
                    if (operation == last_) {
                        const bool from_front = below(2) == 0;
                        auto left = below(1 + operation->data.size() / sector);
                        perform_sectors(bytes, *operation, [&] {
                            const bool before = left > 0;
                            if (before) --left;
                            return before == from_front;
                        });
                    } else {
                        perform(bytes, *operation);
                    }
                    break;
                case Remains::some:
                    if (below(10) >= kept_of_ten) break;
                    if (below(2) == 0) {
                        perform(bytes, *operation);
                    } else {
                        perform_sectors(bytes, *operation, [&] { return below(10) < kept_of_ten; });
                    }
                    break;
            }
        }
        result.emplace(name, std::move(bytes));
    }
    return result;
}

void lay_out(const DiskModel::Files& files, const std::filesystem::path& folder) {
    for (const auto* name : {"events.db", "events.db-wal", "events.db-shm", "events.db-journal"}) {
        std::filesystem::remove(folder / name);
    }
    for (const auto& [name, bytes] : files) {
        std::ofstream(folder / name, std::ios::binary) << bytes;
    }
}

}  // namespace vitrine::store::testing
