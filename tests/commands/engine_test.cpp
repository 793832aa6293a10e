// The engine with an area and a gateway that it has never heard of.
#include "tests/commands/bus_fixture.hpp"
#include "tests/commands/notes.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using spec::any_body;
using spec::at_load;
using spec::BusFixture;
using spec::full_at;
using spec::note_commands;
using spec::NoteHandling;
using spec::refusal;
using spec::ToyGateway;

namespace {

class Notes : public BusFixture {
public:
    Notes() {
        connectors.emplace("toy", &gateway);
        commands.clear();
        for (const auto& definition : note_commands) commands.push_back(definition);
        restart();
        at_load = [](Version) {};
        full_at = 5;
    }

    CommandReply begin(const std::string& text) {
        return handle(request("BeginNote", "POST", "/v1/notes", body(text)));
    }
    CommandReply add(const std::string& id, const std::string& text) {
        return handle(on(id, "AddToNote", text));
    }
    CommandReply send(const std::string& id, const std::string& text) {
        return handle(on(id, "SendNote", text));
    }
    CommandRequest on(const std::string& id, std::string name, const std::string& text) {
        auto result = request(name, "POST", "/v1/notes/" + id + "/" + name, body(text));
        result.entity_id = id;
        return result;
    }
    /// As another node would, in the middle of what is done here.
    void write_elsewhere(const std::string& id) {
        append("note-" + id, "Noted", R"({"text":"other"})");
    }

    std::string last_text() { return Json::parse(log().back().data).at("text"); }

    static std::string id_of(const CommandReply& reply) {
        return Json::parse(reply.body).at("note_id");
    }

    spec::ToyWorld there;
    ToyGateway gateway{there};

private:
    static std::string body(const std::string& text) { return Json({{"text", text}}).dump(); }
};

}  // namespace

TEST_CASE("a local command is one append, of an area that the engine does not know", "[engine]") {
    Notes notes;
    const auto begun = notes.begin("a");
    REQUIRE(begun.status == 201);
    CHECK(begun.location == "/v1/notes/" + Notes::id_of(begun));
    CHECK(begun.position == notes.log().back().position);
    const auto added = notes.add(Notes::id_of(begun), "b");
    CHECK(added.status == 200);
    CHECK(added.version == 2);
    CHECK(Json::parse(added.body).at("position") == notes.log().back().position);
    CHECK(notes.last_text() == "b after 1");
    CHECK(notes.add("0190b4e0-0000-7000-8000-000000000001", "c").status == 404);
    CHECK(notes.gateway.sends.empty());
}

TEST_CASE("a local command claims its natural key with its events", "[engine]") {
    Notes notes;
    REQUIRE(notes.begin("a").status == 201);
    const auto taken = notes.begin("a");
    CHECK(taken.status == 409);
    CHECK(taken.body.find("another note") != std::string::npos);
    CHECK(notes.log().size() == 1);
}

TEST_CASE("a local command that another writer overtakes is decided again", "[engine]") {
    Notes notes;
    const auto id = Notes::id_of(notes.begin("a"));
    at_load = [&](Version version) {
        if (version < 3) notes.write_elsewhere(id);
    };
    const auto added = notes.add(id, "b");
    CHECK(added.status == 200);
    CHECK(added.version == 4);
    CHECK(notes.last_text() == "b after 3");

    at_load = [&](Version) { notes.write_elsewhere(id); };  // until the note is full
    const auto refused = notes.add(id, "c");
    CHECK(refused.status == 409);
    CHECK(refused.body.find("illegal-transition") != std::string::npos);
}

TEST_CASE("effects of a second gateway are its entry among the connectors", "[engine]") {
    Notes notes;
    const auto id = Notes::id_of(notes.begin("a"));
    CHECK(notes.send(id, "b").status == 200);
    CHECK(notes.gateway.sends == std::vector<std::string>{"b"});
    CHECK(notes.last_text() == "b after 1");

    notes.gateway.sent_answers = {gateways::Refused{refusal()}};
    CHECK(notes.send(id, "c").status == 422);
    CHECK(notes.log().back().type == "OfferEditFailed");
    CHECK(Json::parse(notes.log().back().data).at("note_id") == id);

    notes.gateway.sent_answers = {gateways::NotSent{{refusal(), {}}}};
    CHECK(notes.send(id, "d").status == 422);
    CHECK(notes.gateway.look_ups.empty());
}

TEST_CASE("what nobody said what came of is asked about before it is sent again", "[engine]") {
    Notes notes;
    const auto id = Notes::id_of(notes.begin("a"));
    notes.gateway.sent_answers = {gateways::Unknown{}};
    notes.gateway.settled_answers = {
        gateways::LookUpFailed{{refusal(), {}}, true}, gateways::Done{}
    };
    CHECK(notes.send(id, "b").status == 200);
    CHECK(notes.gateway.sends.size() == 1);
    CHECK(notes.gateway.look_ups.size() == 2);

    // Without a trace it is sent again; then a refusal does not stand until it was looked for.
    notes.gateway.sent_answers = {gateways::Unknown{}, gateways::Refused{refusal()}};
    notes.gateway.settled_answers = {gateways::Absent{}, gateways::Done{}};
    CHECK(notes.send(id, "c").status == 200);
    CHECK(notes.gateway.sends.size() == 3);

    // An error that was an answer, and no trace: not done, while nothing else may still arrive.
    notes.gateway.sent_answers = {gateways::Answered{{refusal(), {}}}};
    CHECK(notes.send(id, "d").status == 422);
    notes.gateway.sent_answers = {gateways::Unknown{}, gateways::Answered{{refusal(), {}}}};
    CHECK(notes.send(id, "e").status == 200);
}

TEST_CASE(
    "what came of an attempt that was given up is asked for when it is tried again", "[engine]"
) {
    Notes notes;
    const auto id = Notes::id_of(notes.begin("a"));
    auto request = notes.on(id, "SendNote", "b");
    request.idempotency_key = "k";
    notes.gateway.sent_answers = {gateways::Answered{{refusal(), {}}}};
    CHECK(notes.handle(request).status == 422);
    REQUIRE(notes.gateway.sends.size() == 1);

    // While nobody answers, and nothing was sent this time, it is given up again.
    notes.gateway.settled_answers = {gateways::LookUpFailed{{refusal(), {}}, false}};
    CHECK(notes.handle(request).status == 422);
    CHECK(notes.gateway.sends.size() == 1);

    // The request of before has arrived since.
    notes.gateway.settled_answers = {gateways::Done{}};
    const auto done = notes.handle(request);
    CHECK(done.status == 200);
    CHECK_FALSE(done.replayed);
    CHECK(notes.gateway.sends.size() == 1);
    CHECK(notes.last_text() == "b after 1");
}

TEST_CASE("a command that is overtaken while its effect happens is decided again", "[engine]") {
    Notes notes;
    const auto id = Notes::id_of(notes.begin("a"));
    notes.gateway.at_send = [&] { notes.write_elsewhere(id); };
    const auto sent = notes.send(id, "b");
    CHECK(sent.status == 200);
    CHECK(sent.version == 3);
    CHECK(notes.last_text() == "b after 2");
    CHECK(notes.gateway.sends.size() == 1);

    // What its rules refuse by then has happened outside all the same, and is told.
    notes.gateway.at_send = [&] {
        notes.write_elsewhere(id);
        notes.write_elsewhere(id);
    };
    const auto refused = notes.send(id, "c");
    CHECK(refused.status == 409);
    CHECK(refused.body.find("reconciliation") != std::string::npos);
    CHECK(notes.log().back().type == "OfferEditFailed");
    CHECK(notes.log().back().stream.str().starts_with("command-"));
    CHECK(notes.add(id, "d").status == 409);  // the stream is free, and full
}

TEST_CASE("a command that is overtaken before it is accepted is decided again first", "[engine]") {
    Notes notes;
    const auto id = Notes::id_of(notes.begin("a"));
    at_load = [&](Version version) {
        if (version < 3) notes.write_elsewhere(id);
    };
    CHECK(notes.send(id, "b").status == 200);
    CHECK(notes.gateway.sends.size() == 1);
    CHECK(notes.last_text() == "b after 3");
}

TEST_CASE("a command that is overtaken again and again ends, and says what has happened") {
    Notes notes;
    full_at = 1000;
    const auto id = Notes::id_of(notes.begin("a"));
    at_load = [&](Version version) {
        if (version > 1) notes.write_elsewhere(id);
    };
    notes.gateway.at_send = [&] { notes.write_elsewhere(id); };
    const auto refused = notes.send(id, "b");
    CHECK(refused.status == 409);
    CHECK(refused.body.find("reconciliation") != std::string::npos);
    CHECK(notes.gateway.sends.size() == 1);
    CHECK(notes.log().back().type == "OfferEditFailed");
    CHECK(notes.log().size() == 2 + 1 + most_tries);  // begun, at_send, each try, failed
}

TEST_CASE("a step of which no gateway knows waits for a program that has one", "[engine]") {
    Notes notes;
    const auto id = Notes::id_of(notes.begin("a"));
    notes.connectors.erase("toy");
    notes.restart();
    auto request = notes.on(id, "SendNote", "b");
    request.idempotency_key = "k";
    notes.options.deadline = std::chrono::milliseconds(0);
    notes.restart();
    CHECK(notes.handle(request).status == 202);
    notes.run_until_idle();
    CHECK(notes.notices.back().reason == "no gateway is called \"toy\"");
    notes.connectors.emplace("toy", &notes.gateway);
    notes.restart();
    notes.run_until_idle();
    CHECK(notes.last_text() == "b after 1");
}

namespace {

constexpr ClaimKind label_kind{
    .name = "label",
    .noun = {"label", "etiqueta"},
    .problem = "slug-taken",
    .owner = {"another label", "outra etiqueta"}
};
constexpr Entity label_entity{
    .name = "label",
    .collection = "/v1/labels",
    .this_one = {"label", "esta etiqueta"},
    .is_id = [](std::string_view text) { return text == "red" || text == "blue"; },
    .as_id = [](std::string_view text) { return text == "RED" ? "red" : std::string(text); }
};

struct LabelHandling : NoteHandling {
    static std::string id_in(const Json& body) { return text_member(body, "text").value_or(""); }
    static Claims claims(const ClaimRequest& request) { return {{"label", id_in(request.body)}}; }
};

constexpr Definition label_commands[] = {
    {.name = "BeginLabel",
     .method = "POST",
     .route = "/v1/labels",
     .entity = label_entity,
     .creates = true,
     .schema = any_body,
     .handler = handled_by<LabelHandling>,
     .claims = &label_kind},
    {.name = "AddToLabel",
     .method = "POST",
     .route = "/v1/labels/{id}/lines",
     .entity = label_entity,
     .schema = any_body,
     .handler = handled_by<NoteHandling>},
};

class Labels : public BusFixture {
public:
    Labels() {
        commands.clear();
        for (const auto& definition : label_commands) commands.push_back(definition);
        restart();
        at_load = [](Version) {};
        full_at = 5;
    }
    CommandRequest beginning(const std::string& text) {
        return request("BeginLabel", "POST", "/v1/labels", R"({"text":")" + text + R"("})");
    }
    CommandReply add(const std::string& id) {
        auto result = request("AddToLabel", "POST", "/v1/labels/" + id + "/lines", "{}");
        result.entity_id = id;
        return handle(result);
    }
};

}  // namespace

TEST_CASE("what is named by its key is there once, and found however it is written", "[engine]") {
    Labels labels;
    const auto made = labels.handle(labels.beginning("red"));
    REQUIRE(made.status == 201);
    CHECK(made.location == "/v1/labels/red");
    CHECK(Json::parse(made.body).at("label_id") == "red");

    CHECK(labels.handle(labels.beginning("red")).status == 409);
    auto dry = labels.beginning("red");
    dry.dry_run = true;
    CHECK(labels.handle(dry).status == 409);
    auto only_new = labels.beginning("red");
    only_new.precondition.none_match = NamedVersions{.any = true, .versions = {}};
    CHECK(labels.handle(only_new).status == 412);

    CHECK(labels.add("RED").status == 200);
    CHECK(labels.add("blue").status == 404);
    CHECK(labels.add("green").status == 404);
    labels.restart();
    CHECK(labels.handle(labels.beginning("red")).status == 409);
    const auto replies =
        labels.handle_at_once({labels.beginning("blue"), labels.beginning("blue")});
    CHECK(std::ranges::count(replies, 201, &CommandReply::status) == 1);
    CHECK(std::ranges::count(replies, 409, &CommandReply::status) == 1);
}
