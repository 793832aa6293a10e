// kill -9 of a writing process: what it had acknowledged is there, once, and nothing is half.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <semaphore>
#include <set>

#include "store/data_directory.hpp"
#include "store/descriptor.hpp"
#include "tests/store/chain_check.hpp"
#include "tests/store/engine.hpp"
#include "tests/store/proof.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

constexpr std::size_t id_size = 36;

/// Appends two events of two streams at a time with their journal row, many under way, for ever;
/// writes the id of the first to the pipe once it is told that they are stored.
[[noreturn]] void write_for_ever(const std::filesystem::path& directory, int acknowledged) {
    const auto lock = DataLock::try_take(directory);
    if (!lock) _exit(1);
    const auto store = open_event_store(directory, {});
    std::counting_semaphore<> free(32);
    for (std::size_t i = 0;; ++i) {
        auto both = append_to(
            acme, "offer-" + std::to_string(i % 50), ExpectedVersion::any(), events_of("E", 1)
        );
        both.streams.push_back(
            {StreamName("product-" + std::to_string(i % 9)),
             ExpectedVersion::any(),
             events_of("F", 1)}
        );
        const auto id = both.streams.front().events.front().id;
        both.journal = conclude_of(head_of(id.str(), id.str()));
        free.acquire();
        store->append(std::move(both), [&free, id, acknowledged](const AppendResult& result) {
            if (!result || ::write(acknowledged, id.view().data(), id_size) != id_size) _exit(2);
            free.release();
        });
    }
}

/// Ids told by a process that is killed after about so many.
std::vector<std::string> run_and_kill(const std::filesystem::path& directory, std::size_t after) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        try {
            write_for_ever(directory, ends[1]);
        } catch (...) {
        }
        _exit(3);
    }
    const Descriptor in(ends[0]);
    ::close(ends[1]);
    std::vector<std::string> ids;
    std::string id(id_size, '\0');
    while (::read(in.get(), id.data(), id_size) == static_cast<ssize_t>(id_size)) {
        ids.push_back(id);
        if (ids.size() == after) ::kill(child, SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    return ids;
}

}  // namespace

TEST_CASE("kill -9 at any moment loses nothing that was acknowledged", "[sqlite][crash]") {
    const TemporaryFolder folder;
    std::vector<std::string> acknowledged;
    const std::size_t cycles = long_form() ? 200 : 30;
    for (std::size_t cycle = 0; cycle < cycles; ++cycle) {
        const auto ids = run_and_kill(folder.path(), 1 + (cycle * 37) % 90);
        acknowledged.insert(acknowledged.end(), ids.begin(), ids.end());
        const auto store = open_event_store(folder.path(), {});
        const auto events = all(*store);
        std::set<std::string> stored;
        for (const auto& event : events) REQUIRE(stored.insert(event.id.str()).second);
        for (const auto& id : acknowledged) REQUIRE(stored.contains(id));
        // Whole: each append left both its events and its row, or none of them.
        const auto count = [&](const std::string& type) {
            return std::ranges::count(events, type, &RecordedEvent::type);
        };
        REQUIRE(count("E") == count("F"));
        for (const auto& event : events) {
            if (event.type != "E") continue;
            const auto record = store->journal().find(acme, CommandId(event.id.str()));
            REQUIRE(record);
            REQUIRE(record->position == event.position + 1);
        }
        REQUIRE(find_fault_in_chains(folder.path()).empty());
    }
    note_result("kills", {{"kills", cycles}, {"acknowledged", acknowledged.size()}});
}

TEST_CASE("a subscription follows a log that another process writes", "[sqlite][read-only]") {
    constexpr std::size_t count = 100;
    const TemporaryFolder folder;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto store = open_event_store(folder.path(), {});
        char go = 'x';
        if (::write(ends[1], &go, 1) != 1) _exit(1);
        for (std::size_t i = 0; i < count; ++i) {
            if (!append(*store, "offer-1", ExpectedVersion::any(), events_of("E", 1))) _exit(2);
        }
        _exit(0);  // as if killed: the log is not closed
    }
    const Descriptor in(ends[0]);
    ::close(ends[1]);
    char ready = 0;
    REQUIRE(::read(in.get(), &ready, 1) == 1);
    const auto reading = open_event_store_read_only(folder.path());
    const auto subscription = reading->subscribe(0, {});
    std::vector<Position> positions;
    while (positions.size() < count) {
        for (const auto& event : subscription->next(7)) positions.push_back(event.position);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
    for (std::size_t i = 0; i < count; ++i) REQUIRE(positions[i] == i + 1);
}
