#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/keys.hpp"

namespace vitrine::store {

std::vector<TenantId> registered_tenants(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) return {};
    SQLite::Database connection(file.string(), SQLite::OPEN_READONLY, 5000);
    SQLite::Statement select(connection, "SELECT tenant FROM tenants ORDER BY tenant");
    std::vector<TenantId> tenants;
    while (select.executeStep()) tenants.emplace_back(select.getColumn(0).getString());
    return tenants;
}

}  // namespace vitrine::store
