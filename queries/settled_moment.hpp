#pragma once

#include <string_view>

#include "core/async.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// Returns when read_moment of this `as_of` waits for no commit that is under way: for a loop,
/// which must not wait.
asio::awaitable<void> wait_until_settled(const ReadSide* reads, std::string_view as_of);

}  // namespace vitrine::queries
