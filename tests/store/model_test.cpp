// SQLite's log against the plain one in memory: the same random appends get the same answers, and
// every read, look-up and subscription tells the same.

#include <rapidcheck.h>

#include "tests/store/engine.hpp"
#include "tests/store/proof.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

template <class T>
T one_of(std::initializer_list<T> values) {
    return *rc::gen::elementOf(std::vector<T>(values));
}
std::size_t below(std::size_t limit) {
    return *rc::gen::inRange<std::size_t>(0, limit);
}

/// Two stores that are asked the same.
class Pair {
public:
    void append_random() {
        sqlite_.clock.advance(std::chrono::microseconds(below(3) * 1000));
        memory_.clock.micros->store(sqlite_.clock.micros->load());
        const auto append = random_append();
        const auto ours = store::testing::append(sqlite_.store(), Append(append));
        const auto wanted = store::testing::append(memory_.store(), Append(append));
        RC_ASSERT(ours.has_value() == wanted.has_value());
        if (ours) {
            RC_ASSERT(ours->first == wanted->first);
            RC_ASSERT(ours->last == wanted->last);
            RC_ASSERT(ours->versions == wanted->versions);
            RC_ASSERT(ours->repeated == wanted->repeated);
            if (!append.streams.empty()) past_.push_back(append);
        } else {
            RC_ASSERT(ours.error().kind == wanted.error().kind);
            RC_ASSERT(ours.error().stream == wanted.error().stream);
            RC_ASSERT(ours.error().current == wanted.error().current);
            RC_ASSERT(ours.error().in_between == wanted.error().in_between);
            RC_ASSERT(ours.error().claim == wanted.error().claim);
            RC_ASSERT(ours.error().holder == wanted.error().holder);
        }
    }

    void reopen() {
        followers_.clear();  // they end with their store
        sqlite_.reopen();
    }

    void compare_reads() {
        auto& ours = sqlite_.store();
        auto& wanted = memory_.store();
        RC_ASSERT(ours.head() == wanted.head());
        const auto direction = one_of({Direction::forwards, Direction::backwards});
        const auto from = below(ours.head() + 3);
        const auto limit = 1 + below(20);
        const auto filter = random_filter();
        RC_ASSERT(
            ours.read_all(from, filter, limit, direction) ==
            wanted.read_all(from, filter, limit, direction)
        );
        const auto tenant = random_tenant();
        const auto stream = random_stream();
        RC_ASSERT(ours.stream_version(tenant, stream) == wanted.stream_version(tenant, stream));
        const auto version = below(8);
        RC_ASSERT(
            ours.read_stream(tenant, stream, version, limit, direction) ==
            wanted.read_stream(tenant, stream, version, limit, direction)
        );
        const Timestamp time(std::chrono::microseconds(
            sqlite_.clock.micros->load() - static_cast<std::int64_t>(below(20) * 1000)
        ));
        RC_ASSERT(ours.position_at(time) == wanted.position_at(time));
    }

    void compare_journals() {
        auto& ours = sqlite_.store().journal();
        auto& wanted = memory_.store().journal();
        const auto ids = [](std::vector<CommandRecord> records) {
            std::vector<CommandId> result;
            for (auto& record : records) result.push_back(record.head.id);
            return result;
        };
        RC_ASSERT(ids(ours.unfinished()) == ids(wanted.unfinished()));
        const auto owner = random_owner();
        const auto now = random_lease().until;
        RC_ASSERT(ids(ours.unfinished(owner, now)) == ids(wanted.unfinished(owner, now)));
        const auto tenant = random_tenant();
        const auto command = random_command();
        const auto one = ours.find(tenant, CommandId(command));
        const auto other = wanted.find(tenant, CommandId(command));
        RC_ASSERT(one.has_value() == other.has_value());
        if (one) {
            RC_ASSERT(one->state == other->state);
            RC_ASSERT(one->plan == other->plan);
            RC_ASSERT(one->answer == other->answer);
            RC_ASSERT(one->succeeded == other->succeeded);
            RC_ASSERT(one->position == other->position);
            RC_ASSERT(one->lease == other->lease);
        }
        const auto key = random_key();
        const auto by_key = ours.find_by_key(tenant, key);
        const auto also = wanted.find_by_key(tenant, key);
        RC_ASSERT(by_key.has_value() == also.has_value());
        if (by_key) RC_ASSERT(by_key->head.id == also->head.id);
        const auto slug = random_slug();
        RC_ASSERT(ours.holder(tenant, slug) == wanted.holder(tenant, slug));
    }

    /// Begins to follow both from a random place, or takes what has come for one that does.
    void follow() {
        if (followers_.size() < 3) {
            const auto after = below(sqlite_.store().head() + 1);
            const auto filter = random_filter();
            followers_.push_back(
                {sqlite_.store().subscribe(after, filter), memory_.store().subscribe(after, filter)}
            );
            return;
        }
        auto& [ours, wanted] = followers_[below(followers_.size())];
        const auto limit = 1 + below(10);
        RC_ASSERT(ours->poll(limit) == wanted->poll(limit));
    }

    void compare_followers() {
        for (auto& [ours, wanted] : followers_) {
            while (true) {
                const auto events = ours->poll(100);
                RC_ASSERT(events == wanted->poll(100));
                if (events.empty()) break;
            }
        }
    }

private:
    static TenantId random_tenant() { return one_of({acme, other_tenant}); }
    static StreamName random_stream() {
        return StreamName(
            one_of<std::string>({"offer-1", "offer-2", "product-1", "product-2", "odd"})
        );
    }
    static std::string random_command() { return "c" + std::to_string(below(8)); }
    static std::string random_key() { return "key-" + std::to_string(below(5)); }
    static Claim random_slug() { return {"slug", "s" + std::to_string(below(4))}; }

    static std::string random_owner() { return one_of<std::string>({"", "a", "b"}); }
    /// Some are over when a command is accepted.
    static Lease random_lease() {
        const auto accepted = head_of("").accepted_at;
        return {
            random_owner(), accepted + std::chrono::seconds(below(4)) - std::chrono::seconds(1)
        };
    }
    static CommandHead random_head() {
        auto head =
            head_of(random_command(), below(2) == 0 ? std::optional(random_key()) : std::nullopt);
        head.stream = random_stream();
        return head;
    }

    static Filter random_filter() {
        Filter filter;
        if (below(2) == 0) filter.tenant = random_tenant();
        if (below(4) == 0) filter.stream = random_stream();
        if (below(3) == 0) filter.category = one_of<std::string>({"offer", "product"});
        if (below(3) == 0) filter.types = {one_of<std::string>({"A", "B", "C"})};
        return filter;
    }

    static ExpectedVersion random_expectation() {
        switch (below(4)) {
            case 0:
                return ExpectedVersion::no_stream();
            case 1:
                return ExpectedVersion::stream_exists();
            case 2:
                return ExpectedVersion::exact(below(6));
            default:
                return ExpectedVersion::any();
        }
    }

    static JournalWrite random_journal_write() {
        auto head = random_head();
        std::vector<Claim> claims;
        if (below(2) == 0) claims.push_back(random_slug());
        switch (below(7)) {
            case 5:
                return ConcludeAll{
                    {conclude_of(head_of("with-" + head.id.str()), CommandState::done),
                     conclude_of(std::move(head), CommandState::done)}
                };
            case 0:
                return accept_of(std::move(head), std::move(claims), random_lease());
            case 2:
                return Hold{{{random_slug(), CommandId(random_command())}}};
            case 1:
                return Progress{
                    head.id, JsonText("{\"p\":" + std::to_string(below(9)) + "}"), random_owner()
                };
            case 3:
                return TakeOver{head.id, random_lease(), random_lease().until};
            case 4:
                return Renew{
                    random_lease(),
                    {{random_tenant(), head.id}, {random_tenant(), CommandId(random_command())}}
                };
            default:
                break;
        }
        auto conclude =
            conclude_of(std::move(head), one_of({CommandState::done, CommandState::retryable}));
        conclude.claims = std::move(claims);
        conclude.release_claims = below(2) == 0;
        conclude.owner = random_owner();
        if (below(4) == 0) conclude.releases = {{random_slug(), CommandId(random_command())}};
        conclude.answer.body = JsonText("{\"a\":" + std::to_string(below(9)) + "}");
        return conclude;
    }

    Append random_append() {
        // The same again, whole or changed: a repeat, or an id in another place.
        if (!past_.empty() && below(6) == 0) {
            auto append = past_[below(past_.size())];
            if (below(3) == 0 && !append.streams.front().events.empty()) {
                append.streams.front().events.front().data = R"({"other":1})";
            }
            if (below(4) == 0) append.journal = random_journal_write();
            return append;
        }
        Append append;
        append.tenant = random_tenant();
        for (auto parts = below(3); parts > 0; --parts) {
            StreamAppend part{random_stream(), random_expectation(), {}};
            for (auto events = below(4); events > 0; --events) {
                part.events.push_back(event_of(one_of<std::string>({"A", "B", "C"})));
            }
            append.streams.push_back(std::move(part));
        }
        if (append.streams.empty() || below(3) == 0) append.journal = random_journal_write();
        return append;
    }

    SqliteEngine sqlite_;
    MemoryEngine memory_;
    std::vector<Append> past_;
    std::vector<std::pair<std::unique_ptr<Subscription>, std::unique_ptr<Subscription>>> followers_;
};

}  // namespace

TEST_CASE("SQLite's log answers as the plain model does", "[model][property]") {
    const int checks = long_form() ? 50 : 1;  // of 100 histories each
    std::uint64_t steps = 0;
    for (int check = 0; check < checks; ++check) {
        REQUIRE(rc::check("SQLite = model", [&steps] {
            Pair pair;
            for (auto left = below(60); left > 0; --left, ++steps) {
                switch (below(8)) {
                    case 0:
                        pair.compare_reads();
                        break;
                    case 1:
                        pair.compare_journals();
                        break;
                    case 2:
                    case 3:
                        pair.follow();
                        break;
                    default:
                        pair.append_random();
                }
            }
            pair.compare_followers();
            if (below(3) == 0) pair.reopen();
            for (int i = 0; i < 5; ++i) {
                pair.compare_reads();
                pair.compare_journals();
            }
        }));
    }
    note_result("model", {{"histories", 100u * static_cast<unsigned>(checks)}, {"steps", steps}});
}
