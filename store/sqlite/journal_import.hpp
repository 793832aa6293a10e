#pragma once

#include <set>

#include "store/log_import.hpp"
#include "store/sql/statement.hpp"
#include "store/sqlite/position_map.hpp"

namespace vitrine::store::sqlite {

/// The commands and claims of an import, in the transaction of the caller.
class JournalImport {
public:
    JournalImport(sqlite3* connection, ImportMode mode);

    /// `positions`: of the events that were imported before.
    std::expected<void, ImportFault> add(CommandRecord record, const PositionMap& positions);
    std::expected<void, ImportFault> add(const ExportedClaim& held);

    /// A tenant of the file: its claims here make way for those there.
    void release(const TenantId& tenant);

private:
    ImportMode mode_;
    std::set<TenantId> released_;
    Statement state_, holder_of_key_, remove_, insert_, holder_, claim_, release_;
};

}  // namespace vitrine::store::sqlite
