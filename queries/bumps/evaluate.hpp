#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"
#include "rules/bumps/source.hpp"

namespace vitrine::queries {

/// Which order bumps of the offer a buyer with such a cart would be shown: by what is published, or
/// what is drafted. `body`: as api/http/bumps_evaluation.schema.json has it. On the caller's
/// thread.
Result evaluate_bumps(
    const ReadSide& reads,
    const rules::prices::Source& prices,
    const rules::bumps::Source& bumps,
    const TenantId& tenant,
    const OfferId& offer,
    const nlohmann::ordered_json& body
);

}  // namespace vitrine::queries
