#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/phrase.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

// Checkouts: the row of the read model, and beside it what the log has of one. On the caller's
// thread.
namespace vitrine::queries {

inline constexpr const char* checkouts_model = "checkouts";

/// With its quote, what the buyer is to do, what goes back and what is blocked.
Result get_checkout(const ReadSide& reads, const TenantId& tenant, std::string_view id);

/// What is known of a step of the saga, whatever became of it.
struct SagaStep {
    std::string_view name, kind, compensation;
};

/// `{state, steps:[…], waits_for, due_at}`: each try of each step as the log has it.
Result get_saga(
    const ReadSide& reads,
    const TenantId& tenant,
    std::string_view id,
    std::span<const SagaStep> steps,
    Language language
);

}  // namespace vitrine::queries
