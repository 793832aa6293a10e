#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "commands/engine/precondition.hpp"
#include "core/ids.hpp"
#include "store/keys.hpp"

namespace vitrine::commands {

/// A command as it came in: who, which, on what, and the body as received.
struct CommandRequest {
    store::Principal principal;
    std::string name;       // "CreateOffer": see areas.hpp
    std::string method;     // with path and body: the fingerprint of an idempotency key
    std::string path;       // "/v1/offers"
    std::string entity_id;  // of the path; empty where it is created
    std::string item_id;    // the further one of the path: of a part of the entity
    std::string body;       // empty: {}
    std::optional<std::string> idempotency_key;
    Precondition precondition;
    std::string id;              // of a command that is new; empty: one is made
    std::string correlation_id;  // empty: the command's id
    std::string traceparent;
    bool dry_run = false;
};

/// The answer. `body` is JSON; at a status of 400 or more a problem document (RFC 9457).
struct CommandReply {
    int status = 200;
    std::string body;
    std::optional<Version> version;  // ETag
    Position position = 0;           // 0: no event was appended
    std::string location;
    std::optional<std::chrono::seconds> retry_after;
    bool replayed = false;
    CommandId command_id;  // of a refused one, too, which is nowhere else
};

}  // namespace vitrine::commands
