#include "store/sqlite/checkpointer.hpp"

#include <pthread.h>
#include <sqlite3.h>

#include <exception>
#include <utility>

#include "store/sqlite/connection.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr int rounds = 4;               // while the writer adds as much as one of them wrote back
constexpr int few_enough_frames = 512;  // 2 MiB

/// As far as it can be now, synced. Returns how many frames of the WAL are in the file.
int write_back(sqlite3* connection) {
    int frames = 0;
    int written_back = 0;
    sqlite3_wal_checkpoint_v2(
        connection, nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, &written_back
    );
    // SQLite syncs the file only once it has all of the WAL: the writer's part, which shall be
    // short.
    sqlite3_file* file = nullptr;
    sqlite3_file_control(connection, nullptr, SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
    if (file != nullptr && file->pMethods != nullptr) {
        file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
    }
    return written_back;
}

}  // namespace

Checkpointer::Checkpointer(std::filesystem::path directory)
    : directory_(std::move(directory)), thread_([this] { run(); }) {
    pthread_setname_np(thread_.native_handle(), "log-checkpoint");
}

Checkpointer::~Checkpointer() {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

Checkpointer::State Checkpointer::state() {
    const std::scoped_lock lock(mutex_);
    return state_;
}

void Checkpointer::start() {
    {
        const std::scoped_lock lock(mutex_);
        state_ = State::working;
    }
    changed_.notify_all();
}

void Checkpointer::finish() {
    const std::scoped_lock lock(mutex_);
    state_ = State::idle;
}

void Checkpointer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return stopped_ || state_ == State::working; });
        if (stopped_) return;
        lock.unlock();
        try {
            work();
        } catch (const std::exception&) {  // the disk; the writer's commits will say so
        }
        lock.lock();
        state_ = State::done;
    }
}

void Checkpointer::work() {
    auto connection = open_for_checkpoints(directory_);
    int before = 0;
    for (int round = 0; round < rounds; ++round) {
        const int now = write_back(connection.getHandle());
        if (now - std::exchange(before, now) <= few_enough_frames) return;
    }
}

}  // namespace vitrine::store::sqlite
