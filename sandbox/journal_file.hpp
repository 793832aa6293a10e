#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace vitrine::sandbox {

/// An open file, locked for this program alone. Throws std::runtime_error with the path and the
/// reason.
class LockedFile {
public:
    LockedFile() = default;
    /// Made if missing, readable by its owner only. `fresh`: emptied.
    LockedFile(const std::string& path, bool fresh);
    LockedFile(LockedFile&& other) noexcept;
    LockedFile& operator=(LockedFile&& other) noexcept;
    ~LockedFile();

    std::string read_all();
    void write(std::string_view bytes);
    void sync();
    void truncate(std::size_t size);

private:
    int file_ = -1;
    std::string path_;
};

/// Renames and syncs the folder.
void rename_durably(const std::string& from, const std::string& to);

/// A state file that this program did not write so, or that was changed since.
class StateDamaged : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace vitrine::sandbox
