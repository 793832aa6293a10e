#include "store/sqlite/log_marks.hpp"

#include <SQLiteCpp/Statement.h>

#include "store/sqlite/connection.hpp"

namespace vitrine::store {
namespace sqlite {

// The table log_marks is made with the first mark: a log without any has none.
LogMarks read_marks(SQLite::Database& connection) {
    LogMarks marks;
    if (!connection.tableExists("log_marks")) return marks;
    SQLite::Statement select(connection, "SELECT mark FROM log_marks ORDER BY mark");
    while (select.executeStep()) {
        const auto mark = select.getColumn(0).getString();
        if (mark == "sparse") marks.sparse = true;
        if (mark == "times go back") marks.times_go_back = true;
    }
    return marks;
}

void add_marks(SQLite::Database& connection, const LogMarks& marks) {
    if (!marks.sparse && !marks.times_go_back) return;
    connection.exec("CREATE TABLE IF NOT EXISTS log_marks (mark TEXT NOT NULL PRIMARY KEY) STRICT");
    if (marks.sparse) connection.exec("INSERT OR IGNORE INTO log_marks (mark) VALUES ('sparse')");
    if (marks.times_go_back) {
        connection.exec("INSERT OR IGNORE INTO log_marks (mark) VALUES ('times go back')");
    }
}

}  // namespace sqlite

LogMarks log_marks(const std::filesystem::path& directory) {
    auto connection = sqlite::open_for_reading(directory);
    return sqlite::read_marks(connection);
}

}  // namespace vitrine::store
