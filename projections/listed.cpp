#include "projections/listed.hpp"

namespace vitrine::projections {
namespace {

/// Rows with a value in the column, by its index.
std::string of_all_tenants(std::string_view table, std::string_view column) {
    return by_index(table, column) + " WHERE tenant IN (SELECT DISTINCT tenant FROM " +
           std::string(table) + ") AND " + std::string(column) + " IS NOT NULL";
}

}  // namespace

std::optional<Listed> ListedReader::find(const TenantId& tenant, std::string_view id) {
    auto& select = lease_.statement(
        "SELECT body,version,position,status FROM " + std::string(table_) +
        " WHERE tenant=? AND id=?"
    );
    auto row = select.run(tenant, id);
    if (!row.next()) return std::nullopt;
    Listed found;
    found.body = row.text(0);
    found.version = row.unsigned_number(1);
    found.position = row.unsigned_number(2);
    found.status = row.text(3);
    lease_.saw(found.position);
    return found;
}

std::optional<std::string> ListedReader::find_by(
    const TenantId& tenant, std::string_view column, std::string_view value
) {
    auto& select = lease_.statement(
        "SELECT id FROM " + by_index(table_, column) + " WHERE tenant=? AND " +
        std::string(column) + "=?"
    );
    auto row = select.run(tenant, value);
    return row.next() ? std::optional<std::string>(row.text(0)) : std::nullopt;
}

std::vector<std::string> ListedReader::all_by(
    const TenantId& tenant, std::string_view column, std::string_view value
) {
    auto& select = lease_.statement(
        "SELECT id FROM " + by_index(table_, column) + " WHERE tenant=? AND " +
        std::string(column) + "=? ORDER BY id"
    );
    auto row = select.run(tenant, value);
    std::vector<std::string> ids;
    while (row.next()) ids.emplace_back(row.text(0));
    return ids;
}

std::map<std::string, std::int64_t> ListedReader::counts_by(std::string_view column) {
    const std::string name(column);
    auto& select = lease_.statement(
        "SELECT " + name + ",count(*) FROM " + of_all_tenants(table_, column) + " GROUP BY " + name
    );
    auto row = select.run();
    std::map<std::string, std::int64_t> counts;
    while (row.next()) counts.emplace(row.text(0), row.number(1));
    return counts;
}

std::vector<std::string> ListedReader::bodies_with(std::string_view column) {
    auto& select = lease_.statement("SELECT body FROM " + of_all_tenants(table_, column));
    auto row = select.run();
    std::vector<std::string> bodies;
    while (row.next()) bodies.emplace_back(row.text(0));
    return bodies;
}

ListItems<std::string> ListedReader::list(const TenantId& tenant, const ListPage& page) {
    const ListSource source{
        .table = table_, .id_column = "id", .status_column = "status", .item_columns = "body"
    };
    return read_list<std::string>(lease_, source, tenant, page, [](const Statement::Run& row) {
        return std::string(row.text(ListSource::first_item_column));
    });
}

}  // namespace vitrine::projections
