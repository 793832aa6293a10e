#pragma once

#include <filesystem>

namespace vitrine::store {

/// What sets a log apart from one that a server alone has written: an import leaves these marks.
struct LogMarks {
    bool sparse = false;         // positions have gaps: it holds one tenant of another log
    bool times_go_back = false;  // an event may be recorded earlier than the one before it
};

/// Throws as any read of the log.
LogMarks log_marks(const std::filesystem::path& directory);

}  // namespace vitrine::store
