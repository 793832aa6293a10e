#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projections/file_remover.hpp"

namespace vitrine::projections {

/// The file that serves a projection.
struct LiveFile {
    int version = 0;
    std::uint64_t generation = 0;
    std::filesystem::path file;  // whole path
};

/// What current.json of a data directory names as live. Creates nothing. Throws std::runtime_error
/// if it is damaged.
std::optional<LiveFile> read_live_file(
    const std::filesystem::path& data_directory, std::string_view name
);

/// DIR/read_models: one SQLite file a generation, and current.json, which names the live ones. A
/// database file is never renamed or overwritten. Concurrency: any thread.
class ModelFiles {
public:
    /// Creates the folder (0700) if absent. Throws store::Damaged if current.json is damaged.
    explicit ModelFiles(const std::filesystem::path& data_directory);

    std::optional<LiveFile> live(std::string_view name) const;

    /// Files of other versions that served before and are kept, so that going back is instant.
    std::vector<LiveFile> kept(std::string_view name) const;

    bool is_kept(std::string_view name, const std::filesystem::path& file) const;

    /// A build that was interrupted, the newest of that version; its checkpoint is not `complete`.
    std::optional<LiveFile> unfinished(std::string_view name, int version) const;

    /// The file of a generation above every one that there is or was.
    LiveFile next(std::string_view name, int version);

    /// From now on, after a crash too, this is the live one. The former one is kept if it has
    /// another version.
    void publish(std::string_view name, const LiveFile& live);

    /// Removes the kept files; how many.
    std::size_t drop_kept(std::string_view name);

    /// Removes what nothing needs any more; whoever destroys the last owner waits for that.
    const std::shared_ptr<FileRemover>& remover() const { return remover_; }

    /// Removes the files of that projection that are neither live nor kept, but for an unfinished
    /// build of that version.
    void remove_leftovers(std::string_view name, int version);

private:
    struct Entry {
        int version = 0;
        std::uint64_t generation = 0;
        std::string file;  // name in the folder
        std::vector<Entry> kept;
    };
    using Entries = std::map<std::string, Entry, std::less<>>;
    friend std::optional<LiveFile> read_live_file(const std::filesystem::path&, std::string_view);

    static Entries read_current(const std::filesystem::path& folder);
    LiveFile place(const Entry& entry) const;
    void write(Entries entries);
    bool names(std::string_view name, const std::filesystem::path& file) const;
    std::uint64_t& newest_generation(std::string_view name);

    std::filesystem::path folder_;
    std::shared_ptr<FileRemover> remover_ = std::make_shared<FileRemover>();
    mutable std::mutex mutex_;
    Entries live_;
    std::map<std::string, std::uint64_t, std::less<>> newest_;
};

}  // namespace vitrine::projections
