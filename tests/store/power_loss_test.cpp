// Power cuts at every write and sync of a recorded run. VITRINE_PROOF=long makes the runs big.

#include <fmt/format.h>
#include <sqlite3.h>

#include "tests/store/engine.hpp"
#include "tests/store/proof.hpp"
#include "tests/store/recorded_run.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

struct Cuts {
    std::size_t points = 0, states = 0;
    std::string fault;  // the first one
};

/// Cuts the power at each point from `first` on; `shuffles`: random subsets at each.
Cuts cut_power(
    const RecordedRun& run, bool failed_sync_keeps, std::size_t shuffles, std::uint64_t seed
) {
    const TemporaryFolder folder(fast_folder());
    std::mt19937_64 random(seed);
    DiskModel disk(failed_sync_keeps);
    Cuts cuts;
    for (std::size_t done = 0; done <= run.operations.size(); ++done) {
        if (done > 0) disk.apply(run.operations[done - 1]);
        std::vector<Remains> remains{Remains::nothing, Remains::all, Remains::torn};
        remains.insert(remains.end(), shuffles, Remains::some);
        DiskModel::Files before;
        for (const auto what : remains) {
            const auto files = disk.after_power_cut(what, random);
            if (what != Remains::nothing && files == before) continue;  // nothing was pending
            before = files;
            lay_out(files, folder.path());
            ++cuts.states;
            const auto fault = look_after_cut(folder.path(), run, done);
            if (!fault.empty() && cuts.fault.empty()) {
                cuts.fault = fmt::format(
                    "cut after operation {} of {}, {}: {}",
                    done,
                    run.operations.size(),
                    static_cast<int>(what),
                    fault
                );
                return cuts;
            }
        }
        ++cuts.points;
    }
    return cuts;
}

}  // namespace

TEST_CASE("a power cut at any moment loses nothing that was acknowledged", "[sqlite][power]") {
    const auto runs = long_form() ? 3u : 1u;
    Cuts total;
    std::size_t appends = 0;
    for (unsigned seed = 1; seed <= runs; ++seed) {
        RunSize size;
        if (long_form()) size.commands = 50;
        const auto run = record_run(size, seed);
        REQUIRE(run.fault_found.empty());
        appends += run.promises.size();
        const auto cuts = cut_power(run, false, long_form() ? 3 : 1, seed);
        INFO("seed " << seed);
        REQUIRE(cuts.fault == "");
        total.points += cuts.points;
        total.states += cuts.states;
    }
    note_result(
        "power_cuts",
        {{"runs", runs}, {"appends", appends}, {"points", total.points}, {"states", total.states}}
    );
}

TEST_CASE("a power cut after a sync that failed", "[sqlite][power][fault]") {
    RunSize size;
    size.commands = long_form() ? 16 : 12;
    const auto syncs = record_run(size, 7).syncs;
    std::size_t tried = 0, states = 0;
    const std::size_t step = long_form() ? 1 : 11;
    for (std::size_t number = 0; number < syncs; number += step) {
        for (const bool keeps : {false, true}) {
            const auto run =
                record_run(size, 7, DiskFault{DiskFault::Of::syncs, number, SQLITE_IOERR_FSYNC});
            if (!run.failed) continue;
            INFO("sync " << number << (keeps ? " kept" : " lost"));
            REQUIRE(run.fault_found == "");
            const auto cuts = cut_power(run, keeps, 0, number);
            REQUIRE(cuts.fault == "");
            ++tried;
            states += cuts.states;
        }
    }
    note_result("failed_syncs", {{"runs", tried}, {"states", states}});
}

TEST_CASE("each write of a run fails once, or for a while", "[sqlite][fault][full][every-write]") {
    RunSize size;
    size.commands = long_form() ? 30 : 14;
    const auto writes = record_run(size, 3).writes;
    const std::size_t step = long_form() ? 1 : 5;
    std::size_t runs = 0, refused = 0;
    std::mt19937_64 random(1);
    const TemporaryFolder folder(fast_folder());
    for (const int code : {SQLITE_FULL, SQLITE_IOERR_WRITE}) {
        for (const std::size_t count : {1u, 60u}) {
            for (std::size_t number = 0; number < writes; number += step) {
                const auto run =
                    record_run(size, 3, DiskFault{DiskFault::Of::writes, number, code, count});
                INFO("write " << number << ", code " << code << ", " << count << " times");
                REQUIRE(run.fault_found == "");
                DiskModel disk;
                for (const auto& operation : run.operations) disk.apply(operation);
                lay_out(disk.after_power_cut(Remains::nothing, random), folder.path());
                REQUIRE(look_after_cut(folder.path(), run, run.operations.size()) == "");
                runs += run.failed ? 1 : 0;
                for (const auto& promise : run.promises) refused += promise.result ? 0 : 1;
            }
        }
    }
    CHECK(runs > 0);
    CHECK(refused > 0);
    note_result("failed_writes", {{"writes", writes}, {"runs", runs}, {"refused", refused}});
}
