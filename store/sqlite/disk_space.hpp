#pragma once

#include <cstdint>
#include <filesystem>

namespace vitrine::store::sqlite {

/// Room on the disk of the log: how much is free, and a file of 16 MiB held in reserve for the
/// outcomes of calls already made.
/// Concurrency: free_bytes, reserve and is_low on any thread, the rest on the writer's.
class DiskSpace {
public:
    DiskSpace(std::filesystem::path directory, std::uint64_t reserve);

    bool is_low() const;
    std::uint64_t free_bytes() const;
    std::uint64_t reserve() const { return reserve_; }

    /// Gives the reserved room back to the disk. False: it was given already.
    bool give_up_ballast();

    /// Takes the room again once there is enough.
    void restore_ballast();

private:
    std::filesystem::path directory_;
    std::filesystem::path ballast_;
    std::uint64_t reserve_;
    bool has_ballast_ = false;
};

}  // namespace vitrine::store::sqlite
