// Appends to the log beside the raw limit of SQLite on the same disk, in the same run.
// One JSON line per measurement. `store_bench --help` has the options.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "core/uuid.hpp"
#include "store/data_directory.hpp"
#include "store/event_store.hpp"
#include "store/sqlite/sqlite_event_store.hpp"

namespace {

using namespace vitrine;
using namespace vitrine::store;
using SteadyClock = std::chrono::steady_clock;

double seconds_since(SteadyClock::time_point start) {
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

/// Of the whole process, all threads.
double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Measured {
    double per_second = 0;
    double cpu_microseconds = 0;  // of each, with the making of the event
    double batch = 0;
};

struct Workload {
    std::filesystem::path directory;
    double seconds = 2;
    std::string data = std::string(350, 'x');
    UuidSource uuid = uuid_v7_source(system_clock());

    NewEvent event() const {
        NewEvent event;
        event.id = EventId(uuid());
        event.type = "OfferCreated";
        event.data = "{\"text\":\"" + data + "\"}";
        event.metadata = "{\"correlation_id\":\"" + uuid() + "\",\"command_id\":\"" + uuid() +
                         "\",\"actor\":\"key:vtr_1a2b3c4d\"}";
        event.occurred_at = system_clock()();
        return event;
    }
    std::filesystem::path fresh(const std::string& name) const {
        auto path = directory / name;
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
        return path;
    }
};

/// The least that keeps such events: the same columns in one table with its unique keys, a
/// transaction for each `batch` rows, synced. No check, no hash, no answer.
Measured raw(const Workload& work, std::size_t batch) {
    const auto folder = work.fresh("raw");
    SQLite::Database database(
        (folder / "raw.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE
    );
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA wal_autocheckpoint = 8192");
    database.exec("PRAGMA cache_size = -32768");
    database.exec(
        "CREATE TABLE events (position INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, tenant "
        "TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL, schema "
        "INTEGER NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL, occurred_at INTEGER NOT "
        "NULL, recorded_at INTEGER NOT NULL, UNIQUE (tenant, stream, version))"
    );
    SQLite::Statement insert(
        database, "INSERT INTO events VALUES (NULL, ?, 'acme', ?, 1, ?, 1, ?, ?, ?, ?)"
    );
    std::size_t count = 0;
    const auto start = SteadyClock::now();
    const auto cpu_start = cpu_seconds();
    while (seconds_since(start) < work.seconds) {
        database.exec("BEGIN IMMEDIATE");
        for (std::size_t i = 0; i < batch; ++i) {
            const auto event = work.event();
            const auto stream = "offer-" + work.uuid();
            insert.bindNoCopy(1, event.id.str());
            insert.bindNoCopy(2, stream);
            insert.bindNoCopy(3, event.type);
            insert.bindNoCopy(4, event.data);
            insert.bindNoCopy(5, event.metadata);
            insert.bind(6, std::int64_t{event.occurred_at.time_since_epoch().count()});
            insert.bind(7, std::int64_t{event.occurred_at.time_since_epoch().count()});
            insert.exec();
            insert.reset();
        }
        database.exec("COMMIT");
        count += batch;
    }
    const auto rows = static_cast<double>(count);
    return {
        rows / seconds_since(start),
        (cpu_seconds() - cpu_start) * 1e6 / rows,
        static_cast<double>(batch)
    };
}

/// Up to `callers` appends are under way; when half of them are answered, as many are started anew,
/// as an I/O thread does that finds several answers in its queue.
Measured log_appends(const Workload& work, std::size_t callers) {
    const auto folder = work.fresh("log");
    const auto lock = DataLock::try_take(folder);
    const auto store = open_event_store(folder, {});
    std::mutex mutex;
    std::condition_variable half_answered;
    std::size_t started = 0, answered = 0, wanted = 0;
    const auto wait_for = [&](std::size_t count) {
        std::unique_lock waiting(mutex);
        wanted = count;
        half_answered.wait(waiting, [&] { return answered >= wanted; });
        return answered;
    };
    const auto start = SteadyClock::now();
    const auto cpu_start = cpu_seconds();
    while (seconds_since(start) < work.seconds) {
        const auto least = started < callers ? 0 : started - callers / 2;
        const auto free = callers - (started - wait_for(least));
        for (std::size_t i = 0; i < free; ++i) {
            Append append;
            append.tenant = TenantId("acme");
            append.streams.push_back(
                {StreamName("offer-" + work.uuid()), ExpectedVersion::no_stream(), {work.event()}}
            );
            store->append(std::move(append), [&](const AppendResult& result) {
                if (!result) std::abort();
                const std::scoped_lock counting(mutex);
                if (++answered == wanted) half_answered.notify_one();
            });
            ++started;
        }
    }
    wait_for(started);
    const auto seconds = seconds_since(start);
    const auto appends = static_cast<double>(started);
    return {
        appends / seconds,
        (cpu_seconds() - cpu_start) * 1e6 / appends,
        appends / static_cast<double>(figures(*store).commits)
    };
}

double syncs_per_second(const Workload& work) {
    const auto file = work.fresh("sync") / "file";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const std::string block(8192, 'x');
    std::size_t count = 0;
    const auto start = SteadyClock::now();
    while (seconds_since(start) < 1) {
        const auto at = static_cast<off_t>((count % 64) * block.size());
        if (::pwrite(descriptor, block.data(), block.size(), at) < 0 ||
            ::fdatasync(descriptor) != 0) {
            std::abort();
        }
        ++count;
    }
    ::close(descriptor);
    return static_cast<double>(count) / seconds_since(start);
}

/// Prints what one call of `read` costs.
template <class Read>
void measure_read(const char* what, std::size_t count, Read read) {
    const auto start = SteadyClock::now();
    const auto cpu_start = cpu_seconds();
    for (std::size_t i = 0; i < count; ++i) read(i);
    std::printf(
        "{\"what\":\"%s\",\"microseconds\":%.2f,\"cpu_microseconds\":%.2f}\n",
        what,
        seconds_since(start) * 1e6 / static_cast<double>(count),
        (cpu_seconds() - cpu_start) * 1e6 / static_cast<double>(count)
    );
}

void read_back(const Workload& work) {
    const auto store = open_event_store_read_only(work.directory / "log");
    const auto count = store->head();
    Position from = 1;
    std::vector<RecordedEvent> page;
    std::size_t next = 0;
    measure_read("read_all, per event", count, [&](std::size_t) {
        if (next == page.size()) {
            page = store->read_all(from, {}, 1000, Direction::forwards);
            from = page.back().position + 1;
            next = 0;
        }
        ++next;
    });
    const auto sample = store->read_all(1, {}, 1000, Direction::forwards);
    measure_read("read_stream of one event", sample.size(), [&](std::size_t i) {
        store->read_stream(sample[i].tenant, sample[i].stream, 1, 100, Direction::forwards);
    });
    measure_read("stream_version", sample.size(), [&](std::size_t i) {
        store->stream_version(sample[i].tenant, sample[i].stream);
    });
    measure_read("find_by_key of no command", sample.size(), [&](std::size_t i) {
        store->journal().find_by_key(sample[i].tenant, sample[i].id.str());
    });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Appends to the log beside the raw limit of SQLite");
    Workload work;
    work.directory = std::filesystem::temp_directory_path() / "vitrine-store-bench";
    std::vector<std::size_t> callers = {1, 64, 1024};
    app.add_option("--directory", work.directory, "where to write; on the disk to be measured");
    app.add_option("--seconds", work.seconds, "length of each measurement");
    app.add_option("--callers", callers, "appends under way at a time");
    CLI11_PARSE(app, argc, argv);
    std::printf(
        "{\"what\":\"durability\",\"mode\":\"WAL, "
        "synchronous=FULL\",\"fdatasync_per_second\":%.0f}\n",
        syncs_per_second(work)
    );
    for (const auto count : callers) {
        const auto measured = log_appends(work, count);
        const auto batch = static_cast<std::size_t>(measured.batch + 0.5);
        const auto limit = raw(work, batch);
        std::printf(
            "{\"what\":\"append\",\"callers\":%zu,\"appends_per_commit\":%.1f,"
            "\"appends_per_second\":%.0f,\"raw_per_second_at_that_batch\":%.0f,\"ratio\":%.2f,"
            "\"cpu_microseconds\":%.1f,\"raw_cpu_microseconds\":%.1f}\n",
            count,
            measured.batch,
            measured.per_second,
            limit.per_second,
            measured.per_second / limit.per_second,
            measured.cpu_microseconds,
            limit.cpu_microseconds
        );
        std::fflush(stdout);
    }
    read_back(work);
    std::filesystem::remove_all(work.directory);
    return 0;
}
