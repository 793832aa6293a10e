// The log beside the raw limit of SQLite on the same disk, in the same run, turn by turn.
// One JSON line per measurement. `store_bench --help` has the options.

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <semaphore>
#include <thread>

#include "bench/store/callers.hpp"
#include "bench/store/raw_sqlite.hpp"
#include "bench/store/workload.hpp"
#include "store/data_directory.hpp"
#include "store/hash_chain.hpp"
#include "store/sqlite/sqlite_event_store.hpp"
#include "tests/store/fault_vfs.hpp"

namespace {

using namespace vitrine;
using namespace vitrine::bench;
using namespace vitrine::store;
using Json = nlohmann::ordered_json;

const TenantId tenant("acme");

double rounded(double value) {
    const double places = value < 0.1 ? 10'000 : value < 10 ? 100 : value < 1000 ? 10 : 1;
    return std::round(value * places) / places;
}

void print(const Json& line) {
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
}

struct Measured {
    double per_second = 0;  // events
    double cpu_microseconds = 0;
    double batch = 0;    // events in a commit
    double flushes = 0;  // per append
};

/// Calls `step` until the time is over; it returns how many events it has written. `finish` ends
/// what is under way.
Measured measure_steps(
    double seconds,
    const std::function<std::size_t()>& step,
    const std::function<void()>& finish = [] {}
) {
    auto& disk = testing::FaultVfs::fresh();  // counts the fsyncs of SQLite, on both sides
    const auto start = SteadyClock::now();
    const auto cpu_start = cpu_seconds();
    double events = 0;
    while (seconds_since(start) < seconds) events += static_cast<double>(step());
    finish();
    const auto taken = seconds_since(start);
    return {
        .per_second = events / taken,
        .cpu_microseconds = (cpu_seconds() - cpu_start) * 1e6 / events,
        .batch = 0,
        .flushes = (disk.syncs + disk.file_syncs) / events,
    };
}

Append append_of(StreamName stream, ExpectedVersion expected, std::vector<NewEvent> events) {
    Append append;
    append.tenant = tenant;
    append.streams.push_back({std::move(stream), expected, std::move(events)});
    return append;
}

/// A log of its own, and its folder gone afterwards.
class Log {
public:
    Log(const Workload& work, const std::string& name)
        : folder_(work.fresh(name)),
          lock_(DataLock::try_take(folder_)),
          store_(open_event_store(folder_, {})) {}
    ~Log() {
        store_.reset();
        std::filesystem::remove_all(folder_);
    }
    EventStore& store() { return *store_; }

    /// Closed, so that all is in the one file.
    double bytes() {
        store_.reset();
        return static_cast<double>(std::filesystem::file_size(folder_ / "events.db"));
    }
    void reopen() { store_ = open_event_store(folder_, {}); }

    Measured measure(
        const Workload& work,
        std::uint32_t callers,
        std::size_t events_per_append,
        const std::function<Append()>& make
    ) {
        const auto before = store_->figures();
        Callers calling(*store_, callers);
        const auto step = [&] {
            std::size_t events = 0;
            calling.start([&] {
                events += events_per_append;
                return make();
            });
            return events;
        };
        auto measured = measure_steps(work.seconds, step, [&] { calling.finish(); });
        const auto after = store_->figures();
        measured.batch = static_cast<double>(after.events - before.events) /
                         static_cast<double>(after.commits - before.commits);
        return measured;
    }

private:
    std::filesystem::path folder_;
    std::optional<DataLock> lock_;
    std::unique_ptr<EventStore> store_;
};

/// Ours and raw in turns; the medians, and that of the ratios.
void compare(
    const std::string& what,
    double wanted,
    std::size_t rounds,
    std::size_t events_per_append,
    const std::function<Measured()>& ours,
    const std::function<Measured(std::size_t batch)>& raw
) {
    std::vector<double> ratios;
    std::vector<Measured> mine, limits;
    for (std::size_t i = 0; i < rounds; ++i) {
        mine.push_back(ours());
        limits.push_back(raw(static_cast<std::size_t>(mine.back().batch + 0.5)));
        ratios.push_back(rounded(mine.back().per_second / limits.back().per_second));
    }
    const auto of = [](const std::vector<Measured>& all, double Measured::* part) {
        std::vector<double> values;
        for (const auto& one : all) values.push_back(one.*part);
        return median(std::move(values));
    };
    const auto per_append = static_cast<double>(events_per_append);
    print(
        {{"what", what},
         {"events_per_second", rounded(of(mine, &Measured::per_second))},
         {"raw_per_second_at_that_batch", rounded(of(limits, &Measured::per_second))},
         {"ratio", rounded(median(ratios))},
         {"wanted", wanted},
         {"ratios", ratios},
         {"events_per_commit", rounded(of(mine, &Measured::batch))},
         {"flushes_per_append", rounded(of(mine, &Measured::flushes) * per_append)},
         {"raw_flushes_per_append", rounded(of(limits, &Measured::flushes) * per_append)},
         {"cpu_microseconds", rounded(of(mine, &Measured::cpu_microseconds))},
         {"raw_cpu_microseconds", rounded(of(limits, &Measured::cpu_microseconds))}}
    );
}

Measured raw_new_streams(const Workload& work, std::size_t batch) {
    const auto folder = work.fresh("raw");
    RawSqlite raw(folder);
    const auto row = [&] { return RawSqlite::Row{work.event(), work.new_stream(), 1}; };
    auto measured = measure_steps(work.seconds, [&] {
        raw.append(batch, row);
        return batch;
    });
    std::filesystem::remove_all(folder);
    return measured;
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

/// Each append is started by the answer to the one before: no thread has to be woken for it.
Measured one_after_the_other(const Workload& work) {
    Log log(work, "log");
    std::atomic<std::size_t> answered = 0;
    std::atomic<bool> go_on = true;
    std::binary_semaphore ended(0);
    std::function<void()> next = [&] {
        log.store().append(
            append_of(work.new_stream(), ExpectedVersion::no_stream(), {work.event()}),
            [&](const AppendResult& result) {
                if (!result) std::abort();
                ++answered;
                go_on ? next() : ended.release();
            }
        );
    };
    next();
    std::size_t counted = 0;
    const auto step = [&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        const auto before = std::exchange(counted, answered.load());
        return counted - before;
    };
    auto measured = measure_steps(work.seconds, step, [&] {
        go_on = false;
        ended.acquire();
    });
    measured.batch = 1;
    return measured;
}

void measure_new_streams(const Workload& work) {
    compare(
        "append, 1 event, 1 caller that goes on in the answer, new streams",
        0.90,
        work.rounds,
        1,
        [&] { return one_after_the_other(work); },
        [&](std::size_t batch) { return raw_new_streams(work, batch); }
    );
    const std::map<std::uint32_t, double> wanted = {{1, 0.90}, {64, 0.80}, {1024, 0.80}};
    for (const auto& [callers, ratio] : wanted) {
        compare(
            "append, 1 event, " + std::to_string(callers) +
                " caller(s) on a thread of their own, new streams",
            ratio,
            work.rounds,
            1,
            [&] {
                Log log(work, "log");
                return log.measure(work, callers, 1, [&] {
                    return append_of(
                        work.new_stream(), ExpectedVersion::no_stream(), {work.event()}
                    );
                });
            },
            [&](std::size_t batch) { return raw_new_streams(work, batch); }
        );
    }
    compare(
        "append, 100 events a call, 1 caller",
        0.80,
        work.rounds,
        100,
        [&] {
            Log log(work, "log");
            return log.measure(work, 1, 100, [&] {
                std::vector<NewEvent> events;
                for (int i = 0; i < 100; ++i) events.push_back(work.event());
                return append_of(
                    work.new_stream(), ExpectedVersion::no_stream(), std::move(events)
                );
            });
        },
        [&](std::size_t batch) { return raw_new_streams(work, batch); }
    );
}

/// What the hash of an event costs, beside all that its append costs at 64 callers.
void measure_hash(const Workload& work) {
    HashChain chain;
    auto hash = chain.first(tenant.view());
    const auto event = work.event();
    const auto stream = work.new_stream();
    constexpr int count = 200'000;
    const auto start = cpu_seconds();
    for (int i = 0; i < count; ++i) {
        hash = chain.next(
            hash,
            {.event_id = event.id.view(),
             .tenant = tenant.view(),
             .stream = stream.view(),
             .version = 1,
             .type = event.type,
             .schema = 1,
             .occurred_at = event.occurred_at,
             .recorded_at = event.occurred_at,
             .data = event.data,
             .metadata = event.metadata}
        );
    }
    const auto each = (cpu_seconds() - start) * 1e6 / count;
    Log log(work, "log");
    const auto appends = log.measure(work, 64, 1, [&] {
        return append_of(work.new_stream(), ExpectedVersion::no_stream(), {work.event()});
    });
    print(
        {{"what", "hash chain, share of the time of an append at 64 callers"},
         {"hash_microseconds", rounded(each)},
         {"append_microseconds", rounded(1e6 / appends.per_second)},
         {"share", rounded(each * appends.per_second / 1e6)},
         {"wanted_below", 0.10}}
    );
}

/// Names in one piece of memory: a million strings would leave the heap in shreds for what comes
/// after.
class Names {
public:
    void add(const StreamName& name) {
        size_ = name.view().size();
        texts_ += name.view();
    }
    std::size_t size() const { return size_ == 0 ? 0 : texts_.size() / size_; }
    StreamName at(std::size_t index) const {
        return StreamName(std::string_view(texts_).substr(index * size_, size_));
    }

private:
    std::string texts_;
    std::size_t size_ = 0;  // of each
};

/// Streams of one event each, in both stores.
Names fill(const Workload& work, Log& log, RawSqlite& raw, std::size_t count) {
    Names streams;
    while (streams.size() < count) {
        Append append;
        append.tenant = tenant;
        for (int i = 0; i < 1000; ++i) {
            streams.add(work.new_stream());
            append.streams.push_back(
                {streams.at(streams.size() - 1), ExpectedVersion::no_stream(), {work.event()}}
            );
        }
        auto next = streams.size() - 1000;
        raw.append(1000, [&] { return RawSqlite::Row{work.event(), streams.at(next++), 1}; });
        Callers(log.store(), 1).start([&] { return std::move(append); });
    }
    return streams;
}

void measure_random_streams(const Workload& work, std::size_t count) {
    Log log(work, "log");
    const auto folder = work.fresh("raw");
    RawSqlite raw(folder);
    const auto streams = fill(work, log, raw, count);
    print(
        {{"what", "bytes on disk an event, each of a new stream"},
         {"bytes", rounded(log.bytes() / static_cast<double>(count))},
         {"payload_and_metadata", work.event_bytes()},
         {"ratio", rounded(log.bytes() / static_cast<double>(count * work.event_bytes()))},
         {"wanted_below", 1.35}}
    );
    log.reopen();

    // Read back, in turns, as a pager does.
    std::vector<double> ratios, ours, limits;
    for (std::size_t i = 0; i < work.rounds; ++i) {
        auto start = SteadyClock::now();
        std::size_t rows = 0;
        for (Position from = 1;;) {
            const auto page = log.store().read_all(from, {}, 1000, Direction::forwards);
            if (page.empty()) break;
            rows += page.size();
            from = page.back().position + 1;
        }
        if (rows != count) std::abort();
        ours.push_back(static_cast<double>(rows) / seconds_since(start));
        start = SteadyClock::now();
        limits.push_back(static_cast<double>(raw.scan()) / seconds_since(start));
        ratios.push_back(ours.back() / limits.back());
    }
    print(
        {{"what", "read all, decoded to the envelope"},
         {"events_per_second", rounded(median(ours))},
         {"raw_per_second", rounded(median(limits))},
         {"ratio", rounded(median(ratios))},
         {"wanted", 0.60}}
    );

    std::mt19937_64 random(1);  // NOLINT: the same streams in each run
    std::uniform_int_distribution<std::size_t> any(0, streams.size() - 1);
    std::vector<Version> raw_versions(streams.size(), 1);
    compare(
        "append, 1 event, 64 callers, random among " + std::to_string(count) +
            " streams; raw: plain schema, random ids",
        3.0,
        work.rounds,
        1,
        [&] {
            return log.measure(work, 64, 1, [&] {
                return append_of(
                    streams.at(any(random)), ExpectedVersion::stream_exists(), {work.event()}
                );
            });
        },
        [&](std::size_t batch) {
            return measure_steps(work.seconds, [&] {
                raw.append(batch, [&] {
                    const auto index = any(random);
                    RawSqlite::Row row{work.event(), streams.at(index), ++raw_versions[index]};
                    // Random ids, as of UUIDs of version 4.
                    auto id = row.event.id.str();
                    std::ranges::rotate(id, id.end() - 12);
                    row.event.id = EventId(std::move(id));
                    return row;
                });
                return batch;
            });
        }
    );
    std::filesystem::remove_all(folder);
}

/// Anonymous memory of this process in MiB.
double resident() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:")) return std::stod(line.substr(8)) / 1024;
    }
    return 0;
}

void measure_memory(const Workload& work, std::size_t count) {
    const auto before = resident();
    Log log(work, "log");
    std::vector<double> steps;
    {
        Callers callers(log.store(), 64);
        std::size_t appended = 0;
        for (std::size_t step = 1; step <= 10; ++step) {
            while (appended < count * step / 10) {
                callers.start([&] {
                    appended += 10;
                    std::vector<NewEvent> events;
                    for (int i = 0; i < 10; ++i) events.push_back(work.event());
                    return append_of(
                        work.new_stream(), ExpectedVersion::no_stream(), std::move(events)
                    );
                });
            }
            steps.push_back(rounded(resident() - before));
        }
    }
    const auto page_cache = static_cast<double>(StoreOptions().page_cache) / 1024 / 1024;
    print(
        {{"what", "memory while " + std::to_string(count) + " events are appended, MiB"},
         {"at_each_tenth", steps},
         {"page_cache", page_cache},
         {"above_page_cache", rounded(std::ranges::max(steps) - page_cache)},
         {"wanted_below", 64}}
    );
    const auto events = static_cast<double>(log.store().head());
    print(
        {{"what", "bytes on disk an event, 10 of each stream"},
         {"bytes", rounded(log.bytes() / events)},
         {"payload_and_metadata", work.event_bytes()},
         {"ratio", rounded(log.bytes() / (events * static_cast<double>(work.event_bytes())))},
         {"wanted_below", 1.35}}
    );
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Appends to the log and reads of it beside the raw limit of SQLite");
    Workload work;
    work.directory = std::filesystem::temp_directory_path() / "vitrine-store-bench";
    std::size_t streams = 1'000'000;
    std::size_t memory = 1'000'000;
    std::vector<std::string> parts = {"append", "hash", "random", "memory"};
    app.add_option("--directory", work.directory, "where to write; on the disk to be measured");
    app.add_option("--seconds", work.seconds, "length of each measurement");
    app.add_option("--rounds", work.rounds, "turns of each comparison; the median counts");
    app.add_option("--streams", streams, "of the log that is read and appended to at random");
    app.add_option("--events", memory, "appended while memory is watched");
    app.add_option("--parts", parts, "what to measure");
    CLI11_PARSE(app, argc, argv);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // as the log does, which comes too late here
    testing::FaultVfs::fresh();
    print(
        {{"what", "durability"},
         {"mode", "WAL, synchronous=FULL"},
         {"fdatasync_per_second", rounded(syncs_per_second(work))}}
    );
    // Memory comes first: what the others leave in the heap would count.
    const auto has = [&](const char* part) {
        return std::ranges::find(parts, part) != parts.end();
    };
    if (has("memory")) measure_memory(work, memory);
    if (has("append")) measure_new_streams(work);
    if (has("hash")) measure_hash(work);
    if (has("random")) measure_random_streams(work, streams);
    std::filesystem::remove_all(work.directory);
    return 0;
}
