#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace vitrine::store::sqlite {

/// Writes the WAL back into the file on a thread and connection of its own, so that no append waits
/// for most of it: up to the frames that came in the meantime, which only the writer can finish, as
/// the WAL starts anew only when all of it is in the file.
/// Errors: a checkpoint that fails leaves the WAL as it is; the next one tries again.
/// Concurrency: the writer's thread.
class Checkpointer {
public:
    explicit Checkpointer(std::filesystem::path directory);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    enum class State { idle, working, done };
    State state();

    void start();   // from idle or done
    void finish();  // from done to idle

private:
    void run();
    void work();

    std::filesystem::path directory_;
    std::mutex mutex_;
    std::condition_variable changed_;
    State state_ = State::idle;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace vitrine::store::sqlite
