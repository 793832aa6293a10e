#pragma once

// For the .cpp files of this folder.

#include <SQLiteCpp/Database.h>

namespace vitrine::projections {

/// Commits, or rolls back when it goes without.
class Transaction {
public:
    explicit Transaction(SQLite::Database& database) : database_(database) {
        database_.exec("BEGIN IMMEDIATE");
    }
    ~Transaction() {
        if (!done_) database_.tryExec("ROLLBACK");
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit() {
        database_.exec("COMMIT");
        done_ = true;
    }

private:
    SQLite::Database& database_;
    bool done_ = false;
};

}  // namespace vitrine::projections
