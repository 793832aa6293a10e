#pragma once

#include <optional>

#include "core/ids.hpp"
#include "rules/prices/quote.hpp"

namespace vitrine::rules::prices {

/// Where the rules of a tenant come from. Commands, processes and queries are given one; who runs
/// the service wires it to read models. What must never be exceeded (uses of a coupon) is decided
/// on streams, not here. Concurrency: any thread.
class Source {
public:
    virtual ~Source() = default;

    struct Decided {
        Question question;  // with what is known of the customer
        Decision decision;
        Position position = 0;  // that it is decided at
    };

    /// By the rules as they are at one position. nullopt: they are not there yet.
    virtual std::optional<Decided> decide(const TenantId& tenant, const Question& question)
        const = 0;
};

}  // namespace vitrine::rules::prices
