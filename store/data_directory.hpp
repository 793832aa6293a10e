#pragma once

#include <filesystem>
#include <memory>
#include <optional>

namespace vitrine::store {

/// DIR/lock, held by flock while this lives; the kernel releases it when the process dies.
class DataLock {
public:
    /// nullopt: another process holds it. Creates DIR (0700) if absent. Throws std::system_error if
    /// it cannot.
    static std::optional<DataLock> try_take(const std::filesystem::path& directory);

    DataLock(DataLock&& other) noexcept;
    DataLock& operator=(DataLock&& other) noexcept;
    ~DataLock();

private:
    explicit DataLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace vitrine::store
