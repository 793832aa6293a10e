#pragma once

#include "store/event_store.hpp"

// What every engine asks of an append. Pure.
namespace vitrine::store {

bool is_met(const ExpectedVersion& expected, Version current);

/// Whether the stored event is the one asked for: then its id may come again.
bool same_content(
    const TenantId& tenant,
    const StreamName& stream,
    const NewEvent& asked,
    const RecordedEvent& stored
);

}  // namespace vitrine::store
