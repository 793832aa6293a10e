#include "api/service/open_keys.hpp"

#include <cstdlib>
#include <stdexcept>

namespace vitrine::api {
namespace {

store::MasterKey master_key(const std::filesystem::path& data, const std::filesystem::path& file) {
    if (const char* hex = std::getenv("VITRINE_MASTER_KEY")) {
        auto key = store::MasterKey::from_hex(hex);
        if (!key) throw std::runtime_error("VITRINE_MASTER_KEY: " + key.error());
        return *std::move(key);
    }
    return store::MasterKey::load_or_create(file.empty() ? data / "master.key" : file);
}

}  // namespace

std::unique_ptr<store::Keys> open_keys(
    const std::filesystem::path& data, const std::filesystem::path& master_key_file
) {
    return store::Keys::open(data / "keys.db", master_key(data, master_key_file));
}

}  // namespace vitrine::api
