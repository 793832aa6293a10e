#pragma once

#include <filesystem>
#include <string_view>

namespace vitrine::store {

/// Replaces `file` by one that holds `bytes`: after a crash at any instant there is the old file or
/// the new one, whole; after the return, the new one. Mode 0600. One caller per file at a time.
/// Throws std::system_error; the old file is then untouched.
void write_durably(const std::filesystem::path& file, std::string_view bytes);

/// Makes the names in `directory` durable: files made, renamed or removed there.
void sync_directory(const std::filesystem::path& directory);

}  // namespace vitrine::store
