#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine::projections {

/// The file that serves a projection.
struct LiveFile {
    int version = 0;
    std::uint64_t generation = 0;
    std::filesystem::path file;  // whole path
};

/// DIR/read_models: one SQLite file a generation, and current.json, which names the live ones. A
/// database file is never renamed or overwritten. Concurrency: any thread.
class ModelFiles {
public:
    /// Creates the folder (0700) if absent. Throws store::Damaged if current.json is damaged.
    explicit ModelFiles(const std::filesystem::path& data_directory);

    std::optional<LiveFile> live(std::string_view name) const;

    /// The file of a generation above every one that there is or was.
    LiveFile next(std::string_view name, int version);

    /// From now on, after a crash too, this is the live one.
    void publish(std::string_view name, const LiveFile& live);

    /// Removes a generation's file and what SQLite keeps beside it.
    static void remove(const std::filesystem::path& file);

    /// Removes the files of that projection that current.json does not name.
    void remove_leftovers(std::string_view name);

private:
    struct Entry {
        int version = 0;
        std::uint64_t generation = 0;
        std::string file;  // name in the folder
    };
    void read_current();

    std::filesystem::path folder_;
    mutable std::mutex mutex_;
    std::map<std::string, Entry, std::less<>> live_;
    std::map<std::string, std::uint64_t, std::less<>> newest_;
};

}  // namespace vitrine::projections
