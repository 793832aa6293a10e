#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "store/keys.hpp"

namespace vitrine::api {

/// Writes when keys were last used, from time to time and when it ends; a thread of its own, since
/// it waits for the disk.
class KeyUses {
public:
    explicit KeyUses(
        store::Keys& keys, std::chrono::milliseconds between = std::chrono::minutes(1)
    );
    ~KeyUses();

private:
    void run(std::chrono::milliseconds between);
    void save();

    store::Keys& keys_;
    bool fails_ = false;  // the last attempt did, which is told
    std::mutex mutex_;
    std::condition_variable ending_;
    bool ends_ = false;
    std::thread thread_;
};

}  // namespace vitrine::api
