#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "core/fault.hpp"
#include "core/time.hpp"
#include "rules/prices/quote.hpp"

namespace vitrine::api {

/// What a body asks; also of one of which the schema has refused members: they count as not given.
/// `faults` are told of times that are none. Without one it is asked for `now`.
rules::prices::Question question_of(
    const nlohmann::ordered_json& body, Timestamp now, std::vector<Fault>& faults
);

}  // namespace vitrine::api
