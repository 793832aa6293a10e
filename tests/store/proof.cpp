#include "tests/store/proof.hpp"

#include <cstdlib>
#include <fstream>
#include <string_view>

namespace vitrine::store::testing {

bool long_form() {
    const char* form = std::getenv("VITRINE_PROOF");
    return form != nullptr && std::string_view(form) == "long";
}

std::filesystem::path fast_folder() {
    const std::filesystem::path memory = "/dev/shm";
    return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
}

void note_result(const std::string& proof, const std::map<std::string, std::uint64_t>& counts) {
    const char* file = std::getenv("VITRINE_PROOF_RESULTS");
    if (file == nullptr) return;
    std::ofstream out(file, std::ios::app);
    out << "{\"proof\":\"" << proof << '"';
    for (const auto& [name, count] : counts) out << ",\"" << name << "\":" << count;
    out << "}\n";
}

}  // namespace vitrine::store::testing
