#include "api/transfer/log_line.hpp"

#include <rapidcheck.h>

#include "store/damage.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::api;

namespace {

events::RecordedEvent an_event() {
    events::RecordedEvent event;
    event.position = 7;
    event.id = EventId("0190c1f2-0000-7000-8000-000000000001");
    event.tenant = TenantId("acme");
    event.stream = StreamName("offer-1");
    event.version = 3;
    event.type = "OfferEdited";
    event.schema = 2;
    event.data = "{\"name\": \"Caf\xC3\xA9\\u0000\", \"n\":1.0}\n";
    event.metadata = "{}";
    event.occurred_at = Timestamp(std::chrono::microseconds(-1));
    event.recorded_at = Timestamp(std::chrono::microseconds(1'700'000'000'000'001));
    event.hash[0] = 0xab;
    return event;
}

store::CommandRecord a_command() {
    store::CommandRecord record;
    record.tenant = TenantId("acme");
    record.head.id = CommandId("c1");
    record.head.idempotency_key = "key \"1\"";
    record.head.name = "CreateOffer";
    record.head.body = JsonText("{}");
    record.state = store::CommandState::done;
    record.plan = JsonText(R"({"steps":[]})");
    record.position = 7;
    record.succeeded = true;
    record.answer = store::CommandAnswer{
        .status = 201,
        .body = JsonText(R"({"a":1})"),
        .version = 1,
        .location = "/v1/offers/1",
        .retry_after = std::chrono::seconds(3),
    };
    return record;
}

std::string fault_of(std::string_view line) {
    const auto part = parse_log_line(line);
    return part ? "fine" : part.error();
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a part of a log comes back from its line as it was", "[log line]") {
    store::LogHeader header{.tenant = TenantId("acme"), .from = 5, .sparse = true, .continues = {}};
    header.continues[TenantId("acme")][31] = 0xff;
    const store::LogEnd end{1, 2, 3};
    const store::ExportedClaim held{TenantId("acme"), {"slug", "caf\xC3\xA9"}, CommandId("c1")};
    CHECK(std::get<store::LogHeader>(*parse_log_line(write_log_line(header))) == header);
    CHECK(
        std::get<store::LogHeader>(*parse_log_line(write_log_line(store::LogHeader()))) ==
        store::LogHeader()
    );
    CHECK(
        std::get<events::RecordedEvent>(*parse_log_line(write_log_line(an_event()))) == an_event()
    );
    CHECK(std::get<store::ExportedClaim>(*parse_log_line(write_log_line(held))) == held);
    CHECK(std::get<store::LogEnd>(*parse_log_line(write_log_line(end))) == end);
    auto accepted = a_command();
    accepted.state = store::CommandState::accepted;
    accepted.answer.reset();
    accepted.head.idempotency_key.reset();
    auto owned = accepted;
    owned.lease = {"node-1", Timestamp(std::chrono::microseconds(1'700'000'000'000'009))};
    auto bare = a_command();
    bare.state = store::CommandState::retryable;
    bare.answer->version.reset();
    bare.answer->retry_after.reset();
    for (const auto& record : {a_command(), accepted, owned, bare}) {
        const auto line = write_log_line(record);
        CHECK(line.find('\n') == std::string::npos);
        const auto back = parse_log_line(line);
        REQUIRE(back);
        CHECK(write_log_line(*back) == line);
        CHECK(std::get<store::CommandRecord>(*back).answer == record.answer);
        CHECK(std::get<store::CommandRecord>(*back).lease == record.lease);
    }
}

TEST_CASE("whatever a line holds, it is read or its fault is told", "[log line]") {
    const auto line = write_log_line(an_event());
    CHECK(fault_of("") == "is not JSON");
    CHECK(fault_of("{") == "is not JSON");
    CHECK(fault_of("[]") == "is not an object");
    CHECK(fault_of("{}") == "has no line");
    CHECK(fault_of(R"({"line":7})") == "line is not a text");
    CHECK(fault_of(R"({"line":"poem"})") == "is no kind of line of an exported log");
    CHECK(fault_of(replaced(line, "\"type\"", "\"tipe\"")) == "has no type");
    CHECK(
        fault_of(replaced(line, "\"schema\":2", "\"schema\":2,\"more\":1")) ==
        "has members of no meaning"
    );
    CHECK(fault_of(replaced(line, "\"position\":7", "\"position\":0")) == "position is too small");
    CHECK(
        fault_of(replaced(line, "\"position\":7", "\"position\":7.5")) ==
        "position is not a whole number"
    );
    CHECK(
        fault_of(replaced(line, "\"position\":7", "\"position\":18446744073709551615")) ==
        "position is not a whole number"
    );
    CHECK(fault_of(replaced(line, "\"schema\":2", "\"schema\":-2")) == "schema is out of range");
    CHECK(fault_of(replaced(line, "\"ab00", "\"xb00")) == "a hash is not 64 hexadecimal digits");
    CHECK(fault_of(replaced(line, "\"acme\"", "\"\"")) == "tenant is empty");
    CHECK(
        fault_of(replaced(write_log_line(a_command()), "\"done\"", "\"gone\"")) ==
        "state is none that a command can have"
    );
    auto owned = a_command();
    owned.lease.owner = "node-1";
    CHECK(
        fault_of(replaced(write_log_line(owned), "\"held_until\":0", "\"held_until\":\"0\"")) ==
        "held_until is not a whole number"
    );
    CHECK(
        fault_of(replaced(write_log_line(store::LogHeader()), "\"version\":1", "\"version\":2")) ==
        "is of a format version that this program does not know"
    );
    auto not_text = an_event();
    not_text.data = "\xff";
    CHECK_THROWS_AS(write_log_line(not_text), store::Damaged);
}

TEST_CASE("a line with bytes changed never ends the program", "[log line][property]") {
    CHECK(rc::check([] {
        auto line = *rc::gen::element(
            write_log_line(an_event()),
            write_log_line(a_command()),
            write_log_line(store::LogHeader()),
            write_log_line(store::LogEnd())
        );
        const auto changes = *rc::gen::inRange(0, 4);
        for (int i = 0; i < changes; ++i) {
            line[*rc::gen::inRange<std::size_t>(0, line.size())] = *rc::gen::arbitrary<char>();
        }
        const auto part = parse_log_line(line);
        if (!part) RC_ASSERT(!part.error().empty());
    }));
}
