#include "store/master_key_file.hpp"

#include "store/durable_file.hpp"

namespace vitrine::store {
namespace {

namespace fs = std::filesystem;

fs::path next_of(const fs::path& file) {
    auto next = file;
    next += ".next";
    return next;
}

void sync_names(const fs::path& file) {
    sync_directory(file.has_parent_path() ? file.parent_path() : ".");
}

void take_name(const fs::path& file) {
    fs::rename(next_of(file), file);
    sync_names(file);
}

void end_change(const fs::path& file, const fs::path& keys_file) {
    const auto next = next_of(file);
    if (!fs::exists(next)) return;
    if (fs::exists(file) && opens(MasterKey::load(file), keys_file)) {
        fs::remove(next);
        sync_names(file);
    } else if (opens(MasterKey::load(next), keys_file)) {
        take_name(file);
    }
}

}  // namespace

MasterKey open_master_key(const fs::path& file, const fs::path& keys_file) {
    end_change(file, keys_file);
    return MasterKey::load_or_create(file);
}

void change_master_key(
    Keys& keys, const fs::path& file, const MasterKey& fresh, const std::string& by
) {
    write_durably(next_of(file), fresh.bytes());
    keys.change_master_key(fresh, by);
    take_name(file);
}

}  // namespace vitrine::store
