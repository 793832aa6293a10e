#include "tests/store/fault_vfs.hpp"

#include <sqlite3.h>

#include <new>

namespace vitrine::store::testing {
namespace {

FaultVfs faults;

struct File {
    sqlite3_file base;
    bool is_wal;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& as_file(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file);
}

sqlite3_file* real(sqlite3_file* file) {
    return as_file(file).real();
}

bool fails(std::atomic<int>& left) {
    return left > 0 && left-- > 0;
}

const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); },
    .xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at
             ) { return real(f)->pMethods->xRead(real(f), to, size, at); },
    .xWrite =
        [](sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
            if (as_file(f).is_wal && fails(faults.failing_writes)) return faults.write_error.load();
            return real(f)->pMethods->xWrite(real(f), from, size, at);
        },
    .xTruncate = [](sqlite3_file* f,
                    sqlite3_int64 size) { return real(f)->pMethods->xTruncate(real(f), size); },
    .xSync =
        [](sqlite3_file* f, int flags) {
            if (as_file(f).is_wal) {
                if (fails(faults.failing_syncs)) return faults.sync_error.load();
                ++faults.syncs;
            } else {
                ++faults.file_syncs;
            }
            return real(f)->pMethods->xSync(real(f), flags);
        },
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

sqlite3_vfs* real_vfs = nullptr;

int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
    auto* made = new (file) File{.base = {.pMethods = nullptr}, .is_wal = false};
    made->is_wal = (flags & SQLITE_OPEN_WAL) != 0;
    const int code = real_vfs->xOpen(real_vfs, name, made->real(), flags, out_flags);
    if (made->real()->pMethods != nullptr) made->base.pMethods = &methods;
    return code;
}

}  // namespace

FaultVfs& FaultVfs::fresh() {
    static sqlite3_vfs vfs = [] {
        sqlite3_initialize();
        real_vfs = sqlite3_vfs_find("unix");
        auto made = *real_vfs;  // what is not files goes to the real one as it is
        made.zName = "vitrine-faults";
        made.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
        made.xOpen = open;
        return made;
    }();
    sqlite3_vfs_register(&vfs, 1);
    faults.failing_writes = 0;
    faults.failing_syncs = 0;
    faults.syncs = 0;
    faults.file_syncs = 0;
    return faults;
}

}  // namespace vitrine::store::testing
