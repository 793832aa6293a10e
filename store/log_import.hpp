#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <string>

#include "store/log_parts.hpp"

namespace vitrine::store {

struct ImportFault {
    /// damaged: what is imported is not what was exported. unfit: it is, but does not go here.
    enum class Kind { damaged, unfit };
    Kind kind{};
    std::string detail;
};

enum class ImportMode {
    restore,  // into an empty log: positions are kept
    append,   // behind what is there: the chains go on, positions are given anew
};

/// Writes an exported log into DIR, all of it or nothing.
///
/// Operation: every part in order, then commit. Each event must follow from the one before it of
/// its tenant by its hash, and the first from the target's chain. An append takes over a tenant's
/// claims as they are in the file; a command that the target knows as done stays as it is.
/// Without commit, or after a fault, DIR is as it was before.
/// Concurrency: one thread; no server may run on DIR (the lock is held while this lives).
class LogImport {
public:
    /// Creates DIR if absent. Throws std::runtime_error if DIR is in use, or as opening the log.
    LogImport(const std::filesystem::path& directory, ImportMode mode);
    ~LogImport();

    std::expected<void, ImportFault> take(const LogPart& part);

    /// Everything is on disk when it returns. Refused until the end was taken.
    std::expected<LogEnd, ImportFault> commit();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vitrine::store
