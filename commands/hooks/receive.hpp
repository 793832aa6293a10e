#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "commands/problem.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "gateways/pagarme/credentials.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// A hook of a provider of payments as it came in over HTTP.
struct HookRequest {
    TenantId tenant;
    std::optional<pagarme::Credentials> credentials;  // nullopt: no such tenant, or it has none
    std::string authorization;                        // the header; may be empty
    std::string body;
    std::string traceparent;
};

struct HookReply {
    std::string_view status;  // accepted; ignored: of no checkout; duplicate: was kept before
    std::string hook_id;
    std::optional<Problem> problem;  // instead
};

/// Checks who sends it and keeps that there is something to look at; replies when that is on disk.
/// What it says is never believed: the checkout's process asks the provider. The same hook is kept
/// once, however often and in whichever order it comes. Concurrency: any loop.
boost::asio::awaitable<HookReply> receive_hook(
    store::EventStore* store, Clock clock, UuidSource new_id, HookRequest request
);

}  // namespace vitrine::commands
