#pragma once

#include <SQLiteCpp/Database.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>

#include "store/snapshots.hpp"

namespace vitrine::store::sqlite {

/// Snapshots in a file of their own, made at the first use. Its writes are never synced, since each
/// row has a checksum; a file that SQLite refuses is removed and made anew.
class SqliteSnapshots : public Snapshots {
public:
    explicit SqliteSnapshots(std::filesystem::path file) : file_(std::move(file)) {}

    std::optional<Snapshot> newest(
        const TenantId& tenant, const StreamName& stream, const DeciderVersion& decider
    ) override;
    void save(
        const TenantId& tenant,
        const StreamName& stream,
        const DeciderVersion& decider,
        const Snapshot& snapshot
    ) override;
    void drop(const TenantId& tenant, const StreamName& stream) override;

    /// Since the start, of `newest`. Any thread.
    std::uint64_t hits() const { return hits_; }
    std::uint64_t misses() const { return misses_; }

private:
    std::optional<Snapshot> find(
        const TenantId& tenant, const StreamName& stream, const DeciderVersion& decider
    );
    template <class Use>
    auto use(Use use) -> decltype(use(std::declval<SQLite::Database&>()));

    std::filesystem::path file_;
    std::atomic<std::uint64_t> hits_ = 0, misses_ = 0;
    std::mutex mutex_;
    std::optional<SQLite::Database> connection_;
};

}  // namespace vitrine::store::sqlite
