#include "store/sql/at_rest.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::store;
using namespace vitrine::store::testing;

TEST_CASE("a file at rest is opened by its name, whatever is in that") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "50% of #1? & more.db";
    {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec("CREATE TABLE t(number); INSERT INTO t VALUES(7)");
    }
    CHECK_FALSE(sqlite::has_wal(file));
    SQLite::Database database(sqlite::at_rest(file), SQLite::OPEN_READONLY | SQLITE_OPEN_URI);
    CHECK(database.execAndGet("SELECT number FROM t").getInt() == 7);
}
