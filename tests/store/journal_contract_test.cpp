// The contract of the command journal: one row per command, in the transaction of its events.

#include "store/prune_journal.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;
using Kind = AppendError::Kind;

namespace {

const Reservation cafe{"slug", "cafe"};
const Reservation tea{"slug", "tea"};

bool same(const CommandHead& one, const CommandHead& other) {
    return one.id == other.id && one.name == other.name &&
           one.idempotency_key == other.idempotency_key && one.fingerprint == other.fingerprint &&
           one.principal == other.principal && one.correlation_id == other.correlation_id &&
           one.traceparent == other.traceparent && one.stream == other.stream &&
           one.body == other.body && one.accepted_at == other.accepted_at;
}

}  // namespace

TEMPLATE_TEST_CASE(
    "an accepted command is found by id and by key, and is unfinished", "[journal]", VITRINE_ENGINES
) {
    TestType engine;
    const auto head = head_of("c1", "key-1");
    const auto result = append(engine.store(), journal_only(accept_of(head, {cafe})));
    REQUIRE(result);
    CHECK(result->first == 0);
    engine.reopen();
    auto& journal = engine.store().journal();
    const auto record = journal.find(acme, head.id);
    REQUIRE(record);
    CHECK(record->tenant == acme);
    CHECK(same(record->head, head));
    CHECK(record->state == CommandState::accepted);
    CHECK(record->plan == JsonText(R"({"steps":[]})"));
    CHECK_FALSE(record->answer);
    CHECK(record->position == 0);
    CHECK(journal.find_by_key(acme, "key-1")->head.id == head.id);
    CHECK_FALSE(journal.find_by_key(acme, "key-2"));
    CHECK_FALSE(journal.find_by_key(other_tenant, "key-1"));
    CHECK_FALSE(journal.find(other_tenant, head.id));
    CHECK(journal.holder(acme, cafe) == head.id);
    CHECK_FALSE(journal.holder(acme, tea));
    CHECK_FALSE(journal.holder(other_tenant, cafe));
    CHECK(journal.unfinished().size() == 1);
}

TEMPLATE_TEST_CASE(
    "progress replaces the plan, the conclusion keeps the answer and the last position",
    "[journal]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto head = head_of("c1", "key-1");
    REQUIRE(append(store, journal_only(accept_of(head))));
    REQUIRE(append(store, journal_only(Progress{head.id, JsonText(R"({"step":1})")})));
    CHECK(store.journal().find(acme, head.id)->plan == JsonText(R"({"step":1})"));
    auto concluded = append_to(acme, "offer-1", ExpectedVersion::no_stream(), events_of("E", 2));
    auto conclude = conclude_of(head);
    conclude.answer.retry_after = std::chrono::seconds(7);
    concluded.journal = conclude;
    REQUIRE(append(store, concluded));
    const auto record = store.journal().find(acme, head.id);
    CHECK(record->state == CommandState::done);
    CHECK(record->answer == conclude.answer);
    CHECK(record->succeeded);
    CHECK(record->position == 2);
    CHECK(record->plan == JsonText(R"({"step":1})"));
    CHECK(same(record->head, head));
    CHECK(store.journal().unfinished().empty());
}

TEMPLATE_TEST_CASE(
    "a conclusion without a row makes one, with or without events", "[journal]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    auto append_done = append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1));
    append_done.journal = conclude_of(head_of("c1", "key-1"));
    REQUIRE(append(store, append_done));
    CHECK(store.journal().find_by_key(acme, "key-1")->position == 1);
    auto failed = conclude_of(head_of("c2"));
    failed.succeeded = false;
    failed.answer.version.reset();
    REQUIRE(append(store, journal_only(failed)));
    const auto record = store.journal().find(acme, CommandId("c2"));
    CHECK_FALSE(record->succeeded);
    CHECK(record->position == 0);
    CHECK(record->answer == failed.answer);
}

TEMPLATE_TEST_CASE(
    "an idempotency key belongs to the first command that used it", "[journal]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, journal_only(accept_of(head_of("c1", "key-1")))));
    const auto accepted = append(store, journal_only(accept_of(head_of("c2", "key-1"))));
    REQUIRE_FALSE(accepted);
    CHECK(accepted.error().kind == Kind::key_in_use);
    CHECK(accepted.error().holder == CommandId("c1"));
    auto with_events = append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1));
    with_events.journal = conclude_of(head_of("c3", "key-1"));
    const auto concluded = append(store, with_events);
    REQUIRE_FALSE(concluded);
    CHECK(concluded.error().kind == Kind::key_in_use);
    CHECK(store.head() == 0);
    auto theirs = journal_only(accept_of(head_of("c1", "key-1")));
    theirs.tenant = other_tenant;
    CHECK(append(store, theirs));
}

TEMPLATE_TEST_CASE(
    "a reserved key is refused to another command and nothing is written",
    "[journal][reservation]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, journal_only(accept_of(head_of("c1"), {cafe, cafe}))));
    const auto refused = append(store, journal_only(accept_of(head_of("c2"), {tea, cafe})));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::reserved);
    CHECK(refused.error().reservation == cafe);
    CHECK(refused.error().holder == CommandId("c1"));
    CHECK_FALSE(store.journal().find(acme, CommandId("c2")));
    CHECK_FALSE(store.journal().holder(acme, tea));
    auto theirs = journal_only(accept_of(head_of("c1"), {cafe}));
    theirs.tenant = other_tenant;
    CHECK(append(store, theirs));
}

TEMPLATE_TEST_CASE(
    "reservations stay after success and go when the conclusion says so",
    "[journal][reservation]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, journal_only(accept_of(head_of("c1"), {cafe}))));
    REQUIRE(append(store, journal_only(conclude_of(head_of("c1")))));
    CHECK(store.journal().holder(acme, cafe) == CommandId("c1"));
    REQUIRE(append(store, journal_only(accept_of(head_of("c2"), {tea}))));
    auto failed = conclude_of(head_of("c2"));
    failed.succeeded = false;
    failed.release_reservations = true;
    REQUIRE(append(store, journal_only(failed)));
    CHECK_FALSE(store.journal().holder(acme, tea));
    CHECK(store.journal().holder(acme, cafe) == CommandId("c1"));
}

TEMPLATE_TEST_CASE(
    "a conclusion gives up a key of another command, if it is that one's",
    "[journal][reservation]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, journal_only(accept_of(head_of("c1"), {cafe}))));
    REQUIRE(append(store, journal_only(conclude_of(head_of("c1")))));
    auto change = conclude_of(head_of("c2"));
    change.reservations = {tea};
    change.releases = {{cafe, CommandId("somebody")}};
    REQUIRE(append(store, journal_only(change)));
    CHECK(store.journal().holder(acme, cafe) == CommandId("c1"));
    auto again = conclude_of(head_of("c3"));
    again.releases = {{cafe, CommandId("c1")}, {tea, CommandId("c1")}};
    REQUIRE(append(store, journal_only(again)));
    CHECK_FALSE(store.journal().holder(acme, cafe));
    CHECK(store.journal().holder(acme, tea) == CommandId("c2"));
}

TEMPLATE_TEST_CASE(
    "keys of the past are held where they are free", "[journal][reservation]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, journal_only(accept_of(head_of("c1"), {cafe}))));
    const Hold hold{{{cafe, CommandId("c0")}, {tea, CommandId("c0")}, {tea, CommandId("c9")}}};
    REQUIRE(append(store, journal_only(hold)));
    REQUIRE(append(store, journal_only(hold)));
    CHECK(store.journal().holder(acme, cafe) == CommandId("c1"));
    CHECK(store.journal().holder(acme, tea) == CommandId("c0"));
}

TEMPLATE_TEST_CASE(
    "a retryable command is taken up again with what it had reserved",
    "[journal][reservation]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto head = head_of("c1", "key-1");
    REQUIRE(append(store, journal_only(accept_of(head, {cafe}))));
    REQUIRE(append(store, journal_only(conclude_of(head, CommandState::retryable))));
    CHECK(store.journal().unfinished().empty());
    CHECK(store.journal().find(acme, head.id)->state == CommandState::retryable);
    CHECK(
        append(store, journal_only(accept_of(head_of("c2"), {cafe}))).error().kind == Kind::reserved
    );
    auto again = accept_of(head, {cafe, tea});
    again.plan = JsonText(R"({"again":true})");
    REQUIRE(append(store, journal_only(again)));
    const auto record = store.journal().find(acme, head.id);
    CHECK(record->state == CommandState::accepted);
    CHECK(record->plan == again.plan);
    CHECK_FALSE(record->answer);
    CHECK(store.journal().holder(acme, cafe) == head.id);
    CHECK(store.journal().holder(acme, tea) == head.id);
    CHECK(store.journal().unfinished().size() == 1);
}

TEMPLATE_TEST_CASE("a command that has ended stays as it ended", "[journal]", VITRINE_ENGINES) {
    TestType engine;
    auto& store = engine.store();
    const auto head = head_of("c1");
    REQUIRE(append(store, journal_only(conclude_of(head))));
    CHECK_FALSE(append(store, journal_only(accept_of(head))));
    CHECK_FALSE(append(store, journal_only(Progress{head.id, JsonText("{}")})));
    auto other = conclude_of(head);
    other.answer.status = 500;
    CHECK_FALSE(append(store, journal_only(other)));
    CHECK(store.journal().find(acme, head.id)->answer->status == 201);
    CHECK_FALSE(append(store, journal_only(Progress{CommandId("none"), JsonText("{}")})));
}

TEMPLATE_TEST_CASE(
    "commands that ended before a time are listed in pages and forgotten, with their keys but not "
    "what they reserved",
    "[journal][prune]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    auto& journal = store.journal();
    const auto end_at = [&](const char* id, int second, TenantId tenant = acme) {
        auto head = head_of(id, std::string("key-") + id);
        head.accepted_at = Timestamp(std::chrono::seconds(second));
        auto write = journal_only(accept_of(head, {{"slug", id}}));
        write.tenant = tenant;
        REQUIRE(append(store, write));
        write.journal = conclude_of(head);
        REQUIRE(append(store, write));
    };
    end_at("c1", 10);
    end_at("c2", 20);
    end_at("c3", 30);
    end_at("c2", 20, other_tenant);
    auto open = head_of("c0");
    open.accepted_at = Timestamp(std::chrono::seconds(1));
    REQUIRE(append(store, journal_only(accept_of(open))));
    auto retryable = head_of("c4");
    retryable.accepted_at = Timestamp(std::chrono::seconds(1));
    REQUIRE(append(store, journal_only(conclude_of(retryable, CommandState::retryable))));

    const Timestamp before(std::chrono::seconds(30));
    using Ids = std::vector<CommandId>;
    CHECK(journal.ended(acme, before, {}, 1) == Ids{CommandId("c1")});
    CHECK(journal.ended(acme, before, CommandId("c1"), 9) == Ids{CommandId("c2")});
    CHECK(journal.ended(acme, before, CommandId("c2"), 9).empty());

    PruneOptions options;
    options.before = before;
    options.dry_run = true;
    CHECK(prune_journal(store, acme, options) == 2);
    CHECK(journal.find(acme, CommandId("c1")));
    options.dry_run = false;
    std::vector<std::uint64_t> heard;
    options.progress = [&](std::uint64_t count) { heard.push_back(count); };
    CHECK(prune_journal(store, acme, options) == 2);
    CHECK(heard == std::vector<std::uint64_t>{2});
    engine.reopen();
    auto& after = engine.store().journal();
    CHECK_FALSE(after.find(acme, CommandId("c1")));
    CHECK_FALSE(after.find_by_key(acme, "key-c2"));
    CHECK(after.holder(acme, {"slug", "c1"}) == CommandId("c1"));
    CHECK(after.find(acme, CommandId("c3")));
    CHECK(after.find(other_tenant, CommandId("c2")));
    CHECK(after.find(acme, open.id)->state == CommandState::accepted);
    CHECK(after.find(acme, retryable.id)->state == CommandState::retryable);
    CHECK(append(engine.store(), journal_only(accept_of(head_of("c9", "key-c1")))));
}

TEMPLATE_TEST_CASE(
    "a prune leaves commands that have not ended, whoever names them",
    "[journal][prune]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto open = head_of("c1", "key-1");
    REQUIRE(append(store, journal_only(accept_of(open))));
    REQUIRE(append(store, journal_only(Prune{{open.id, CommandId("none")}})));
    CHECK(store.journal().find_by_key(acme, "key-1")->state == CommandState::accepted);
}

TEMPLATE_TEST_CASE(
    "unfinished commands of all tenants come in order of acceptance", "[journal]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    std::vector<CommandId> accepted;
    for (int i = 9; i > 0; --i) {
        const auto head = head_of("c" + std::to_string(i));
        auto write = journal_only(accept_of(head));
        if (i % 2 == 0) write.tenant = other_tenant;
        REQUIRE(append(store, write));
        accepted.push_back(head.id);
    }
    std::vector<CommandId> found;
    for (const auto& record : store.journal().unfinished()) found.push_back(record.head.id);
    CHECK(found == accepted);
}

TEMPLATE_TEST_CASE(
    "a tenant's commands are listed by what became of them, the newest first, page by page",
    "[journal]",
    VITRINE_ENGINES
) {
    using Which = CommandFilter::Which;
    TestType engine;
    auto& store = engine.store();
    const auto conclude = [&](const char* id, CommandState state, bool succeeded) {
        auto write = conclude_of(head_of(id), state);
        write.succeeded = succeeded;
        REQUIRE(append(store, journal_only(write)));
    };
    REQUIRE(append(store, journal_only(accept_of(head_of("c1", "key-1")))));
    conclude("c2", CommandState::retryable, false);
    conclude("c3", CommandState::done, true);
    conclude("c4", CommandState::done, false);
    REQUIRE(append(store, journal_only(accept_of(head_of("c5")))));
    conclude("c6", CommandState::done, true);
    auto theirs = journal_only(accept_of(head_of("c7")));
    theirs.tenant = other_tenant;
    REQUIRE(append(store, theirs));

    const auto listed = [&](const TenantId& tenant, CommandFilter filter) {
        std::string ids;
        for (const auto& record : store.journal().list(tenant, filter))
            ids += record.head.id.str() + ' ';
        return ids;
    };
    CHECK(listed(acme, {}) == "c5 c2 c1 ");
    CHECK(listed(acme, {.which = Which::running}) == "c5 c1 ");
    CHECK(listed(acme, {.which = Which::retryable}) == "c2 ");
    CHECK(listed(acme, {.which = Which::succeeded}) == "c6 c3 ");
    CHECK(listed(acme, {.which = Which::failed}) == "c4 ");
    CHECK(listed(other_tenant, {}) == "c7 ");
    CHECK(listed(TenantId("nobody"), {}).empty());

    const auto page = store.journal().list(acme, {.limit = 2});
    REQUIRE(page.size() == 2);
    CHECK(listed(acme, {.before = page.back().sequence, .limit = 2}) == "c1 ");
    const auto first = store.journal().list(acme, {.before = page.back().sequence}).front();
    auto whole = *store.journal().find(acme, CommandId("c1"));
    CHECK(first.plan.empty());
    whole.head.body = {};
    CHECK(same(first.head, whole.head));
    CHECK(first.state == CommandState::accepted);

    // Taken up again it stands where it stood, and ended it is no longer of the unfinished ones.
    REQUIRE(append(store, journal_only(accept_of(head_of("c2")))));
    CHECK(listed(acme, {.which = Which::running}) == "c5 c2 c1 ");
    conclude("c2", CommandState::done, true);
    conclude("c1", CommandState::done, false);
    CHECK(listed(acme, {}) == "c5 ");
    CHECK(listed(acme, {.which = Which::succeeded}) == "c6 c3 c2 ");
    CHECK(listed(acme, {.which = Which::failed}) == "c4 c1 ");
}

TEMPLATE_TEST_CASE(
    "a conflict of the events leaves the journal as it was, and the reverse",
    "[journal]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto head = head_of("c1");
    REQUIRE(append(store, journal_only(accept_of(head, {cafe}))));
    auto conflicting = append_to(acme, "offer-1", ExpectedVersion::exact(4), events_of("E", 1));
    conflicting.journal = conclude_of(head);
    CHECK(append(store, conflicting).error().kind == Kind::conflict);
    CHECK(store.journal().find(acme, head.id)->state == CommandState::accepted);
    auto reserved = append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1));
    reserved.journal = accept_of(head_of("c2"), {cafe});
    CHECK(append(store, reserved).error().kind == Kind::reserved);
    CHECK(store.head() == 0);
}

TEMPLATE_TEST_CASE(
    "a repeated append does not write to the journal again",
    "[journal][idempotence]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto head = head_of("c1");
    auto concluded = append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1));
    concluded.journal = conclude_of(head);
    REQUIRE(append(store, concluded));
    auto again = concluded;
    std::get<Conclude>(*again.journal).answer.status = 500;
    const auto result = append(store, again);
    REQUIRE(result);
    CHECK(result->repeated);
    CHECK(store.journal().find(acme, head.id)->answer->status == 201);
}
