#pragma once

#include <chrono>
#include <filesystem>

#include "store/descriptor.hpp"

namespace vitrine::store::sqlite {

/// Sleeps until another process has written to the log.
///
/// inotify tells of the bytes in the WAL, which come before the sync and so before the commit can
/// be seen: after it has told something, the next waits are short, each twice the one before, until
/// there has been silence for a second.
/// Concurrency: one thread waits; any thread stops.
class FileWatch {
public:
    explicit FileWatch(const std::filesystem::path& directory);

    /// Returns when it is worth looking again.
    void wait();
    /// The last look found something: what follows will be told anew.
    void found();
    /// Ends the present wait and all later ones at once.
    void stop();

private:
    bool drain();

    Descriptor inotify_;
    Descriptor stop_;
    std::chrono::milliseconds pause_;
};

}  // namespace vitrine::store::sqlite
