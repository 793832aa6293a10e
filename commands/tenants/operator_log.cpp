#include "commands/tenants/operator_log.hpp"

#include "events/new_event.hpp"
#include "events/tenants.hpp"
#include "store/append.hpp"

namespace vitrine::commands {
namespace {

/// With whoever runs the program on the server's machine.
constexpr const char* some_operator = "operator";

}  // namespace

OperatorLog::OperatorLog(store::EventStore& store, Clock clock, UuidSource new_id)
    : store_(store), clock_(std::move(clock)), new_id_(std::move(new_id)) {}

store::StreamAppend OperatorLog::stream(const StreamName& name, std::vector<Told> events) {
    store::StreamAppend stream;
    stream.stream = name;
    const auto version = store_.stream_version(events::operator_tenant(), name);
    stream.expected =
        version == 0 ? store::ExpectedVersion::no_stream() : store::ExpectedVersion::exact(version);
    events::Metadata metadata;
    metadata.command_id = CommandId(new_id_());
    metadata.correlation_id = CorrelationId(metadata.command_id.str());
    for (auto& [event, by, at] : events) {
        metadata.actor = by.empty() ? some_operator : std::move(by);
        stream.events.push_back(
            events::new_event(EventId(new_id_()), std::move(event), metadata, at ? *at : clock_())
        );
    }
    return stream;
}

std::expected<Position, std::string> OperatorLog::append(std::vector<store::StreamAppend> streams) {
    store::Append append;
    append.tenant = events::operator_tenant();
    append.streams = std::move(streams);
    append.has_happened = true;  // the key file has it
    const auto result = store::append_and_wait(store_, std::move(append));
    if (!result) return std::unexpected(result.error().detail);
    return result->last;
}

}  // namespace vitrine::commands
