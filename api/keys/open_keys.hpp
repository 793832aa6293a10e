#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "store/keys.hpp"

namespace vitrine::api {

/// DIR/keys.db, opened with the master key of VITRINE_MASTER_KEY, of `master_key_file`, or of
/// DIR/master.key. The caller holds the DataLock. Throws std::runtime_error.
std::unique_ptr<store::Keys> open_keys(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    Clock clock = system_clock()
);

/// Seals everything in `keys` under another master key: `hex`, or one that is made. Where the key
/// stands in a file, the file follows; where it is in VITRINE_MASTER_KEY, `hex` is needed, and
/// whoever sets that has to. Says where the key is; the fault is a sentence.
std::expected<std::string, std::string> change_master_key(
    store::Keys& keys,
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    const std::optional<std::string>& hex,
    const std::string& by
);

}  // namespace vitrine::api
