#include "queries/command_status.hpp"
#include "queries/list_commands.hpp"
#include "tests/queries/shop.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using store::CommandState;

store::CommandHead head_of(const std::string& id) {
    store::CommandHead head;
    head.id = CommandId(id);
    head.name = "CreateOffer";
    head.stream = StreamName("offer-o1");
    head.accepted_at = Timestamp(std::chrono::seconds(1'300'000'000));
    return head;
}

/// A shop whose log has commands of acme.
class Office : public Shop {
public:
    void accept(const std::string& id) { write(store::Accept{head_of(id), JsonText("{}"), {}}); }

    void conclude(const std::string& id, CommandState state, bool succeeded) {
        store::Conclude conclude;
        conclude.head = head_of(id);
        conclude.state = state;
        conclude.succeeded = succeeded;
        conclude.position = 7;
        conclude.answer.status = 201;
        conclude.answer.body = JsonText(R"({"offer_id":"o1"})");
        write(conclude);
    }

    queries::Result status(const char* tenant, const char* id) {
        return queries::command_status(reads, TenantId(tenant), CommandId(id));
    }

    queries::Result list(
        const queries::CommandsParameters& parameters, const char* tenant = "acme"
    ) {
        return queries::list_commands(reads, TenantId(tenant), parameters);
    }

private:
    void write(const store::JournalWrite& write) {
        store::Append append;
        append.tenant = TenantId("acme");
        append.journal = write;
        log.append(std::move(append), [](const store::AppendResult& result) { REQUIRE(result); });
    }
};

std::string ids_of(const queries::Result& result) {
    std::string ids;
    for (const auto& item : body_of(result)["items"]) {
        if (!ids.empty()) ids += ' ';
        ids += item["command_id"].get<std::string>();
    }
    return ids;
}

}  // namespace

TEST_CASE("a command's state and answer come from the journal, to its tenant only") {
    Office office;
    office.accept("c1");
    CHECK(
        office.status("acme", "c1")->body ==
        R"({"command_id":"c1","name":"CreateOffer","state":"running","stream":"offer-o1",)"
        R"("accepted_at":"2011-03-13T07:06:40Z"})"
    );
    CHECK(office.status("other", "c1").error().kind == queries::QueryError::Kind::not_found);

    office.conclude("c1", CommandState::done, true);
    CHECK(body_of(office.status("acme", "c1"))["state"] == "succeeded");
    CHECK(
        body_of(office.status("acme", "c1"))["answer"].dump() ==
        R"({"status":201,"body":{"offer_id":"o1","position":7},"position":7})"
    );
    office.conclude("c2", CommandState::done, false);
    CHECK(body_of(office.status("acme", "c2"))["state"] == "failed");
    office.conclude("c3", CommandState::retryable, false);
    CHECK(body_of(office.status("acme", "c3"))["state"] == "retryable");
}

TEST_CASE("commands are listed by state, unless told the unfinished ones, to their tenant only") {
    Office office;
    office.accept("c1");
    office.conclude("c2", CommandState::retryable, false);
    office.conclude("c3", CommandState::done, true);
    office.conclude("c4", CommandState::done, false);
    office.accept("c5");
    CHECK(ids_of(office.list({})) == "c5 c2 c1");
    CHECK(ids_of(office.list({.state = "running"})) == "c5 c1");
    CHECK(ids_of(office.list({.state = "retryable"})) == "c2");
    CHECK(ids_of(office.list({.state = "succeeded"})) == "c3");
    CHECK(ids_of(office.list({.state = "failed"})) == "c4");
    CHECK(ids_of(office.list({}, "other")).empty());
    for (const auto& item : body_of(office.list({}))["items"]) {
        const auto id = item["command_id"].get<std::string>();
        CHECK(item == body_of(office.status("acme", id.c_str())));
    }
}

TEST_CASE("commands are listed page by page, and what is asked wrongly is named") {
    Office office;
    for (const auto* id : {"c1", "c2", "c3"}) office.accept(id);
    queries::CommandsParameters parameters;
    parameters.limit = "2";
    const auto first = office.list(parameters);
    CHECK(ids_of(first) == "c3 c2");
    CHECK(body_of(first)["next_cursor"] == first->next_cursor);
    office.accept("c4");  // what comes meanwhile moves no page
    parameters.cursor = first->next_cursor;
    const auto second = office.list(parameters);
    CHECK(ids_of(second) == "c1");
    CHECK(second->next_cursor.empty());
    CHECK(body_of(second)["next_cursor"].is_null());
    CHECK(faults_of(office.list({"unfinished", "0", "?"})) == "/state /limit /cursor");
}

}  // namespace vitrine::tests
