#pragma once

#include <cstddef>
#include <functional>

namespace vitrine::analytics {

/// How much of a long piece of work is done; may be empty. Called by one thread at a time.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// Does `work(0)` to `work(count - 1)` on as many threads as there are processors. What each does
/// must depend on its number alone, so that the result is the same however they are shared out. The
/// first exception is thrown again after all have ended.
void in_parallel(
    std::size_t count, const std::function<void(std::size_t)>& work, const Progress& progress = {}
);

}  // namespace vitrine::analytics
