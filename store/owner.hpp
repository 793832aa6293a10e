#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

namespace vitrine::store {

/// Whose `directory` is, if what this process makes there would be another's: root's in a directory
/// of somebody else. nullopt: no such matter.
std::optional<uid_t> foreign_owner(const std::filesystem::path& directory);

/// While it lives, what root does is done as the owner of `directory`, so that what is made there
/// is the owner's and a server that runs as that user can use it. Of no effect for other users, and
/// for a directory that is root's or not there yet.
///
/// Concurrency: of the whole process. Throws std::runtime_error if the owner cannot work there.
class ActAsOwner {
public:
    explicit ActAsOwner(const std::filesystem::path& directory);
    ~ActAsOwner();
    ActAsOwner(const ActAsOwner&) = delete;
    ActAsOwner& operator=(const ActAsOwner&) = delete;

private:
    void restore();
    std::optional<gid_t> former_group_;  // while it has an effect
};

/// Gives a directory that root has made, with the files in it, to the owner of `model`. Of no
/// effect for other users. Throws std::system_error.
void give_to_owner_of(const std::filesystem::path& model, const std::filesystem::path& directory);

}  // namespace vitrine::store
