#pragma once

#include <sys/types.h>

#include <string>

namespace vitrine::api {

/// "cli:maria": who asks by the command line, as events of the operator's log have it. The number
/// of a user without a name.
std::string actor_of(uid_t user);

}  // namespace vitrine::api
