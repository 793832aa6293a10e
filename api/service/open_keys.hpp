#pragma once

#include <filesystem>
#include <memory>

#include "store/keys.hpp"

namespace vitrine::api {

/// DIR/keys.db, opened with the master key of VITRINE_MASTER_KEY, of `master_key_file`, or of
/// DIR/master.key. The caller holds the DataLock. Throws std::runtime_error.
std::unique_ptr<store::Keys> open_keys(
    const std::filesystem::path& data, const std::filesystem::path& master_key_file
);

}  // namespace vitrine::api
