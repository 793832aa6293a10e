#include "commands/people/disclosure.hpp"

#include <chrono>

#include "commands/problem_of.hpp"
#include "events/disclosures.hpp"
#include "events/new_event.hpp"
#include "store/append.hpp"
#include "store/read.hpp"

namespace vitrine::commands {
namespace {

constexpr std::chrono::hours told_anew_after{24};

/// Names of streams have letters, digits and dashes alone.
StreamName stream_of(const std::string& recipient) {
    std::string name = "people-";
    for (const char c : recipient) name += c == ':' ? '-' : c;
    return StreamName(std::move(name));
}

}  // namespace

std::optional<store::Append> disclosure_to_tell(
    store::EventStore& store, const Disclosure& disclosure, Timestamp now, const UuidSource& new_id
) {
    const auto stream = stream_of(disclosure.recipient);
    const auto last =
        store.read_stream(disclosure.tenant, stream, 0, 1, store::Direction::backwards);
    if (!last.empty() && last.front().recorded_at > now - told_anew_after) {
        const auto told = events::decode<events::PeopleShown>(last.front());
        if (told && told->by == disclosure.by) return std::nullopt;
    }
    events::Metadata metadata;
    const auto id = new_id();
    metadata.correlation_id = CorrelationId(id);
    metadata.causation_id = id;
    metadata.actor = disclosure.recipient;
    store::Append append;
    append.tenant = disclosure.tenant;
    append.streams.push_back(
        {stream,
         store::ExpectedVersion::any(),
         {events::new_event(
             EventId(id),
             events::encode(events::PeopleShown{disclosure.recipient, disclosure.by}),
             metadata,
             now
         )}}
    );
    return append;
}

boost::asio::awaitable<std::expected<void, Problem>> note_people_shown(
    store::EventStore* store, Disclosure disclosure, Timestamp now, const UuidSource* new_id
) {
    auto append = co_await store::read(*store, [&] {
        return disclosure_to_tell(*store, disclosure, now, *new_id);
    });
    if (!append) co_return std::expected<void, Problem>();
    const auto told = co_await store::append_to(*store, *std::move(append));
    if (!told) co_return std::unexpected(problem_of(told.error()));
    co_return std::expected<void, Problem>();
}

}  // namespace vitrine::commands
