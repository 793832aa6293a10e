#pragma once

#include <functional>
#include <memory>
#include <string>

#include "commands/facts.hpp"
#include "projections/projections.hpp"
#include "store/people_keys.hpp"

namespace vitrine::api {

/// Out of the read models of products and prices, which has an index of them, and for what they do
/// not have yet out of the end of the log.
std::unique_ptr<const commands::Facts> facts_of_read_models(
    store::EventStore& store,
    store::PeopleKeys& people,
    const projections::Projections& projections,
    const rules::prices::Source& prices,
    const rules::bumps::Source& bumps,
    webhooks_out::Receivers receivers,
    std::function<std::string(const TenantId&)> payments_provider
);

}  // namespace vitrine::api
