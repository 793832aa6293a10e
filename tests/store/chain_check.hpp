#pragma once

#include <filesystem>
#include <string>

namespace vitrine::store::testing {

/// Recomputes the hash chains of a log from its file alone, by the words of store/hash_chain.hpp
/// and without the code of the project. Empty: all is well; otherwise what is not.
std::string find_fault_in_chains(const std::filesystem::path& directory);

}  // namespace vitrine::store::testing
