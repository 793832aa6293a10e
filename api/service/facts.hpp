#pragma once

#include <memory>

#include "commands/facts.hpp"
#include "projections/projections.hpp"

namespace vitrine::api {

/// Out of the read models of products and offers, and for what they do not have yet out of the end
/// of the log.
std::unique_ptr<const commands::Facts> facts_of_read_models(
    store::EventStore& store, const projections::Projections& projections
);

}  // namespace vitrine::api
