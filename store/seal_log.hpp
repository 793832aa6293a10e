#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "store/people_keys.hpp"
#include "store/verify.hpp"

namespace vitrine::store {

struct SealReport {
    std::uint64_t sealed = 0;       // events that had people in clear
    std::vector<ChainHead> before;  // of the old log
    VerifyReport after;             // of the copy
};

struct SealOptions {
    std::function<void(Position done, Position total)> progress;  // may be empty
};

/// Makes of the log in `directory` a copy in `destination` in which what names people is sealed:
/// the same events at the same positions and times, and, of each tenant, other hashes from its
/// first event on that is sealed. A chain cannot be written anew in place: the old log stays as it
/// is. Keys and erasures are copied first, so that what is sealed already stays readable, and those
/// that are made stand in the copy's people.db; what is of nobody who is known is sealed under the
/// month in which it was recorded.
///
/// Operation: all of it or nothing: the copy appears under its name when it is complete and
/// verified. Cut off, it is begun anew with the keys that it had made. The caller holds the
/// DataLock of `directory`. Errors: as backup.
SealReport seal_log(
    const std::filesystem::path& directory,
    const std::filesystem::path& destination,
    const MasterKey& master,
    const SealOptions& options
);

}  // namespace vitrine::store
