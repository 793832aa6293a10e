#include "store/sqlite/disk_space.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/descriptor.hpp"

namespace vitrine::store::sqlite {
namespace {

constexpr std::uint64_t ballast_bytes = 16ull * 1024 * 1024;

}  // namespace

DiskSpace::DiskSpace(std::filesystem::path directory, std::uint64_t reserve)
    : directory_(std::move(directory)), ballast_(directory_ / "ballast"), reserve_(reserve) {
    std::error_code error;
    has_ballast_ = std::filesystem::file_size(ballast_, error) == ballast_bytes && !error;
    restore_ballast();
}

std::uint64_t DiskSpace::free_bytes() const {
    struct statvfs disk{};
    if (::statvfs(directory_.c_str(), &disk) != 0) return 0;
    return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
}

bool DiskSpace::is_low() const {
    return free_bytes() < reserve_;
}

bool DiskSpace::give_up_ballast() {
    if (!has_ballast_) return false;
    has_ballast_ = false;
    return ::unlink(ballast_.c_str()) == 0;
}

void DiskSpace::restore_ballast() {
    if (has_ballast_ || free_bytes() < reserve_ + 2 * ballast_bytes) return;
    const Descriptor file(::open(ballast_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    has_ballast_ =
        file.is_open() && ::posix_fallocate(file.get(), 0, static_cast<off_t>(ballast_bytes)) == 0;
}

}  // namespace vitrine::store::sqlite
