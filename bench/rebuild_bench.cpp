// rebuild_bench DIR [--projection offers]: how fast a read model is rebuilt from the log of DIR
// (see make_log), beside what the machine can do at most: a bare SQLite scan of the same events, a
// parse of the same JSON, and a bulk insert of the same rows. Switches nothing.
#include <SQLiteCpp/SQLiteCpp.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>

#include "projections/model_files.hpp"
#include "projections/offers/reader.hpp"
#include "projections/rebuild.hpp"
#include "store/data_directory.hpp"
#include "store/open_store.hpp"

namespace {

using namespace vitrine;
namespace fs = std::filesystem;

class Timer {
public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    }
    /// Of all threads: what the work costs when the machine has others to serve too.
    double cpu_seconds() const {
        return static_cast<double>(std::clock() - cpu_begin_) / CLOCKS_PER_SEC;
    }

private:
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    std::clock_t cpu_begin_ = std::clock();
};

void print(const char* what, std::uint64_t count, const Timer& timer) {
    const auto seconds = timer.seconds();
    std::printf(
        "%-42s %9llu in %6.2f s (cpu %5.2f s) %9.0f a second\n",
        what,
        static_cast<unsigned long long>(count),
        seconds,
        timer.cpu_seconds(),
        static_cast<double>(count) / seconds
    );
}

/// Every event's columns, touched and dropped.
void bare_scan(const fs::path& directory) {
    SQLite::Database log((directory / "events.db").string(), SQLite::OPEN_READONLY);
    SQLite::Statement select(log, "SELECT * FROM events ORDER BY position");
    const Timer timer;
    std::uint64_t count = 0;
    std::size_t bytes = 0;
    while (select.executeStep()) {
        ++count;
        bytes += static_cast<std::size_t>(select.getColumn("data").getBytes());
    }
    print("raw: scan of the log in SQLite", count, timer);
    std::printf(
        "%-44s %9.0f bytes\n",
        "     payload on average",
        static_cast<double>(bytes) / static_cast<double>(count == 0 ? 1 : count)
    );
}

void bare_parse(const fs::path& directory) {
    SQLite::Database log((directory / "events.db").string(), SQLite::OPEN_READONLY);
    SQLite::Statement select(log, "SELECT data FROM events ORDER BY position LIMIT 100000");
    std::vector<simdjson::padded_string> payloads;
    while (select.executeStep()) payloads.emplace_back(select.getColumn(0).getString());
    simdjson::ondemand::parser parser;
    std::size_t members = 0;
    const Timer timer;
    for (const auto& payload : payloads) {
        auto document = parser.iterate(payload);
        for (auto field : document.get_object()) {
            const std::string_view name = field.unescaped_key();
            members += name.size();
        }
    }
    print("raw: parse of the payloads, on demand", payloads.size(), timer);
    if (members == 0) std::printf("(no members)\n");
}

/// The rows of the live file into a new one, in key order, then the same indexes.
void bare_insert(const fs::path& live, const projections::Projection& projection) {
    const auto copy = live.string() + ".bench";
    fs::remove(copy);
    const Timer timer;
    std::uint64_t rows = 0;
    {
        SQLite::Database file(copy, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        file.exec("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
        file.exec("ATTACH '" + live.string() + "' AS live");
        file.exec("BEGIN");
        for (const auto& table : projection.tables) {
            file.exec(table.create);
            rows += static_cast<std::uint64_t>(
                file.exec("INSERT INTO main." + table.name + " SELECT * FROM live." + table.name)
            );
            for (const auto& index : table.indexes) file.exec(index);
        }
        file.exec("COMMIT");
    }
    print("raw: bulk insert of the same rows, indexes", rows, timer);
    fs::remove(copy);
}

/// What GET /v1/offers/{id} does to the read model, on one thread.
void point_reads(const fs::path& live, const TenantId& tenant) {
    projections::ReadModel model;
    model.publish(std::make_shared<projections::Generation>(live, 1), 1);
    projections::OfferFilter filter;
    filter.limit = 1000;
    const auto some = projections::OffersReader(*model.lease()).list(tenant, filter).items;
    if (some.empty()) return;
    const Timer timer;
    constexpr std::size_t reads = 200'000;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < reads; ++i) {
        projections::OffersReader offers(*model.lease());
        bytes += offers.find(tenant, some[i % some.size()].offer_id)->body.size();
    }
    print("look-up of an offer by id", reads, timer);
    std::printf("%-42s %9zu bytes\n", "     body on average", bytes / reads);
}

}  // namespace

int main(int argc, char** argv) {
    std::string directory;
    std::string name = "offers";
    std::string tenant = "bench";
    std::chrono::seconds save_interval{30};
    bool alone = false;
    projections::RebuildOptions options;
    CLI::App app("Measures a rebuild beside raw limits.");
    app.add_option("directory", directory)->required();
    app.add_option("--projection", name);
    app.add_option("--tenant", tenant);
    app.add_option("--memory", options.memory, "bytes of rows before they are written out");
    app.add_option("--save-interval", save_interval, "on a busy machine longer than the rebuild");
    app.add_flag("--alone", alone, "the rebuild only, for profilers");
    CLI11_PARSE(app, argc, argv);
    options.save_interval = save_interval;

    const auto lock = store::DataLock::try_take(directory);
    const auto* projection = projections::find_projection(name);
    if (!lock || projection == nullptr) {
        std::fprintf(stderr, "no such projection, or the directory is in use\n");
        return 1;
    }
    const auto store = store::open_store_read_only(store::url_of(directory));
    if (!alone) {
        bare_scan(directory);
        bare_parse(directory);
    }
    auto files = std::make_unique<projections::ModelFiles>(directory);
    const Timer timer;
    const auto report = projections::rebuild_stopped(*store, *files, *projection, options);
    print("rebuild, whole", report.position, timer);
    const auto live = files->live(name)->file;
    files.reset();  // what served before is gone then
    if (alone) return 0;
    bare_insert(live, *projection);
    if (name == "offers") point_reads(live, TenantId(tenant));
}
