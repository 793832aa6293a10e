#pragma once

#include "core/time.hpp"
#include "projections/projections.hpp"
#include "store/event_store.hpp"

namespace vitrine::queries {

/// What queries read from. References that outlive every query; safe from any thread.
struct ReadSide {
    store::EventStore& store;
    projections::Projections& projections;
    Clock clock = system_clock();
};

}  // namespace vitrine::queries
