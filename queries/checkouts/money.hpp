#pragma once

#include <string>
#include <vector>

#include "core/ids.hpp"
#include "projections/listed.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

// Where the money of all checkouts is, from the log alone. On the caller's thread.
namespace vitrine::queries {

/// `{items:[{currency, captured_cents, …}]}`, by currency.
Result get_money(const ReadSide& reads, const TenantId& tenant);

/// What waits for a person: the oldest first.
Result get_money_at_risk(const ReadSide& reads, const TenantId& tenant);

/// The body of get_money, of rows of the read model of checkouts.
std::string ledger_of(projections::ListedReader& rows, const TenantId& tenant);

/// Their ids.
std::vector<std::string> checkouts_of(projections::ListedReader& rows, const TenantId& tenant);

}  // namespace vitrine::queries
