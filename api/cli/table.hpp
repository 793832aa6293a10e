#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>

namespace vitrine::api {

/// Prints an array of objects: as columns under their names, or one JSON object a line. What
/// an object lacks is an empty field.
void print_rows(
    const nlohmann::ordered_json& rows, std::initializer_list<const char*> columns, bool as_json
);

}  // namespace vitrine::api
