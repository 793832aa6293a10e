#pragma once

#include <string>
#include <vector>

#include "processes/explore_world.hpp"
#include "processes/explored_saga.hpp"

// For the .cpp files of the explorer.
namespace vitrine::processes {

/// What must hold of a checkout of which nothing happens any more by itself, and does not. A step
/// that waits for a person excuses what that step would have done, of the amount that is told, and
/// nothing else: the money, the stock, the coupon and the platform's checkout each have theirs.
std::vector<std::string> violations_of(const ExploredSaga& saga, const ExploredWorld& world);

}  // namespace vitrine::processes
