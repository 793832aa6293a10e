#pragma once

#include <boost/asio/awaitable.hpp>
#include <expected>
#include <string>

#include "commands/problem.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// Whom people are shown to, and how.
struct Disclosure {
    TenantId tenant;
    std::string recipient;  // "key:vtr_1a2b3c4d", "endpoint:<id>"
    std::string by;         // "feed", "replay", "webhook"
};

/// What tells of it; nullopt: it was told within the last day already. Where reads may block.
std::optional<store::Append> disclosure_to_tell(
    store::EventStore& store, const Disclosure& disclosure, Timestamp now, const UuidSource& new_id
);

/// Before anybody is shown: PeopleShown is in the log. What it refers to lives as long as whoever
/// awaits it.
boost::asio::awaitable<std::expected<void, Problem>> note_people_shown(
    store::EventStore* store, Disclosure disclosure, Timestamp now, const UuidSource* new_id
);

}  // namespace vitrine::commands
