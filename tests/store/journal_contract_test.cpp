// The contract of the command journal: one row per command, in the transaction of its events.

#include "store/prune_journal.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;
using Kind = AppendError::Kind;

namespace {

const Claim cafe{"slug", "cafe"};
const Claim tea{"slug", "tea"};

/// Seconds after head_of's time of acceptance.
Timestamp at(int seconds) {
    return head_of("").accepted_at + std::chrono::seconds(seconds);
}
Lease lease_of(std::string owner, int until = 30) {
    return {std::move(owner), at(until)};
}
CommandHead head_on(const std::string& command, const std::string& stream) {
    auto head = head_of(command);
    head.stream = StreamName(stream);
    return head;
}
Conclude conclude_by(std::string owner, CommandHead head, CommandState state = CommandState::done) {
    auto conclude = conclude_of(std::move(head), state);
    conclude.owner = std::move(owner);
    return conclude;
}
std::string ids_of(const std::vector<CommandRecord>& records) {
    std::string ids;
    for (const auto& record : records) ids += record.head.id.str() + ' ';
    return ids;
}

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
    "commands that end together end with one append, or none of them does",
    "[journal]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, journal_only(conclude_of(head_of("taken", "key-1")))));
    auto together = append_to(acme, "offer-1", ExpectedVersion::no_stream(), events_of("E", 2));
    together.journal =
        ConcludeAll{{conclude_of(head_of("c1")), conclude_of(head_of("c2", "key-1"))}};
    const auto refused = append(store, together);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::key_in_use);
    CHECK_FALSE(store.journal().find(acme, CommandId("c1")).has_value());
    CHECK(store.stream_version(acme, StreamName("offer-1")) == 0);

    together.journal =
        ConcludeAll{{conclude_of(head_of("c1")), conclude_of(head_of("c2", "key-2"))}};
    const auto appended = append(store, together);
    REQUIRE(appended);
    engine.reopen();
    for (const auto* id : {"c1", "c2"}) {
        const auto record = engine.store().journal().find(acme, CommandId(id));
        REQUIRE(record.has_value());
        CHECK(record->state == CommandState::done);
        CHECK(record->position == appended->last);
    }
}

TEMPLATE_TEST_CASE(
    "a claimed key is refused to another command and nothing is written",
    "[journal][claim]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, journal_only(accept_of(head_of("c1"), {cafe, cafe}))));
    const auto refused = append(store, journal_only(accept_of(head_of("c2"), {tea, cafe})));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::claimed);
    CHECK(refused.error().claim == cafe);
    CHECK(refused.error().holder == CommandId("c1"));
    CHECK_FALSE(store.journal().find(acme, CommandId("c2")));
    CHECK_FALSE(store.journal().holder(acme, tea));
    auto theirs = journal_only(accept_of(head_of("c1"), {cafe}));
    theirs.tenant = other_tenant;
    CHECK(append(store, theirs));
}

TEMPLATE_TEST_CASE(
    "claims stay after success and go when the conclusion says so",
    "[journal][claim]",
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
    failed.release_claims = true;
    REQUIRE(append(store, journal_only(failed)));
    CHECK_FALSE(store.journal().holder(acme, tea));
    CHECK(store.journal().holder(acme, cafe) == CommandId("c1"));
}

TEMPLATE_TEST_CASE(
    "a conclusion gives up a key of another command, if it is that one's",
    "[journal][claim]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, journal_only(accept_of(head_of("c1"), {cafe}))));
    REQUIRE(append(store, journal_only(conclude_of(head_of("c1")))));
    auto change = conclude_of(head_of("c2"));
    change.claims = {tea};
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
    "keys of the past are held where they are free", "[journal][claim]", VITRINE_ENGINES
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
    "a retryable command is taken up again with what it had claimed",
    "[journal][claim]",
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
        append(store, journal_only(accept_of(head_of("c2"), {cafe}))).error().kind == Kind::claimed
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
    "what they claimed",
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
    auto other = append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1));
    other.journal = accept_of(head_of("c2"), {cafe});
    CHECK(append(store, other).error().kind == Kind::claimed);
    CHECK(store.head() == 0);
}

TEMPLATE_TEST_CASE(
    "a command is accepted at the version of its stream that it was decided at",
    "[journal]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto accept_at = [&](ExpectedVersion expected) {
        auto write = append_to(acme, "offer-1", expected, {});
        write.journal = accept_of(head_of("c1"), {cafe});
        return append(store, std::move(write));
    };
    REQUIRE(append(store, "offer-1", ExpectedVersion::no_stream(), events_of("E", 1)));
    for (const auto expected : {ExpectedVersion::no_stream(), ExpectedVersion::exact(2)}) {
        const auto refused = accept_at(expected);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == Kind::conflict);
        CHECK(refused.error().current == 1);
    }
    CHECK_FALSE(store.journal().find(acme, CommandId("c1")));
    CHECK_FALSE(store.journal().holder(acme, cafe));
    const auto accepted = accept_at(ExpectedVersion::exact(1));
    REQUIRE(accepted);
    CHECK(accepted->first == 0);
    CHECK(accepted->versions == std::vector<Version>{1});
    CHECK(store.head() == 1);
    CHECK(store.journal().find(acme, CommandId("c1"))->state == CommandState::accepted);
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

TEMPLATE_TEST_CASE(
    "only the owner of an accepted command writes to its row", "[journal][owner]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto head = head_of("c1", "key-1");
    REQUIRE(append(store, journal_only(accept_of(head, {cafe}, lease_of("a")))));
    CHECK(store.journal().find(acme, head.id)->lease == lease_of("a"));
    const auto refused_to = [&](JournalWrite write) {
        const auto result = append(store, journal_only(std::move(write)));
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == Kind::not_owner);
        CHECK(result.error().holder == head.id);
    };
    refused_to(Progress{head.id, JsonText("{}"), "b"});
    refused_to(Progress{head.id, JsonText("{}")});
    refused_to(conclude_by("b", head));
    refused_to(conclude_of(head));
    refused_to(accept_of(head, {}, lease_of("b", 60)));
    auto with_events = append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 1));
    with_events.journal = conclude_by("b", head);
    CHECK(append(store, with_events).error().kind == Kind::not_owner);
    CHECK(store.head() == 0);
    CHECK(store.journal().find(acme, head.id)->state == CommandState::accepted);
    CHECK(store.journal().find(acme, head.id)->plan == JsonText(R"({"steps":[]})"));

    CHECK(append(store, journal_only(Progress{head.id, JsonText("{}"), "a"})));
    CHECK(append(store, journal_only(conclude_by("a", head, CommandState::retryable))));
    // What has ended as not done is anybody's, but for who had it once and comes late.
    refused_to(conclude_by("b", head));
    CHECK(append(store, journal_only(accept_of(head, {}, lease_of("b")))));
    refused_to(conclude_by("a", head));
    CHECK(append(store, journal_only(conclude_by("b", head))));
    refused_to(conclude_by("a", head));
    CHECK(append(store, journal_only(conclude_by("b", head))).error().kind == Kind::key_in_use);
    // An owner has accepted its command before it ends.
    CHECK(
        append(store, journal_only(conclude_by("a", head_of("c2")))).error().kind == Kind::not_owner
    );
    CHECK_FALSE(store.journal().find(acme, CommandId("c2")));
}

TEMPLATE_TEST_CASE(
    "an owner takes up what is its own, nobody's, or whose lease is over",
    "[journal][owner]",
    VITRINE_ENGINES
) {
    TestType engine;
    REQUIRE(append(engine.store(), journal_only(accept_of(head_on("c1", "s-1"), {}, lease_of("a"))))
    );
    REQUIRE(append(engine.store(), journal_only(accept_of(head_on("c2", "s-2")))));
    REQUIRE(append(engine.store(), journal_only(accept_of(head_on("c3", "s-3"), {}, lease_of("b"))))
    );
    engine.reopen();
    auto& store = engine.store();
    auto& journal = store.journal();
    CHECK(ids_of(journal.unfinished()) == "c1 c2 c3 ");
    CHECK(ids_of(journal.unfinished("a", at(0))) == "c1 c2 ");
    CHECK(ids_of(journal.unfinished("b", at(29))) == "c2 c3 ");
    CHECK(ids_of(journal.unfinished("b", at(30))) == "c1 c2 c3 ");
    CHECK(ids_of(journal.unfinished("", at(0))) == "c2 ");

    const auto take = [&](const char* id, std::string owner, int now) {
        return append(
            store,
            journal_only(TakeOver{CommandId(id), lease_of(std::move(owner), now + 30), at(now)})
        );
    };
    CHECK(take("c1", "b", 29).error().kind == Kind::not_owner);
    CHECK(take("c1", "a", 29));
    CHECK(take("c2", "b", 0));
    CHECK(take("c2", "a", 0).error().kind == Kind::not_owner);  // b was quicker
    CHECK(take("c1", "b", 59));
    CHECK(take("c1", "c", 59).error().holder == CommandId("c1"));
    CHECK(journal.find(acme, CommandId("c1"))->lease == lease_of("b", 89));
    CHECK(
        append(store, journal_only(conclude_by("a", head_on("c1", "s-1")))).error().kind ==
        Kind::not_owner
    );
    REQUIRE(append(store, journal_only(conclude_by("b", head_on("c1", "s-1")))));
    CHECK(take("c1", "b", 59).error().kind == Kind::not_owner);
    CHECK(take("none", "b", 59).error().kind == Kind::not_owner);
    CHECK(ids_of(journal.unfinished("a", at(1000))) == "c2 c3 ");
}

TEMPLATE_TEST_CASE(
    "an owner renews all its rows with one append, or none if one is another's",
    "[journal][owner]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    auto& journal = store.journal();
    REQUIRE(append(store, journal_only(accept_of(head_on("c1", "s-1"), {}, lease_of("a")))));
    REQUIRE(append(store, journal_only(accept_of(head_on("c2", "s-2"), {}, lease_of("a")))));
    auto theirs = journal_only(accept_of(head_of("c3"), {}, lease_of("a")));
    theirs.tenant = other_tenant;
    REQUIRE(append(store, theirs));
    const std::vector<CommandName> rows{
        {acme, CommandId("c1")}, {acme, CommandId("c2")}, {other_tenant, CommandId("c3")}
    };
    REQUIRE(append(store, journal_only(Renew{lease_of("a", 40), rows})));
    CHECK(journal.unfinished("b", at(39)).empty());
    CHECK(ids_of(journal.unfinished("b", at(40))) == "c1 c2 c3 ");

    REQUIRE(append(store, journal_only(conclude_by("a", head_on("c1", "s-1")))));
    REQUIRE(append(store, journal_only(Renew{lease_of("a", 50), rows})));  // c1 is passed over
    CHECK(journal.find(acme, CommandId("c1"))->lease == lease_of("a", 40));
    CHECK(journal.find(other_tenant, CommandId("c3"))->lease == lease_of("a", 50));

    REQUIRE(append(store, journal_only(TakeOver{CommandId("c2"), lease_of("b", 90), at(50)})));
    const auto refused = append(store, journal_only(Renew{lease_of("a", 60), rows}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::not_owner);
    CHECK(refused.error().holder == CommandId("c2"));
    CHECK(journal.find(acme, CommandId("c2"))->lease == lease_of("b", 90));
    CHECK(journal.find(other_tenant, CommandId("c3"))->lease == lease_of("a", 50));
    // What somebody else has ended is not theirs either, nor what is not there.
    REQUIRE(append(store, journal_only(conclude_by("b", head_on("c2", "s-2")))));
    CHECK(
        append(store, journal_only(Renew{lease_of("a", 60), rows})).error().holder ==
        CommandId("c2")
    );
    CHECK(
        append(store, journal_only(Renew{lease_of("a", 60), {{acme, CommandId("none")}}}))
            .error()
            .holder == CommandId("none")
    );
}

TEMPLATE_TEST_CASE(
    "nothing is accepted on a stream where another owner's command is at work",
    "[journal][owner]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, journal_only(accept_of(head_of("c1"), {}, lease_of("a")))));
    const auto accept_at = [&](const char* id, const char* owner, int seconds) {
        auto head = head_of(id);
        head.accepted_at = at(seconds);
        return journal_only(accept_of(head, {}, lease_of(owner, seconds + 30)));
    };
    const auto refused = append(store, accept_at("c2", "b", 29));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::not_owner);
    CHECK(refused.error().holder == CommandId("c1"));
    CHECK_FALSE(store.journal().find(acme, CommandId("c2")));
    auto theirs = accept_at("c2", "b", 29);
    theirs.tenant = other_tenant;
    CHECK(append(store, theirs));
    CHECK(append(store, journal_only(accept_of(head_on("c3", "offer-2"), {}, lease_of("b")))));
    CHECK(append(store, accept_at("c4", "a", 29)));  // its owner orders them itself
    REQUIRE(append(store, journal_only(conclude_by("a", head_of("c1")))));
    CHECK(append(store, accept_at("c5", "b", 40)).error().holder == CommandId("c4"));
    CHECK(append(store, accept_at("c5", "b", 59)));  // c4's owner is gone
}
