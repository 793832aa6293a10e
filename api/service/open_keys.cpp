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
    const auto path = file.empty() ? data / "master.key" : file;
    // A new key would not open what an older one has sealed.
    if (std::filesystem::exists(data / "keys.db") && !std::filesystem::exists(path)) {
        throw std::runtime_error(
            path.string() +
            " is missing: put back the key that sealed keys.db, or give it as "
            "VITRINE_MASTER_KEY"
        );
    }
    return store::MasterKey::load_or_create(path);
}

}  // namespace

std::unique_ptr<store::Keys> open_keys(
    const std::filesystem::path& data, const std::filesystem::path& master_key_file
) {
    return store::Keys::open(data / "keys.db", master_key(data, master_key_file));
}

}  // namespace vitrine::api
