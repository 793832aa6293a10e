#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "projections/projector.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

/// Of a table that is empty nothing is looked up, and no row is met twice.
inline std::string insert_into(
    std::string_view table,
    const std::vector<std::string_view>& names,
    Tables tables,
    const std::vector<std::string_view>& key
) {
    if (tables == Tables::empty) return insert_sql(table, names, {});
    return insert_sql(table, names, key);
}

}  // namespace vitrine::projections
