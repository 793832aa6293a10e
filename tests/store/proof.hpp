#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

// The tests that prove the log: short in the normal tests, long where VITRINE_PROOF=long.
namespace vitrine::store::testing {

bool long_form();

/// A folder whose files need not outlive a power cut: in memory where there is such a place.
std::filesystem::path fast_folder();

/// Appends a line of JSON to the file of VITRINE_PROOF_RESULTS, if it is set.
void note_result(const std::string& proof, const std::map<std::string, std::uint64_t>& counts);

}  // namespace vitrine::store::testing
