#include "store/owner.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

#include "store/descriptor.hpp"

namespace vitrine::store {
namespace {

/// nullopt: there is nothing.
std::optional<struct stat> look_at(const std::filesystem::path& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return status;
}

bool is_root() {
    return ::geteuid() == 0;
}

}  // namespace

std::optional<uid_t> foreign_owner(const std::filesystem::path& directory) {
    const auto status = is_root() ? look_at(directory) : std::nullopt;
    return status && status->st_uid != 0 ? std::optional(status->st_uid) : std::nullopt;
}

ActAsOwner::ActAsOwner(const std::filesystem::path& directory) {
    const auto status = is_root() ? look_at(directory) : std::nullopt;
    if (!status || status->st_uid == 0) return;
    const auto group = ::getegid();
    if (::setegid(status->st_gid) != 0) throw_system_error("cannot take the owner's group");
    former_group_ = group;
    if (::seteuid(status->st_uid) == 0 &&
        ::faccessat(AT_FDCWD, directory.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0) {
        return;
    }
    restore();
    throw std::runtime_error(
        directory.string() + " belongs to the user " + std::to_string(status->st_uid) +
        ", who cannot work in it: give it to whoever runs the server, or run this as that user"
    );
}

ActAsOwner::~ActAsOwner() {
    restore();
}

void ActAsOwner::restore() {
    if (!former_group_) return;
    // The real user is root's still, so that neither can fail.
    static_cast<void>(::seteuid(0) == 0 && ::setegid(*former_group_) == 0);
    former_group_.reset();
}

void give_to_owner_of(const std::filesystem::path& model, const std::filesystem::path& directory) {
    const auto status = is_root() ? look_at(model) : std::nullopt;
    if (!status) return;
    const auto give = [&](const std::filesystem::path& path) {
        if (::lchown(path.c_str(), status->st_uid, status->st_gid) != 0)
            throw_system_error("cannot give " + path.string() + " to its owner");
    };
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
        give(entry.path());
    give(directory);
}

}  // namespace vitrine::store
