#include "api/keys/open_keys.hpp"

#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "api/keys/open_people.hpp"
#include "store/master_key_file.hpp"

namespace vitrine::api {
namespace {

constexpr const char* environment_name = "VITRINE_MASTER_KEY";

/// Taken out at the first look, so that /proc/<pid>/environ does not show it to the end.
const std::optional<std::string>& key_in_environment() {
    static const auto key = []() -> std::optional<std::string> {
        char* text = std::getenv(environment_name);
        if (text == nullptr) return std::nullopt;
        std::string taken(text);
        std::memset(text, '*', taken.size());
        return taken;
    }();
    return key;
}

std::filesystem::path file_of(
    const std::filesystem::path& data, const std::filesystem::path& given
) {
    return given.empty() ? data / "master.key" : given;
}

store::MasterKey master_key(const std::filesystem::path& data, const std::filesystem::path& file) {
    if (const auto& hex = key_in_environment()) {
        auto key = store::MasterKey::from_hex(*hex);
        if (!key) throw std::runtime_error(environment_name + (": " + key.error()));
        return *std::move(key);
    }
    const auto path = file_of(data, file);
    // A new key would not open what an older one has sealed.
    if (std::filesystem::exists(data / "keys.db") && !std::filesystem::exists(path)) {
        throw std::runtime_error(
            path.string() +
            " is missing: put back the key that sealed keys.db, or give it as "
            "VITRINE_MASTER_KEY"
        );
    }
    return store::open_master_key(path, data / "keys.db");
}

}  // namespace

store::MasterKey master_key_of(
    const std::filesystem::path& data, const std::filesystem::path& master_key_file
) {
    return master_key(data, master_key_file);
}

std::unique_ptr<store::PeopleKeys> open_people(
    const std::filesystem::path& data, const std::filesystem::path& master_key_file, Clock clock
) {
    return store::PeopleKeys::open(data, master_key(data, master_key_file), std::move(clock));
}

std::unique_ptr<store::PeopleKeys> open_people_read_only(
    const std::filesystem::path& data, const std::optional<std::filesystem::path>& master_key_file
) {
    if (!master_key_file) return store::PeopleKeys::open_read_only(data, nullptr);
    const auto master = master_key(data, *master_key_file);
    return store::PeopleKeys::open_read_only(data, &master);
}

std::unique_ptr<store::Keys> open_keys(
    const std::filesystem::path& data, const std::filesystem::path& master_key_file, Clock clock
) {
    return store::Keys::open(data / "keys.db", master_key(data, master_key_file), std::move(clock));
}

std::expected<std::string, std::string> change_master_key(
    store::Keys& keys,
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    const std::optional<std::string>& hex,
    const std::string& by
) {
    const bool in_environment = key_in_environment().has_value();
    if (in_environment && !hex) {
        return std::unexpected(
            "the master key is in VITRINE_MASTER_KEY: give the new one by --new-master-key, then "
            "set it there"
        );
    }
    auto fresh = hex ? store::MasterKey::from_hex(*hex) : store::MasterKey::fresh();
    if (!fresh) return std::unexpected(fresh.error());
    // Both open the people's keys until the next start, so that a crash in between costs nothing.
    store::add_master_key(data, master_key(data, master_key_file), *fresh);
    if (in_environment) {
        keys.change_master_key(*fresh, by);
        return environment_name;
    }
    const auto file = file_of(data, master_key_file);
    store::change_master_key(keys, file, *fresh, by);
    return file.string();
}

}  // namespace vitrine::api
