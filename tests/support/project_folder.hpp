#pragma once

#include <filesystem>

namespace vitrine::test {

/// The folder of the sources, for tests that read files kept beside them. Absolute, whatever way a
/// compiler cache spells the name of a source.
std::filesystem::path project_folder();

}  // namespace vitrine::test
