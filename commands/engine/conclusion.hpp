#pragma once

#include <chrono>
#include <optional>

#include "commands/engine/plan.hpp"
#include "commands/engine/rejection.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "store/event_store.hpp"

// How a plan ends: the events that are appended and the answer that is kept. Pure.
namespace vitrine::commands {

/// What the end of a command needs from outside.
struct Closing {
    const TenantId& tenant;
    const store::CommandHead& head;
    Timestamp now;
    const UuidSource& new_id;
};

/// The events of a command that feeds a process, the one that tells the process so, and the row,
/// which is nobody's: the process ends it.
store::Append fed(const Plan& plan, const Closing& closing);

/// Every step is confirmed, or was refused in a way that the command goes on without it.
store::Append succeeded(const Plan& plan, const Closing& closing);

/// A plan without steps: its claims are made with its events.
store::Append done_at_once(const Plan& plan, const Closing& closing);

/// Why a command whose effects have happened fails all the same: another writer was there first.
Refusal overtaken(const Rejection& rejection);

/// plan.failure says why; what was done has been undone.
store::Append failed(const Plan& plan, const Closing& closing);

/// Known not done. With an idempotency key it may be tried again, without one this is the end.
store::Append not_done(
    const Plan& plan,
    const Refusal& refusal,
    std::optional<std::chrono::seconds> retry_after,
    const Closing& closing
);

/// The events that success would append, without ids of the platform: the answer to a dry run.
std::string dry_run_answer(const Plan& plan, const std::string& command);

}  // namespace vitrine::commands
