#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "store/verify.hpp"

namespace vitrine::store {

struct BackupReport {
    VerifyReport log;  // of the copy
    std::uint64_t bytes = 0;
    bool keys = false;    // there was a keys.db
    bool people = false;  // people.db is in it
};

struct BackupOptions {
    std::function<void(std::uint64_t done, std::uint64_t total)> copied;  // pages of the log
    std::function<void(Position done, Position total)> verified;
    bool without_people = false;  // people.db stays out: whom the log names reads as erased
};

/// Copies events.db, keys.db and people.db as they are at one moment, beside a running server or
/// without one, into the new directory `destination` (0700, files 0600). The copy is complete,
/// verified and on the disk when it appears there under its name. Neither master.key, erasures.log
/// (of which a copy would be put back in the place of a longer one) nor read models are copied.
/// Made by root, it belongs to the owner of the empty directory that was there, else to that of
/// `directory`.
///
/// Throws std::runtime_error if the destination is there and not empty, or is in `directory` or
/// around it; Damaged if the copy does
/// not verify (a copy is as damaged as its log); there is then no destination.
BackupReport backup(
    const std::filesystem::path& directory,
    const std::filesystem::path& destination,
    const BackupOptions& options
);

}  // namespace vitrine::store
