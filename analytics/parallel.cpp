#include "analytics/parallel.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace vitrine::analytics {

void in_parallel(
    std::size_t count, const std::function<void(std::size_t)>& work, const Progress& progress
) {
    std::mutex mutex;
    std::size_t next = 0, done = 0;
    std::exception_ptr failure;
    const auto take = [&]() {
        while (true) {
            std::size_t mine = 0;
            {
                const std::scoped_lock lock(mutex);
                if (next == count || failure) return;
                mine = next++;
            }
            try {
                work(mine);
            } catch (...) {
                const std::scoped_lock lock(mutex);
                if (!failure) failure = std::current_exception();
            }
            const std::scoped_lock lock(mutex);
            ++done;
            if (progress) progress(done, count);
        }
    };
    const auto threads =
        std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < threads; ++i) others.emplace_back(take);
        take();
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace vitrine::analytics
