#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "projections/list_key.hpp"
#include "projections/list_sql.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// One row of a read model that per_stream.hpp makes: the JSON that is answered.
struct Listed {
    std::string body;
    std::string status;
    Version version = 0;
    Position position = 0;
};

/// Look-ups in such a read model, on the caller's thread. `table` outlives it.
class ListedReader {
public:
    ListedReader(Lease lease, std::string_view table) : lease_(std::move(lease)), table_(table) {}

    Position position() const { return lease_.position(); }
    std::optional<Listed> find(const TenantId& tenant, std::string_view id);
    /// The id of the row with that value in one of its looked_up columns.
    std::optional<std::string> find_by(
        const TenantId& tenant, std::string_view column, std::string_view value
    );
    /// Of all such rows, in the order of their ids.
    std::vector<std::string> all_by(
        const TenantId& tenant, std::string_view column, std::string_view value
    );
    /// Of all tenants: how many rows have which value in a looked_up column, and what those answer
    /// that have a value there.
    std::map<std::string, std::int64_t> counts_by(std::string_view column);
    std::vector<std::string> bodies_with(std::string_view column);
    /// Bodies; the statement is that of list_sql.hpp.
    ListItems<std::string> list(const TenantId& tenant, const ListPage& page);

private:
    Lease lease_;
    std::string_view table_;
};

}  // namespace vitrine::projections
