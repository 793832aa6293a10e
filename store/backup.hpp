#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "store/verify.hpp"

namespace vitrine::store {

struct BackupReport {
    VerifyReport log;  // of the copy
    std::uint64_t bytes = 0;
    bool keys = false;  // there was a keys.db
};

struct BackupOptions {
    std::function<void(std::uint64_t done, std::uint64_t total)> copied;  // pages of the log
    std::function<void(Position done, Position total)> verified;
};

/// Copies events.db and keys.db as they are at one moment, beside a running server or without one,
/// into the new directory `destination` (0700, files 0600). The copy is complete, verified and on
/// the disk when it appears there under its name. Neither master.key nor read models are copied.
///
/// Throws std::runtime_error if the destination is there and not empty, Damaged if the copy does
/// not verify (a copy is as damaged as its log); there is then no destination.
BackupReport backup(
    const std::filesystem::path& directory,
    const std::filesystem::path& destination,
    const BackupOptions& options
);

}  // namespace vitrine::store
