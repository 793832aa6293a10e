#pragma once

#include "commands/engine/notice.hpp"
#include "core/uuid.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// Claims the SKUs of the products that programs before this one made, which claimed none; of two
/// with the same SKU the first has it, which is told. Once in the life of a log: a claim
/// notes that it is done, and until then it can be repeated. On the caller's thread.
void claim_known_skus(store::EventStore& store, const UuidSource& new_id, const Notify& notify);

}  // namespace vitrine::commands
