#include "store/sqlite/sqlite_event_store.hpp"

#include "store/commit_unknown.hpp"
#include "store/sqlite/append_error.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/following_subscription.hpp"
#include "store/sqlite/live_subscription.hpp"
#include "store/sqlite/sqlite_reads.hpp"
#include "store/sqlite/sqlite_snapshots.hpp"
#include "store/sqlite/writer.hpp"

namespace vitrine::store {
namespace sqlite {
namespace {

class SqliteEventStore : public SqliteReads {
public:
    SqliteEventStore(const std::filesystem::path& directory, const StoreOptions& options)
        : SqliteReads(directory),
          wal_(log_file(directory).string() + "-wal"),
          snapshots_(directory / "snapshots.db"),
          writer_(directory, options) {}
    ~SqliteEventStore() override { readers()->close_idle(); }

    void append(Append append, AppendDone done) override {
        writer_.append(std::move(append), std::move(done));
    }
    Position head() override { return writer_.feed()->head(); }
    Position position_at(Timestamp time) override {
        if (!writer_.settle(time)) throw CommitUnknown();
        const auto end = head();
        return readers()->use([&](Reader& reader) { return reader.events.position_at(time, end); });
    }
    void when_settled(Timestamp time, std::move_only_function<void()> done) override {
        writer_.when_settled(time, [done = std::move(done)](bool) mutable { done(); });
    }
    std::unique_ptr<Subscription> subscribe(Position after, Filter filter) override {
        return std::make_unique<LiveSubscription>(
            writer_.feed(), readers(), after, std::move(filter)
        );
    }
    Snapshots* snapshots() override { return &snapshots_; }
    StoreFigures figures() const override {
        auto figures = writer_.figures();
        std::error_code missing;
        const auto size = std::filesystem::file_size(wal_, missing);
        figures.wal_file_bytes = missing ? 0 : size;
        figures.snapshot_hits = snapshots_.hits();
        figures.snapshot_misses = snapshots_.misses();
        return figures;
    }

private:
    std::filesystem::path wal_;
    SqliteSnapshots snapshots_;
    Writer writer_;
};

class ReadOnlyEventStore : public SqliteReads {
public:
    explicit ReadOnlyEventStore(const std::filesystem::path& directory)
        : SqliteReads(directory), directory_(directory) {
        readers()->use([](Reader&) {});  // says now if it cannot be opened
    }

    void append(Append, AppendDone done) override {
        done(std::unexpected(
            append_error(AppendError::Kind::unavailable, "the log is open for reading only")
        ));
    }
    std::unique_ptr<Subscription> subscribe(Position after, Filter filter) override {
        return std::make_unique<FollowingSubscription>(
            directory_, readers(), after, std::move(filter)
        );
    }

private:
    std::filesystem::path directory_;
};

}  // namespace
}  // namespace sqlite

std::unique_ptr<EventStore> open_event_store(
    const std::filesystem::path& directory, StoreOptions options
) {
    return std::make_unique<sqlite::SqliteEventStore>(directory, options);
}

std::unique_ptr<EventStore> open_event_store_read_only(const std::filesystem::path& directory) {
    return std::make_unique<sqlite::ReadOnlyEventStore>(directory);
}

}  // namespace vitrine::store
