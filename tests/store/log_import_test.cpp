// An exported log comes back as it was, or not at all.

#include "store/log_import.hpp"

#include <functional>

#include "store/log_export.hpp"
#include "store/log_marks.hpp"
#include "store/verify.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

using Parts = std::vector<LogPart>;

/// Two tenants with streams of several events, commands in every state, claims.
void fill(SqliteEngine& engine, const std::string& run = "a") {
    auto& store = engine.store();
    for (int i = 0; i < 20; ++i) {
        engine.clock.advance(std::chrono::milliseconds(7));
        const auto& tenant = i % 2 == 0 ? acme : other_tenant;
        REQUIRE(append(
            store,
            append_to(
                tenant,
                "offer-" + run + std::to_string(i % 3),
                ExpectedVersion::any(),
                events_of("Type" + std::to_string(i % 4), 2)
            )
        ));
        const auto head = head_of(run + std::to_string(i), "key-" + run + std::to_string(i));
        auto accept = journal_only(accept_of(head, {{"slug", "slug-" + run + std::to_string(i)}}));
        accept.tenant = tenant;
        REQUIRE(append(store, accept));
        if (i % 5 == 0) continue;  // stays accepted
        auto done = append_to(
            tenant, "product-" + run + std::to_string(i), ExpectedVersion::no_stream(), {}
        );
        if (i % 2 == 0) done.streams.back().events = events_of("ProductCreated", 1);
        done.journal = conclude_of(head, i % 3 == 0 ? CommandState::retryable : CommandState::done);
        REQUIRE(append(store, done));
    }
}

Parts export_of(const std::filesystem::path& directory, const ExportOptions& options = {}) {
    Parts parts;
    export_log(directory, options, [&](const LogPart& part) { parts.push_back(part); });
    return parts;
}

/// Of a part what another log must have too.
std::string text_of(const LogPart& part) {
    if (const auto* record = std::get_if<CommandRecord>(&part)) {
        return record->tenant.str() + ' ' + record->head.id.str() + ' ' +
               std::string(state_name(record->state)) + ' ' + std::to_string(record->position) +
               ' ' + record->head.idempotency_key.value_or("-") + ' ' + record->plan.text + ' ' +
               (record->answer ? record->answer->body.text : "none");
    }
    return {};
}

bool same(const Parts& one, const Parts& other) {
    return std::ranges::equal(one, other, [](const LogPart& a, const LogPart& b) {
        if (a.index() != b.index()) return false;
        if (const auto* event = std::get_if<RecordedEvent>(&a))
            return *event == std::get<RecordedEvent>(b);
        if (const auto* header = std::get_if<LogHeader>(&a))
            return *header == std::get<LogHeader>(b);
        if (const auto* held = std::get_if<ExportedClaim>(&a))
            return *held == std::get<ExportedClaim>(b);
        if (const auto* end = std::get_if<LogEnd>(&a)) return *end == std::get<LogEnd>(b);
        return text_of(a) == text_of(b);
    });
}

/// "fine", or "damaged"/"unfit" and where: the number of the part, or "end" at the commit.
std::string import_into(
    const std::filesystem::path& directory,
    const Parts& parts,
    ImportMode mode = ImportMode::restore
) {
    LogImport target(directory, mode);
    const auto words = [](const ImportFault& fault) {
        return fault.kind == ImportFault::Kind::damaged ? "damaged " : "unfit ";
    };
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto taken = target.take(parts[i]);
        if (!taken) return words(taken.error()) + std::to_string(i);
    }
    const auto ended = target.commit();
    return ended ? "fine" : words(ended.error()) + std::string("end");
}

template <class Part>
std::size_t first_of(const Parts& parts) {
    return static_cast<std::size_t>(
        std::ranges::find_if(
            parts, [](const LogPart& part) { return std::holds_alternative<Part>(part); }
        ) -
        parts.begin()
    );
}

struct Source {
    Source() {
        fill(engine);
        parts = export_of(engine.folder.path());
    }
    SqliteEngine engine;
    Parts parts;
};

}  // namespace

TEST_CASE("an imported log is the exported one, and goes on", "[import]") {
    const Source source;
    TemporaryFolder target;
    const auto directory = target.path() / "new";
    REQUIRE(import_into(directory, source.parts) == "fine");
    CHECK(same(export_of(directory), source.parts));
    CHECK(verify(directory, {}).faults.empty());
    const auto store = open_event_store(directory, {});
    CHECK(all(*store) == all(*open_event_store_read_only(source.engine.folder.path())));
    REQUIRE(append(*store, "offer-a1", ExpectedVersion::stream_exists(), events_of("Type1", 2)));
    CHECK(store->journal().find_by_key(acme, "key-a2")->state == CommandState::done);
    CHECK(verify(directory, {}).faults.empty());
}

TEST_CASE("one tenant's log keeps its positions, with gaps", "[import]") {
    const Source source;
    TemporaryFolder target;
    ExportOptions of_acme;
    of_acme.tenant = acme;
    const auto parts = export_of(source.engine.folder.path(), of_acme);
    const auto directory = target.path() / "new";
    REQUIRE(import_into(directory, parts) == "fine");
    CHECK(log_marks(directory).sparse);
    CHECK(same(export_of(directory, of_acme), parts));
    const auto report = verify(directory, {});
    CHECK(report.faults.empty());
    CHECK(report.sparse);
    REQUIRE(report.tenants.size() == 1);
    Filter filter;
    filter.tenant = acme;
    CHECK(
        all(*open_event_store_read_only(directory)) ==
        open_event_store_read_only(source.engine.folder.path())
            ->read_all(1, filter, 10'000, Direction::forwards)
    );

    SECTION("the other tenant is appended: it has no chain there yet") {
        ExportOptions of_other;
        of_other.tenant = other_tenant;
        const auto others = export_of(source.engine.folder.path(), of_other);
        REQUIRE(import_into(directory, others, ImportMode::append) == "fine");
        CHECK(log_marks(directory).times_go_back);
        const auto both = verify(directory, {});
        CHECK(both.faults.empty());
        const auto whole = verify(source.engine.folder.path(), {});
        REQUIRE(both.tenants.size() == 2);
        for (std::size_t i = 0; i < 2; ++i) {
            CHECK(both.tenants[i].head == whole.tenants[i].head);
            CHECK(both.tenants[i].events == whole.tenants[i].events);
        }
        const auto store = open_event_store_read_only(directory);
        const auto record = store->journal().find_by_key(other_tenant, "key-a19");
        REQUIRE(record);
        CHECK(record->state == CommandState::done);
        CHECK(store->journal().holder(other_tenant, {"slug", "slug-a19"}));
    }
    SECTION("and not a second time") {
        CHECK(import_into(directory, parts, ImportMode::append) == "unfit 1");
    }
}

TEST_CASE("what came later is appended where the chains end, once", "[import]") {
    Source source;
    TemporaryFolder target;
    const auto directory = target.path() / "new";
    REQUIRE(import_into(directory, source.parts) == "fine");
    fill(source.engine, "b");
    const auto whole = export_of(source.engine.folder.path());
    ExportOptions later;
    later.from = std::get<LogEnd>(source.parts.back()).events + 1;
    const auto parts = export_of(source.engine.folder.path(), later);
    CHECK(std::get<LogHeader>(parts.front()).continues.size() == 2);

    CHECK(import_into(directory, parts) == "unfit 0");
    CHECK(same(export_of(directory), source.parts));
    REQUIRE(import_into(directory, parts, ImportMode::append) == "fine");
    const auto joined = export_of(directory);
    CHECK(std::get<LogEnd>(joined.back()) == std::get<LogEnd>(whole.back()));
    CHECK(
        verify(directory, {}).tenants[0].head ==
        verify(source.engine.folder.path(), {}).tenants[0].head
    );
    CHECK_FALSE(log_marks(directory).times_go_back);
    CHECK(import_into(directory, parts, ImportMode::append) == "unfit 1");
    TemporaryFolder empty;
    CHECK(import_into(empty.path(), parts, ImportMode::append) == "unfit 1");
    CHECK(import_into(empty.path(), parts) == "unfit 0");
}

TEST_CASE("a log that is not empty takes no other", "[import]") {
    const Source source;
    SqliteEngine target;
    REQUIRE(append(target.store(), "offer-1", ExpectedVersion::any(), events_of("Type1", 1)));
    target.close();
    CHECK(import_into(target.folder.path(), source.parts) == "unfit 0");
    CHECK(std::get<LogEnd>(export_of(target.folder.path()).back()).events == 1);
    // Its tenant has another chain.
    CHECK(import_into(target.folder.path(), source.parts, ImportMode::append) == "unfit 1");
    CHECK(verify(target.folder.path(), {}).faults.empty());
}

TEST_CASE("what is not as it was exported is refused, and nothing is kept", "[import]") {
    const Source source;
    const auto& whole = source.parts;
    const auto event = first_of<RecordedEvent>(whole) + 4;
    const auto command = first_of<CommandRecord>(whole);
    const auto held = first_of<ExportedClaim>(whole);
    const auto end = whole.size() - 1;
    const auto at = [](std::size_t place) { return "damaged " + std::to_string(place); };
    struct Case {
        std::string name;
        std::function<void(Parts&)> change;
        std::string verdict;
    };
    const auto edit_event = [event](auto change) {
        return [event, change](Parts& parts) { change(std::get<RecordedEvent>(parts[event])); };
    };
    const auto edit_command = [command](auto change) {
        return [command, change](Parts& parts) { change(std::get<CommandRecord>(parts[command])); };
    };
    const std::vector<Case> cases{
        {"data", edit_event([](auto& e) { e.data += ' '; }), at(event)},
        {"metadata", edit_event([](auto& e) { e.metadata = "{}"; }), at(event)},
        {"type", edit_event([](auto& e) { e.type = "X"; }), at(event)},
        {"schema", edit_event([](auto& e) { ++e.schema; }), at(event)},
        {"version", edit_event([](auto& e) { ++e.version; }), at(event)},
        {"stream", edit_event([](auto& e) { e.stream = StreamName("offer-z"); }), at(event)},
        {"tenant", edit_event([](auto& e) { e.tenant = TenantId("zed"); }), at(event)},
        {"id", edit_event([](auto& e) { e.id = EventId(fresh_id()); }), at(event)},
        {"time",
         edit_event([](auto& e) { e.recorded_at += std::chrono::microseconds(1); }),
         at(event)},
        {"hash", edit_event([](auto& e) { e.hash[5] ^= 1; }), at(event)},
        {"position", edit_event([](auto& e) { ++e.position; }), at(event)},
        {"event removed",
         [=](Parts& p) { p.erase(p.begin() + static_cast<long>(event)); },
         at(event)},
        {"event doubled",
         [=](Parts& p) { p.insert(p.begin() + static_cast<long>(event), p[event]); },
         at(event + 1)},
        {"events swapped", [=](Parts& p) { std::swap(p[event], p[event + 1]); }, at(event)},
        {"no header", [](Parts& p) { p.erase(p.begin()); }, at(0)},
        {"two headers", [](Parts& p) { p.insert(p.begin(), p[0]); }, at(1)},
        {"no end", [](Parts& p) { p.pop_back(); }, "damaged end"},
        {"more after the end", [](Parts& p) { p.push_back(p.back()); }, at(end + 1)},
        {"command removed",
         [=](Parts& p) { p.erase(p.begin() + static_cast<long>(command)); },
         at(end - 1)},
        {"command doubled",
         [=](Parts& p) { p.insert(p.begin() + static_cast<long>(command), p[command]); },
         at(command + 1)},
        {"command of an event elsewhere",
         edit_command([](auto& c) { c.position = 10'000; }),
         at(command)},
        {"command without its answer",
         edit_command([](auto& c) {
             c.state = CommandState::done;
             c.answer.reset();
         }),
         at(command)},
        {"claim doubled",
         [=](Parts& p) { p.insert(p.begin() + static_cast<long>(held), p[held]); },
         at(held + 1)},
        {"out of order", [=](Parts& p) { std::swap(p[command], p[held]); }, at(command + 1)},
        {"counts", [](Parts& p) { ++std::get<LogEnd>(p.back()).events; }, at(end)},
        {"another tenant's header",
         [](Parts& p) { std::get<LogHeader>(p[0]).tenant = other_tenant; },
         at(1)},
    };
    for (const auto& [name, change, verdict] : cases) {
        INFO(name);
        auto parts = whole;
        change(parts);
        TemporaryFolder target;
        CHECK(import_into(target.path() / "new", parts) == verdict);
        CHECK(std::filesystem::is_empty(target.path()));
    }
}
