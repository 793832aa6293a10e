#pragma once

#include <SQLiteCpp/Database.h>

#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "store/sqlite/event_reads.hpp"
#include "store/sqlite/journal_reads.hpp"

namespace vitrine::store::sqlite {

/// A read-only connection with its prepared statements.
struct Reader {
    explicit Reader(const std::filesystem::path& directory);

    SQLite::Database connection;
    EventReads events;
    JournalReads journal;
};

/// Readers for any thread: each call takes one and gives it back. The one used last comes first,
/// since its cache is warm. There are never more than calls at one time; `kept_limit` stay open.
class ReaderPool {
public:
    explicit ReaderPool(std::filesystem::path directory) : directory_(std::move(directory)) {}

    template <class Use>
    decltype(auto) use(Use use) {
        auto reader = take();
        struct GiveBack {
            ReaderPool& pool;
            std::unique_ptr<Reader>& reader;
            int exceptions = std::uncaught_exceptions();
            // After an error the connection is not worth keeping.
            ~GiveBack() {
                if (std::uncaught_exceptions() == exceptions) pool.give_back(std::move(reader));
            }
        } give_back{*this, reader};
        return use(*reader);
    }

    /// Who writes then closes the file last, and SQLite removes its WAL, which a reader cannot.
    void close_idle() {
        const std::scoped_lock lock(mutex_);
        idle_.clear();
    }

private:
    std::unique_ptr<Reader> take();
    void give_back(std::unique_ptr<Reader> reader);

    std::filesystem::path directory_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace vitrine::store::sqlite
