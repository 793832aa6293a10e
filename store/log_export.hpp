#pragma once

#include <filesystem>
#include <functional>

#include "store/log_parts.hpp"

namespace vitrine::store {

struct ExportOptions {
    std::optional<TenantId> tenant;
    Position from = 1;
    std::function<void(Position done, Position total)> progress;  // may be empty
};

/// Hands the log of DIR over as it is at one moment, beside a running server or without one. Of
/// commands, those that are not of events before `from`.
/// Throws as any read of the log.
LogEnd export_log(
    const std::filesystem::path& directory,
    const ExportOptions& options,
    const std::function<void(const LogPart&)>& take
);

}  // namespace vitrine::store
