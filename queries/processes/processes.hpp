#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/phrase.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// Parameters as they came in; `state` is one of those that there are.
struct ProcessesParameters {
    std::optional<std::string> kind, state, limit, cursor;
    Language language = Language::english;
};

/// GET /v1/processes -> {"items":[{kind, id, state, waits_for?, next_due?, opened_at, changed_at,
/// version, position}],"next_cursor"}: the newest first.
Result list_processes(
    const ReadSide& reads, const TenantId& tenant, const ProcessesParameters& parameters
);

/// GET /v1/processes/{kind}/{id} -> the same of one, with `steps` and `timers`.
Result get_process(
    const ReadSide& reads,
    const TenantId& tenant,
    std::string_view kind,
    std::string_view id,
    Language language
);

}  // namespace vitrine::queries
