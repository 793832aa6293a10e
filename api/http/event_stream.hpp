#pragma once

#include "api/http/backend.hpp"
#include "api/http/route.hpp"
#include "queries/events/event_feed.hpp"

namespace vitrine::api {

/// Whether who follows is shown what names people; whoever may be is an admin.
enum class People { sealed, open };

/// The events as they come, as server-sent events (HTML Living Standard §9.2): `id` is the
/// position, `data` the CloudEvent; a comment every 15 s when there is nothing to say. Ends when
/// the client goes or is too slow, its key is revoked, or the server drains.
net::Response event_stream(
    Backend& backend, const Call& call, queries::Following following, People people
);

}  // namespace vitrine::api
