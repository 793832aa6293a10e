#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "deliveries/delivery.hpp"

namespace SQLite {
class Database;
}

namespace vitrine::deliveries {

/// Reads the file of progress beside who writes it.
///
/// Concurrency: any thread. Errors: throws what a broken disk throws.
class ProgressReader {
public:
    explicit ProgressReader(const std::filesystem::path& data);
    ~ProgressReader();

    /// Those of a receiver in that state, the latest first, after the place `before`. Of those that
    /// were taken the last 1,000 are kept. Of pending ones, those that have failed or wait for
    /// long.
    DeliveryPage list(
        const ReceiverName& name,
        State state,
        std::optional<std::uint64_t> before,
        std::size_t limit
    );

    /// As the file tells, of a log that goes up to `head`: for when nothing runs.
    std::vector<ReceiverStatus> status(const std::optional<TenantId>& tenant, Position head);

private:
    SQLite::Database* database();

    std::filesystem::path file_;
    std::mutex mutex_;  // of the connection
    std::unique_ptr<SQLite::Database> database_;
};

}  // namespace vitrine::deliveries
