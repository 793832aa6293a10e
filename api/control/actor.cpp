#include "api/control/actor.hpp"

#include <pwd.h>

#include <vector>

namespace vitrine::api {

std::string actor_of(uid_t user) {
    std::vector<char> room(16 * 1024);
    passwd entry{};
    passwd* found = nullptr;
    const int fault = ::getpwuid_r(user, &entry, room.data(), room.size(), &found);
    return "cli:" + (fault == 0 && found != nullptr ? found->pw_name : std::to_string(user));
}

}  // namespace vitrine::api
