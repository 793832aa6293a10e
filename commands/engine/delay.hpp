#pragma once

#include <string>
#include <string_view>

#include "commands/engine/execution.hpp"
#include "commands/engine/notice.hpp"

namespace vitrine::commands {

/// Tells once that something of a command cannot be stored yet, and once that it was stored after
/// all.
class Delay {
public:
    Delay(const Notify& notify, std::string_view what, const Job& job)
        : notify_(notify), what_(what), job_(job) {}

    void met(const store::AppendError& error) {
        if (!std::exchange(told_, true))
            tell(Notice::Level::warning, what_ + " cannot be stored yet", error.detail);
    }
    void ended() {
        if (told_) tell(Notice::Level::info, what_ + " is stored", {});
    }

private:
    void tell(Notice::Level level, std::string_view event, std::string reason) {
        auto notice = notice_of(level, event, job_.tenant, job_.head);
        notice.reason = std::move(reason);
        notify_(notice);
    }

    const Notify& notify_;
    std::string what_;
    const Job& job_;
    bool told_ = false;
};

}  // namespace vitrine::commands
