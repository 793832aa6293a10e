#include "api/service/key_uses.hpp"

#include <utility>

#include "api/log/log.hpp"

namespace vitrine::api {

KeyUses::KeyUses(store::Keys& keys, std::chrono::milliseconds between)
    : keys_(keys), thread_([this, between] { run(between); }) {}

KeyUses::~KeyUses() {
    {
        const std::scoped_lock lock(mutex_);
        ends_ = true;
    }
    ending_.notify_all();
    thread_.join();
    save();
}

void KeyUses::run(std::chrono::milliseconds between) {
    std::unique_lock lock(mutex_);
    while (!ending_.wait_for(lock, between, [this] { return ends_; })) save();
}

/// No request fails for it.
void KeyUses::save() {
    try {
        keys_.save_uses();
        if (std::exchange(fails_, false)) log::info("uses of keys are written again");
    } catch (const std::exception& error) {
        if (!std::exchange(fails_, true))
            log::warn("uses of keys are not written", {{"reason", error.what()}});
    }
}

}  // namespace vitrine::api
