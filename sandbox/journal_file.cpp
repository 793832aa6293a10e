#include "sandbox/journal_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace vitrine::sandbox {
namespace {

[[noreturn]] void fail(const std::string& path, std::string_view doing) {
    throw std::runtime_error(
        "cannot " + std::string(doing) + " " + path + ": " + std::generic_category().message(errno)
    );
}

/// Whether the path still leads to the open file: another program may have replaced it before we
/// had the lock.
bool still_there(int file, const std::string& path) {
    struct stat opened{};
    struct stat named{};
    return ::fstat(file, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

}  // namespace

LockedFile::LockedFile(const std::string& path, bool fresh) : path_(path) {
    const int flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | (fresh ? O_TRUNC : 0);
    while (true) {
        file_ = ::open(path.c_str(), flags, 0600);
        if (file_ < 0) fail(path, "open");
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
            ::close(std::exchange(file_, -1));
            throw std::runtime_error(path + " is in use by another program");
        }
        if (still_there(file_, path)) return;
        ::close(std::exchange(file_, -1));
    }
}

LockedFile::LockedFile(LockedFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)) {}

LockedFile& LockedFile::operator=(LockedFile&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(path_, other.path_);
    return *this;
}

LockedFile::~LockedFile() {
    if (file_ >= 0) ::close(file_);
}

std::string LockedFile::read_all() {
    struct stat facts{};
    if (::fstat(file_, &facts) != 0) fail(path_, "read");
    std::string bytes(static_cast<std::size_t>(facts.st_size), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto count =
            ::pread(file_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail(path_, "read");
        done += static_cast<std::size_t>(count);
    }
    return bytes;
}

void LockedFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(file_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path_, "write");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void LockedFile::sync() {
    if (::fdatasync(file_) != 0) fail(path_, "sync");
}

void LockedFile::truncate(std::size_t size) {
    if (::ftruncate(file_, static_cast<off_t>(size)) != 0) fail(path_, "shorten");
}

void rename_durably(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) fail(to, "replace");
    auto folder = std::filesystem::path(to).parent_path().string();
    if (folder.empty()) folder = ".";
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) fail(folder, "open");
    const int synced = ::fsync(handle);
    ::close(handle);
    if (synced != 0) fail(folder, "sync");
}

}  // namespace vitrine::sandbox
