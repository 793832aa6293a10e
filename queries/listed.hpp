#pragma once

#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/list_parameters.hpp"
#include "queries/read_side.hpp"

// The detail and the list of a read model that has one row a stream (projections/per_stream.hpp).
// On the caller's thread.
namespace vitrine::queries {

/// `none`: what is said of an id that there is not: "there is no such …"; and of one that has
/// `hidden_status`.
Result get_listed(
    const ReadSide& reads,
    const TenantId& tenant,
    const char* model,
    std::string_view id,
    const Term& none,
    std::string_view hidden_status = {}
);

/// What a list has of one value alone, or of one time. Empty: all.
struct OnlyWith {
    std::string column = {};  // one that is looked up
    std::string value = {};
    std::string word = {};  // of what is searched, as it stands there
    DaysParameters created = {};
};

/// By status, type, sku, q, sort, limit and cursor -> {"items":[…],"next_cursor":…|null}. `faults`:
/// what is wrong with the parameters already.
Result list_listed(
    const ReadSide& reads,
    const TenantId& tenant,
    const char* model,
    const ListParameters& parameters,
    std::vector<Fault> faults = {},
    OnlyWith only = {},
    std::string (*shown_as)(std::string_view body) = nullptr
);

}  // namespace vitrine::queries
