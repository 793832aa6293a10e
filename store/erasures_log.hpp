#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "store/people_keys.hpp"

// DIR/erasures.log: who was erased, a line of JSON each, for good. No backup has it and nothing
// that is put back overwrites it: what is restored is held against it before anything is served.
namespace vitrine::store {

constexpr std::string_view erasures_log_name = "erasures.log";

/// On disk when it returns. Throws std::system_error.
void note_erasure(const std::filesystem::path& directory, const Erasure& erasure);

/// In the order of the file; none if there is none. A line that was cut off is passed over, whose
/// erasure has not begun. Throws std::runtime_error for another that is none.
std::vector<Erasure> noted_erasures(const std::filesystem::path& directory);

}  // namespace vitrine::store
