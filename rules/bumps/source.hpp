#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "rules/bumps/inputs.hpp"
#include "rules/prices/source.hpp"

namespace vitrine::rules::bumps {

/// Whom bumps are to be shown to, where.
struct Question {
    OfferId offer_id;
    std::optional<std::int64_t>
        revision;          // that a checkout pins; 0: none; absent: which counts now
    bool drafted = false;  // what is drafted, instead of what is published
    Cart cart;
    std::optional<std::string> customer_id;
    std::optional<std::vector<std::string>> segments;  // instead of those that the customer has
    std::optional<std::string> session, device, region;
    std::optional<std::int64_t> page_seconds;
    std::string checkout_id;  // whose own displays do not count; empty: there is none
    std::map<std::string, Timestamp> first_displayed;  // in that checkout, by the bump's name
    Moment moment;
};

/// Where the rules of order bumps and what they are decided by come from. Commands and queries are
/// given one; who runs the service wires it to read models, which may be a little behind: displays
/// in other checkouts count as soon as they are read. Concurrency: any thread.
class Source {
public:
    virtual ~Source() = default;

    struct Known {
        std::shared_ptr<const Rulebook>
            rulebook;  // never nullptr; without bumps: none is published
        Inputs inputs;
        std::vector<prices::Source::UnitPrice> units;  // of each bump's product
        std::string offer_status, currency;            // empty: there is no such offer
        Position position = 0;
    };

    /// nullopt: the read models are not there yet.
    virtual std::optional<Known> known(const TenantId& tenant, const Question& question) const = 0;
};

}  // namespace vitrine::rules::bumps
