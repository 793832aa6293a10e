#include "projections/model_files.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <system_error>

#include "projections/checkpoint.hpp"
#include "projections/sql.hpp"
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

/// False also for what cannot be read.
bool is_unfinished(const fs::path& file) {
    try {
        return !read_complete(*open_for_reading(file));
    } catch (const std::exception&) {
        return false;
    }
}

/// Those too of which only what stands beside a database is left.
std::set<fs::path> database_files(const fs::path& folder, std::string_view name) {
    constexpr std::string_view end = ".db";
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto file = entry.path().filename().string();
        const auto base = file.substr(0, file.rfind(end) + end.size());
        if (file.contains(end) && belongs_to(file, name)) files.insert(folder / base);
    }
    return files;
}

}  // namespace

ModelFiles::ModelFiles(const fs::path& data_directory) : folder_(data_directory / "read_models") {
    if (fs::create_directories(folder_)) {
        fs::permissions(folder_, fs::perms::owner_all);
        store::sync_directory(data_directory);
    }
    live_ = read_current(folder_);
    for (const auto& [name, entry] : live_) newest_[name] = entry.generation;
}

ModelFiles::Entries ModelFiles::read_current(const fs::path& folder) {
    std::ifstream in(folder / current, std::ios::binary);
    if (!in) return {};
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto entry_of = [](const Json& value) {
        Entry entry;
        entry.version = value.at("version").get<int>();
        entry.generation = value.at("generation").get<std::uint64_t>();
        entry.file = value.at("file").get<std::string>();
        return entry;
    };
    try {
        Entries entries;
        const auto json = Json::parse(text);
        for (const auto& [name, value] : json.items()) {
            auto& entry = entries[name] = entry_of(value);
            for (const auto& kept : value.value("kept", Json::array())) {
                entry.kept.push_back(entry_of(kept));
            }
        }
        return entries;
    } catch (const Json::exception&) {
        throw store::Damaged(
            (folder / current).string() +
            " is damaged; read models are disposable: remove the folder and start again"
        );
    }
}

void ModelFiles::write(Entries entries) {
    const auto to_json = [](const Entry& entry) {
        Json json;
        json["version"] = entry.version;
        json["generation"] = entry.generation;
        json["file"] = entry.file;
        return json;
    };
    Json all = Json::object();
    for (const auto& [name, entry] : entries) {
        auto& json = all[name] = to_json(entry);
        for (const auto& kept : entry.kept) json["kept"].push_back(to_json(kept));
    }
    store::write_durably(folder_ / current, all.dump(2) + '\n');
    live_ = std::move(entries);
}

LiveFile ModelFiles::place(const Entry& entry) const {
    return {entry.version, entry.generation, folder_ / entry.file};
}

std::optional<LiveFile> read_live_file(const fs::path& data_directory, std::string_view name) {
    const auto folder = data_directory / "read_models";
    const auto entries = ModelFiles::read_current(folder);
    const auto found = entries.find(name);
    if (found == entries.end()) return std::nullopt;
    return LiveFile{found->second.version, found->second.generation, folder / found->second.file};
}

std::optional<LiveFile> ModelFiles::live(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto found = live_.find(name);
    return found == live_.end() ? std::nullopt : std::optional(place(found->second));
}

std::vector<LiveFile> ModelFiles::kept(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    std::vector<LiveFile> files;
    const auto found = live_.find(name);
    if (found == live_.end()) return files;
    for (const auto& entry : found->second.kept) files.push_back(place(entry));
    return files;
}

std::optional<LiveFile> ModelFiles::unfinished(std::string_view name, int version) const {
    const auto prefix = std::string(name) + "-v" + std::to_string(version) + '-';
    std::optional<LiveFile> newest;
    for (const auto& file : database_files(folder_, name)) {
        const auto text = file.filename().string();
        if (!text.starts_with(prefix) || names(name, file) || !is_unfinished(file)) continue;
        const auto generation = generation_of(text);
        if (!newest || newest->generation < generation) newest = {version, generation, file};
    }
    return newest;
}

/// The newest generation that there is or was.
std::uint64_t& ModelFiles::newest_generation(std::string_view name) {
    auto& newest = newest_[std::string(name)];
    for (const auto& file : database_files(folder_, name)) {
        newest = std::max(newest, generation_of(file.filename().string()));
    }
    return newest;
}

LiveFile ModelFiles::next(std::string_view name, int version) {
    const std::scoped_lock lock(mutex_);
    const auto generation = ++newest_generation(name);
    const auto file = std::string(name) + "-v" + std::to_string(version) + '-' +
                      std::to_string(generation) + ".db";
    return {version, generation, folder_ / file};
}

void ModelFiles::publish(std::string_view name, const LiveFile& live) {
    const std::scoped_lock lock(mutex_);
    auto entries = live_;
    auto& entry = entries[std::string(name)];
    auto kept = std::move(entry.kept);
    if (!entry.file.empty() && entry.version != live.version) {
        kept.push_back({entry.version, entry.generation, entry.file, {}});
    }
    const auto file = live.file.filename().string();
    std::erase_if(kept, [&](const Entry& each) { return each.version == live.version; });
    entry = {live.version, live.generation, file, std::move(kept)};
    write(std::move(entries));
}

std::size_t ModelFiles::drop_kept(std::string_view name) {
    const auto files = kept(name);
    if (files.empty()) return 0;
    {
        const std::scoped_lock lock(mutex_);
        auto entries = live_;
        entries.find(name)->second.kept.clear();
        write(std::move(entries));
    }
    for (const auto& file : files) remove_model_file(file.file);
    return files.size();
}

bool ModelFiles::is_kept(std::string_view name, const fs::path& file) const {
    return std::ranges::any_of(kept(name), [&](const LiveFile& each) { return each.file == file; });
}

bool ModelFiles::names(std::string_view name, const fs::path& file) const {
    const std::scoped_lock lock(mutex_);
    const auto found = live_.find(name);
    if (found == live_.end()) return false;
    const auto text = file.filename().string();
    return found->second.file == text ||
           std::ranges::find(found->second.kept, text, &Entry::file) != found->second.kept.end();
}

void ModelFiles::remove_leftovers(std::string_view name, int version) {
    const auto build = unfinished(name, version);
    {
        // No new file gets the name of one whose removal is under way.
        const std::scoped_lock lock(mutex_);
        newest_generation(name);
    }
    for (const auto& file : database_files(folder_, name)) {
        if (!names(name, file) && !(build && build->file == file)) remover_->remove(file);
    }
}

}  // namespace vitrine::projections
