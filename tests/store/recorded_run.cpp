#include "tests/store/recorded_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "store/verify.hpp"
#include "tests/store/engine.hpp"
#include "tests/store/proof.hpp"

namespace vitrine::store::testing {
namespace {

StoreOptions options_of(const RunSize& size, const ManualClock& clock) {
    StoreOptions options;
    options.checkpoint_pages = size.checkpoint_pages;
    options.page_cache = 1024 * 1024;
    options.clock = clock.clock();
    return options;
}

/// The appends of a command, each after the one before it was answered.
struct Course {
    std::deque<Append> appends;
};

class Commands {
public:
    Commands(std::size_t payload, std::uint64_t seed) : payload_(payload), random_(seed) {}

    Course next() {
        const auto number = std::to_string(++count_);
        const auto tenant = below(3) == 0 ? other_tenant : acme;
        Append events = append_to(
            tenant, "offer-" + std::to_string(below(12)), ExpectedVersion::any(), some_events()
        );
        Course course;
        const auto kind = below(4);
        if (kind == 0) {
            course.appends.push_back(std::move(events));
            return course;
        }
        events.streams.push_back(
            {StreamName("product-" + std::to_string(below(5))),
             ExpectedVersion::any(),
             some_events()}
        );
        const auto head = head_of("command-" + number, "key-" + number);
        auto conclude = conclude_of(head);
        conclude.answer.body = JsonText("{\"number\":" + number + "}");
        const Claim slug{"slug", "slug-" + number};
        if (kind == 1) {
            conclude.claims = {slug, {"name", number}};
        } else {
            auto accept = accept_of(head, {slug, {"name", number}});
            course.appends.push_back(of(tenant, accept));
            if (kind == 3) {
                course.appends.push_back(of(tenant, Progress{head.id, JsonText(R"({"steps":[1]})")})
                );
            }
            conclude.release_claims = below(2) == 0;
        }
        events.journal = std::move(conclude);
        course.appends.push_back(std::move(events));
        return course;
    }

    std::size_t below(std::size_t limit) { return random_() % limit; }

private:
    static Append of(const TenantId& tenant, JournalWrite write) {
        auto append = journal_only(std::move(write));
        append.tenant = tenant;
        return append;
    }
    std::vector<NewEvent> some_events() {
        std::vector<NewEvent> events;
        for (auto left = 1 + below(3); left > 0; --left) {
            events.push_back(event_of(
                "E" + std::to_string(below(4)),
                "{\"text\":\"" + std::string(below(payload_), static_cast<char>('a' + below(26))) +
                    "\"}"
            ));
        }
        return events;
    }

    std::size_t payload_;
    std::mt19937_64 random_;
    std::size_t count_ = 0;
};

/// What may be said of an append when a disk fails.
bool is_honest(const AppendError& error) {
    return error.kind == AppendError::Kind::disk_full ||
           error.kind == AppendError::Kind::unavailable;
}

std::size_t events_in(const Append& append) {
    std::size_t count = 0;
    for (const auto& part : append.streams) count += part.events.size();
    return count;
}

}  // namespace

RecordedRun record_run(const RunSize& size, std::uint64_t seed, std::optional<DiskFault> fault) {
    const TemporaryFolder folder(fast_folder());
    const ManualClock clock;
    RecordedRun run;
    {
        PowerVfs disk(folder.path());
        if (fault) disk.fail(*fault);
        Commands commands(size.payload, seed);
        const auto options = options_of(size, clock);
        std::unique_ptr<EventStore> store;
        // A fault while it opens is told by an exception, and the next try finds the disk mended.
        const auto open = [&] {
            store.reset();
            try {
                store = open_event_store(folder.path(), options);
            } catch (const std::exception&) {
                if (!disk.has_failed()) throw;
                disk.mend();
                store = open_event_store(folder.path(), options);
            }
        };
        open();
        std::deque<Course> under_way;
        std::size_t begun = 0, bursts = 0;
        while (begun < size.commands || !under_way.empty()) {
            const auto burst = 1 + commands.below(6);
            while (under_way.size() < burst && begun < size.commands) {
                under_way.push_back(commands.next());
                ++begun;
            }
            const auto asked = std::min(burst, under_way.size());
            const auto first = run.promises.size();
            for (std::size_t i = 0; i < asked; ++i) {
                auto& appends = under_way[i].appends;
                run.promises.push_back({std::move(appends.front()), std::nullopt, {}});
                appends.pop_front();
            }
            Countdown answered(asked);
            for (std::size_t i = first; i < first + asked; ++i) {
                auto& promise = run.promises[i];
                store->append(Append(promise.append), [&](AppendResult result) {
                    promise.result = std::move(result);
                    promise.answered = disk.point();
                    answered.count_down();
                });
            }
            answered.wait();
            bool all_well = true;
            for (std::size_t i = 0; i < asked; ++i) {
                const auto& result = run.promises[first + i].result;
                if (result) continue;
                all_well = false;
                under_way[i].appends.clear();
                if (!is_honest(result.error())) {
                    run.fault_found = "answered " + result.error().detail;
                }
            }
            if (!all_well && !disk.has_failed()) run.fault_found = "refused without a fault";
            // Reads go on, whatever became of the writes.
            if (store->read_all(1, {}, 100'000, Direction::forwards).size() != store->head()) {
                run.fault_found = "reads do not see the head";
            }
            std::erase_if(under_way, [](const Course& course) { return course.appends.empty(); });
            std::ranges::rotate(
                under_way,
                under_way.begin() + static_cast<std::ptrdiff_t>(
                                        under_way.empty() ? 0 : commands.below(under_way.size())
                                    )
            );
            if (++bursts % 11 == 0) open();
        }
        // The fault is over: without a restart the log takes appends again.
        disk.mend();
        if (!append(*store, "offer-last", ExpectedVersion::any(), events_of("Last", 1))) {
            run.fault_found = "no append after the fault";
        }
        open();
        run.final_log = all(*store);
        store.reset();
        run.operations = disk.operations();
        run.writes = disk.writes();
        run.syncs = disk.syncs();
        run.failed = disk.has_failed();
    }
    return run;
}

namespace {

/// Looks at an open log for everything that was promised until a point.
class Inspection {
public:
    Inspection(EventStore& store, const RecordedRun& run, std::size_t point)
        : store_(store), run_(run), point_(point), events_(all(store)) {
        for (const auto& event : events_) ids_.emplace(event.id, event.position);
    }

    std::string result() {
        if (auto fault = look_at_order(); !fault.empty()) return fault;
        std::map<std::pair<TenantId, CommandId>, std::vector<const Promise*>> commands;
        for (const auto& promise : run_.promises) {
            if (auto fault = look_at_events(promise); !fault.empty()) return fault;
            if (promise.append.journal) {
                commands[{promise.append.tenant, id_of(*promise.append.journal)}].push_back(&promise
                );
            }
        }
        for (const auto& [id, promises] : commands) {
            if (auto fault = look_at_command(id.first, id.second, promises); !fault.empty()) {
                return id.second.str() + ": " + fault;
            }
        }
        return {};
    }

private:
    bool is_promised(const Promise& promise) const {
        return promise.result && promise.answered && *promise.answered <= point_;
    }
    /// Of what was refused only after the cut, nothing was known yet: the cut decides.
    bool is_refused(const Promise& promise) const {
        return !promise.result && promise.answered && *promise.answered <= point_;
    }

    /// As in the log that went on, but for an append at the end that was refused only later.
    std::string look_at_order() const {
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (i < run_.final_log.size() && events_[i] == run_.final_log[i]) continue;
            const auto asked = std::ranges::find_if(run_.promises, [&](const Promise& promise) {
                return has_event(promise.append, events_[i].id);
            });
            if (asked != run_.promises.end() && !asked->result && !is_refused(*asked)) break;
            return fmt::format("event {} is not the one of the log that went on", i + 1);
        }
        return {};
    }
    static bool has_event(const Append& append, const EventId& id) {
        return std::ranges::any_of(append.streams, [&](const StreamAppend& part) {
            return std::ranges::find(part.events, id, &NewEvent::id) != part.events.end();
        });
    }
    std::size_t found_of(const Append& append) const {
        std::size_t found = 0;
        for (const auto& part : append.streams) {
            for (const auto& event : part.events) found += ids_.count(event.id);
        }
        return found;
    }

    std::string look_at_events(const Promise& promise) const {
        const auto wanted = events_in(promise.append);
        const auto found = found_of(promise.append);
        if (found != 0 && found != wanted) return "half an append is there";
        if (wanted == 0) return {};
        if (found == 0) return is_promised(promise) ? "an acknowledged append is lost" : "";
        if (is_refused(promise)) return "a refused append is there";
        if (!promise.result) return {};
        const auto& first = promise.append.streams.front().events.front();
        return ids_.at(first.id) == promise.result->first ? "" : "not at the position told";
    }

    static CommandId id_of(const JournalWrite& write) {
        if (const auto* accept = std::get_if<Accept>(&write)) return accept->head.id;
        if (const auto* progress = std::get_if<Progress>(&write)) return progress->id;
        return std::get<Conclude>(write).head.id;
    }
    static const std::vector<Claim>* claimed_by(const JournalWrite& write) {
        if (const auto* accept = std::get_if<Accept>(&write)) return &accept->claims;
        if (const auto* conclude = std::get_if<Conclude>(&write)) return &conclude->claims;
        return nullptr;
    }
    static bool stands_in(const JournalWrite& write, const CommandRecord& record) {
        if (const auto* conclude = std::get_if<Conclude>(&write)) {
            return record.state == CommandState::done && record.answer == conclude->answer;
        }
        if (record.state != CommandState::accepted) return false;
        if (const auto* accept = std::get_if<Accept>(&write)) return record.plan == accept->plan;
        return record.plan == std::get<Progress>(write).plan;
    }

    /// The row stands where one of its writes put it, no earlier than was acknowledged; events and
    /// claims stand with it.
    std::string look_at_command(
        const TenantId& tenant, const CommandId& id, const std::vector<const Promise*>& promises
    ) {
        const auto record = store_.journal().find(tenant, id);
        std::size_t stage = 0;  // writes that are in it
        if (record) {
            for (std::size_t i = 0; i < promises.size(); ++i) {
                if (stands_in(*promises[i]->append.journal, *record)) stage = i + 1;
            }
            if (stage == 0) return "its row is none that was written";
            if (is_refused(*promises[stage - 1])) return "a refused write of its row is there";
        }
        std::vector<Claim> all_claimed;
        bool released = false;
        for (std::size_t i = 0; i < promises.size(); ++i) {
            const auto& promise = *promises[i];
            const bool is_there = i < stage;
            if (!is_there && is_promised(promise))
                return "an acknowledged write of its row is lost";
            if (events_in(promise.append) != 0 && (found_of(promise.append) != 0) != is_there) {
                return "row and events differ";
            }
            if (const auto* claimed = claimed_by(*promise.append.journal)) {
                for (const auto& claim : *claimed) {
                    if (!is_there && store_.journal().holder(tenant, claim) == id) {
                        return "a claim without its row";
                    }
                    if (is_there) all_claimed.push_back(claim);
                }
            }
            const auto* conclude = std::get_if<Conclude>(&*promise.append.journal);
            released = released || (is_there && conclude && conclude->release_claims);
        }
        for (const auto& claim : all_claimed) {
            const auto holder = store_.journal().holder(tenant, claim);
            if (released ? holder.has_value() : holder != id) return "its claims are not kept";
        }
        return {};
    }

    EventStore& store_;
    const RecordedRun& run_;
    std::size_t point_;
    std::vector<RecordedEvent> events_;
    std::map<EventId, Position> ids_;
};

}  // namespace

std::string look_after_cut(
    const std::filesystem::path& folder, const RecordedRun& run, std::size_t point
) {
    try {
        const auto store = open_event_store(folder, {});
        if (auto fault = Inspection(*store, run, point).result(); !fault.empty()) return fault;
        if (!append(*store, "offer-1", ExpectedVersion::any(), events_of("Next", 2))) {
            return "the log does not go on";
        }
        const auto report = verify(folder, {});
        if (!report.faults.empty()) return "verify: " + report.faults.front().detail;
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

}  // namespace vitrine::store::testing
