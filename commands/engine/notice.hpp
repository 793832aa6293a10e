#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "store/journal.hpp"

namespace vitrine::commands {

/// What operators shall know of a command beyond its answer: what goes on after it, or cannot.
struct Notice {
    enum class Level { info, warning };

    Level level = Level::info;
    std::string_view event;  // "the outcome of a command cannot be stored yet"
    TenantId tenant;
    // Of the command; empty where none is concerned:
    std::string name;
    CommandId command_id;
    CorrelationId correlation_id;
    StreamName stream;
    // Where they are known:
    int status = 0;  // of its answer
    std::string problem;
    Position position = 0;
    std::string reason;
};

using Notify = std::function<void(const Notice&)>;

inline Notice notice_of(
    Notice::Level level,
    std::string_view event,
    const TenantId& tenant,
    const store::CommandHead& head
) {
    Notice notice;
    notice.level = level;
    notice.event = event;
    notice.tenant = tenant;
    notice.name = head.name;
    notice.command_id = head.id;
    notice.correlation_id = head.correlation_id;
    notice.stream = head.stream;
    return notice;
}

}  // namespace vitrine::commands
