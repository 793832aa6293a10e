#include "projections/model_files.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "store/damage.hpp"
#include "store/durable_file.hpp"

namespace vitrine::projections {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* current = "current.json";

/// "offers-v1-3.db" belongs to "offers".
bool belongs_to(std::string_view file, std::string_view name) {
    return file.starts_with(name) && file.substr(name.size()).starts_with("-v");
}

/// 3 of "offers-v1-3.db".
std::uint64_t generation_of(const std::string& file) {
    const auto dash = file.rfind('-');
    if (dash == std::string::npos) return 0;
    try {
        return std::stoull(file.substr(dash + 1));
    } catch (const std::exception&) {
        return 0;
    }
}

std::vector<fs::path> database_files(const fs::path& folder, std::string_view name) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto file = entry.path().filename().string();
        if (file.ends_with(".db") && belongs_to(file, name)) files.push_back(entry.path());
    }
    return files;
}

}  // namespace

ModelFiles::ModelFiles(const fs::path& data_directory) : folder_(data_directory / "read_models") {
    if (fs::create_directories(folder_)) {
        fs::permissions(folder_, fs::perms::owner_all);
        store::sync_directory(data_directory);
    }
    read_current();
}

void ModelFiles::read_current() {
    std::ifstream in(folder_ / current, std::ios::binary);
    if (!in) return;
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    try {
        const auto json = Json::parse(text);
        for (const auto& [name, value] : json.items()) {
            Entry entry;
            entry.version = value.at("version").get<int>();
            entry.generation = value.at("generation").get<std::uint64_t>();
            entry.file = value.at("file").get<std::string>();
            newest_[name] = entry.generation;
            live_[name] = std::move(entry);
        }
    } catch (const Json::exception&) {
        throw store::Damaged(
            (folder_ / current).string() +
            " is damaged; read models are disposable: remove the folder and start again"
        );
    }
}

std::optional<LiveFile> ModelFiles::live(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto found = live_.find(name);
    if (found == live_.end()) return std::nullopt;
    return LiveFile{found->second.version, found->second.generation, folder_ / found->second.file};
}

LiveFile ModelFiles::next(std::string_view name, int version) {
    const std::scoped_lock lock(mutex_);
    auto& newest = newest_[std::string(name)];
    for (const auto& file : database_files(folder_, name)) {
        newest = std::max(newest, generation_of(file.filename().string()));
    }
    ++newest;
    const auto file =
        std::string(name) + "-v" + std::to_string(version) + '-' + std::to_string(newest) + ".db";
    return {version, newest, folder_ / file};
}

void ModelFiles::publish(std::string_view name, const LiveFile& live) {
    const std::scoped_lock lock(mutex_);
    auto changed = live_;
    changed[std::string(name)] = {live.version, live.generation, live.file.filename().string()};
    Json json = Json::object();
    for (const auto& [each, entry] : changed) {
        json[each] = {
            {"version", entry.version}, {"generation", entry.generation}, {"file", entry.file}
        };
    }
    store::write_durably(folder_ / current, json.dump(2) + '\n');
    live_ = std::move(changed);
}

void ModelFiles::remove(const fs::path& file) {
    for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) {
        std::error_code ignored;  // what stays is removed at the next start
        fs::remove(file.string() + suffix, ignored);
    }
}

void ModelFiles::remove_leftovers(std::string_view name) {
    const auto named = live(name);
    for (const auto& file : database_files(folder_, name)) {
        if (!named || file != named->file) remove(file);
    }
}

}  // namespace vitrine::projections
