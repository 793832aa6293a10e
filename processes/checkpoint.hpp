#pragma once

#include <filesystem>
#include <vector>

#include "core/ids.hpp"
#include "processes/process_name.hpp"

namespace vitrine::processes {

/// A signal that was read and could not be taken yet.
struct HeldSignal {
    ProcessName process;
    Position position = 0;  // of the event
    bool is_early = false;  // the process is not there yet; false: it stands still
    bool operator==(const HeldSignal&) const = default;
};

/// How far the log has been worked through. Losing it costs reading it again: signals are taken
/// once.
struct Checkpoint {
    Position position = 0;
    std::vector<HeldSignal> held = {};
    bool operator==(const Checkpoint&) const = default;
};

/// Nothing read yet where there is no such file, or it is damaged.
Checkpoint read_checkpoint(const std::filesystem::path& file);

/// Whole or not at all while the machine runs; the disk is not waited for. Throws
/// std::system_error.
void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint);

}  // namespace vitrine::processes
