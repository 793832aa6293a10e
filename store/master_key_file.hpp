#pragma once

#include <filesystem>

#include "store/keys.hpp"

// A master key that stands in a file (DIR/master.key), and how another takes its place: the new one
// is written beside it as master.key.next, all is sealed under it in one commit, then it takes the
// name. Killed at any point, one of the two files opens keys.db, and the next opening sees which.
// The caller holds the DataLock.
namespace vitrine::store {

/// The key in the file, made when there is none. Ends a change that was cut off. Throws
/// std::runtime_error.
MasterKey open_master_key(
    const std::filesystem::path& file, const std::filesystem::path& keys_file
);

/// `keys` has been opened with the key in the file. Throws; then the old key counts, or, if the
/// fault came after the commit, the next opening ends the change.
void change_master_key(
    Keys& keys, const std::filesystem::path& file, const MasterKey& fresh, const std::string& by
);

}  // namespace vitrine::store
