#include <cstdlib>
#include <fstream>
#include <random>
#include <string_view>

#include "tests/deliveries/toy.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::tests;
using namespace vitrine::deliveries;

namespace {

/// What a process leaves that is killed now.
void copy_files(const std::filesystem::path& from, const std::filesystem::path& to) {
    for (const char* name : {"deliveries.db", "deliveries.db-wal"}) {
        std::filesystem::remove(to / name);
        if (std::filesystem::exists(from / name))
            std::filesystem::copy_file(from / name, to / name);
    }
}

std::set<Position> all_of(Position last) {
    std::set<Position> all;
    for (Position position = 1; position <= last; ++position) all.insert(position);
    return all;
}

std::set<Position> set_of(const std::vector<Position>& positions) {
    return {positions.begin(), positions.end()};
}

void check_ids(const Memory& memory) {
    for (const auto& sending : memory.sendings) {
        if (sending.message.id != EventId("event-" + std::to_string(sending.position)))
            FAIL("an event was sent under another id");
    }
}

/// Many times as much where VITRINE_PROOF=long.
unsigned times(unsigned usual, unsigned thorough) {
    const char* form = std::getenv("VITRINE_PROOF");
    return form != nullptr && std::string_view(form) == "long" ? thorough : usual;
}

/// A line of JSON for tests/full/deliveries, which sets the variable.
void note_result(const std::string& proof, const std::map<std::string, std::size_t>& counts) {
    const char* file = std::getenv("VITRINE_PROOF_RESULTS");
    if (file == nullptr) return;
    std::ofstream out(file, std::ios::app);
    out << "{\"proof\":\"" << proof << '"';
    for (const auto& [name, count] : counts) out << ",\"" << name << "\":" << count;
    out << "}\n";
}

}  // namespace

TEST_CASE("killed after any step, everything is sent under its id and in its order") {
    const auto points = times(120, 1000);
    std::size_t sendings = 0;
    for (std::size_t steps = 0; steps < points; ++steps) {
        CAPTURE(steps);
        store::MemoryEventStore log([] { return noon; });
        for (int i = 0; i < 12; ++i) add(log, std::to_string(i % 4));
        std::map<Position, int> failures{{2, 1}, {5, 2}, {8, 1}};
        const auto reply = [&failures](const Sending& sending) {
            return failures[sending.position]-- > 0
                       ? Answer::unknown({"it timed out", "o prazo acabou"})
                       : Answer::taken();
        };
        Folder before, after;
        std::shared_ptr<Memory> memory;
        {
            Carrier carrier(log);
            carrier.open(before.path());
            carrier.runner->set(carrier.toy("one", reply));
            memory = carrier.memories.at("one");
            carrier.runner->start();
            carrier.step(steps);
            copy_files(before.path(), after.path());
        }
        Carrier carrier(log);
        carrier.memories["one"] = memory;
        carrier.open(after.path());
        carrier.runner->set(carrier.toy("one", reply));
        carrier.runner->start();
        carrier.advance(1h);
        CHECK(carrier.faults.empty());
        CHECK(set_of(memory->taken()) == all_of(12));
        CHECK(memory->keeps_order());
        CHECK_FALSE(memory->overlapped);
        check_ids(*memory);
        CHECK(carrier.status("one").lag == 0);
        CHECK(carrier.status("one").dead == 0);
        sendings += memory->sendings.size();
    }
    note_result("steps", {{"points", points}, {"events", points * 12}, {"sendings", sendings}});
}

TEST_CASE("whatever is answered and whenever it is killed, nothing is lost and no order broken") {
    const auto histories = times(60, 1000);
    std::size_t events = 0, sendings = 0, letters_in_all = 0;
    for (unsigned seed = 1; seed <= histories; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const auto below = [&random](unsigned bound) { return static_cast<int>(random() % bound); };
        store::MemoryEventStore log([] { return noon; });
        bool well = false;
        std::set<Position> refused;
        const auto reply = [&](const Sending& sending) {
            if (well) return Answer::taken();
            switch (below(8)) {
                case 0:
                    return Answer::again({"answered 503", "respondeu 503"});
                case 1:
                    return Answer::again({"answered 429", "respondeu 429"}, 30s);
                case 2:
                    return Answer::unknown({"it timed out", "o prazo acabou"});
                case 3:
                    if (below(4) > 0) return Answer::taken();
                    refused.insert(sending.position);
                    return Answer::refused({"answered 400", "respondeu 400"});
                default:
                    return Answer::taken();
            }
        };
        std::map<std::string, std::shared_ptr<Memory>> memories;
        auto folder = std::make_unique<Folder>();
        auto time = noon;
        for (int life = 0; life < 6; ++life) {
            Carrier carrier(log, time);
            carrier.memories = memories;
            Options options;
            options.limits = {.fresh = 8, .fresh_bytes = 10'000, .held = 16};
            options.random = [&random] { return static_cast<double>(random() % 1000) / 1000; };
            carrier.open(folder->path(), options);
            const Schedule schedule{0s, 1s, 10s, 60s, 600s, 600s, 600s, 600s, 600s};
            for (const auto* id : {"one", "two"})
                carrier.runner->set(carrier.toy(id, reply, schedule));
            memories = carrier.memories;
            carrier.runner->start();
            const bool is_last = life == 5;
            for (int i = below(5); i >= 0 && !is_last; --i) {
                for (int n = below(12); n > 0; --n) add(log, std::to_string(below(5)));
                if (below(2) == 0) {
                    carrier.advance(std::chrono::seconds(below(40)));
                } else {
                    carrier.step(static_cast<std::size_t>(below(60)));
                }
            }
            if (is_last) {
                well = true;
                carrier.advance(24h);
                for (const auto* id : {"one", "two"}) {
                    const auto& memory = *memories.at(id);
                    const auto dead = carrier.runner->list(carrier.name(id), State::dead, {}, 1000);
                    auto accounted = set_of(memory.taken());
                    std::set<Position> letters;
                    for (const auto& each : dead.items) letters.insert(each.position);
                    accounted.insert(letters.begin(), letters.end());
                    CHECK(accounted == all_of(log.head()));
                    CHECK_FALSE(memory.overlapped);
                    check_ids(memory);
                    const auto status = carrier.status(id);
                    CHECK(status.lag == 0);
                    CHECK(status.pending == 0);
                    CHECK(status.dead == letters.size());
                    CHECK(memory.keeps_order());
                    sendings += memory.sendings.size();
                    letters_in_all += letters.size();
                }
                events += log.head();
                CHECK(carrier.faults.empty());
                continue;
            }
            time = carrier.keeper.now();
            auto next = std::make_unique<Folder>();
            copy_files(folder->path(), next->path());
            carrier.stop();
            folder = std::move(next);
        }
    }
    note_result(
        "histories",
        {{"histories", histories},
         {"kills", histories * 5},
         {"events", events},
         {"sendings", sendings},
         {"letters", letters_in_all}}
    );
}
