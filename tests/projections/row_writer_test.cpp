#include "projections/row_writer.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <future>

#include "core/ids.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::Insert;
using projections::RowWriter;

SQLite::Database table() {
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("CREATE TABLE t(number INTEGER PRIMARY KEY, tenant TEXT, text TEXT, end INTEGER)"
    );
    return database;
}

Insert<4> insert_into(SQLite::Database& database, RowWriter* writer) {
    return {database, "t", {"number", "tenant", "text", "end"}, {}, writer};
}

std::string text_of(int row) {
    // Some are longer than what goes to the writer at once.
    return std::string(static_cast<std::size_t>(row % 100 == 7 ? 300'000 : row), 'a') + '\n';
}

void insert_rows(Insert<4>& insert, int count) {
    for (int row = 1; row <= count; ++row) {
        const auto end =
            row % 3 == 0 ? std::optional<Position>() : std::optional<Position>(row * 2);
        insert.execute(row, TenantId("acme"), text_of(row), end);
    }
}

void require_rows(SQLite::Database& database, int count) {
    SQLite::Statement select(database, "SELECT number,tenant,text,end FROM t ORDER BY number");
    for (int row = 1; row <= count; ++row) {
        REQUIRE(select.executeStep());
        REQUIRE(select.getColumn(0).getInt() == row);
        REQUIRE(select.getColumn(1).getString() == "acme");
        REQUIRE(select.getColumn(2).getString() == text_of(row));
        REQUIRE(select.getColumn(3).isNull() == (row % 3 == 0));
        if (row % 3 != 0) REQUIRE(select.getColumn(3).getInt() == row * 2);
    }
    CHECK_FALSE(select.executeStep());
}

}  // namespace

TEST_CASE("rows get into the table through a writer as they do at once") {
    const int count = GENERATE(0, 1, 16, 17, 1000);
    auto database = table();
    SECTION("at once") {
        auto insert = insert_into(database, nullptr);
        insert_rows(insert, count);
        require_rows(database, count);
    }
    SECTION("through a writer, which goes on afterwards") {
        RowWriter writer;
        auto insert = insert_into(database, &writer);
        insert_rows(insert, count);
        insert.hand_over();
        writer.wait();
        require_rows(database, count);
        insert.execute(count + 1, TenantId("acme"), text_of(count + 1), nullptr);
        insert.hand_over();
        writer.wait();
        CHECK(database.execAndGet("SELECT count(*) FROM t").getInt() == count + 1);
    }
}

TEST_CASE("what the table refuses is thrown to whoever hands rows to the writer") {
    auto database = table();
    RowWriter writer;
    auto insert = insert_into(database, &writer);
    insert.execute(1, TenantId("acme"), "first", nullptr);
    insert.execute(1, TenantId("acme"), "again", nullptr);
    insert.hand_over();
    CHECK_THROWS_AS(writer.wait(), SQLite::Exception);
    insert.execute(2, TenantId("acme"), "later", nullptr);
    CHECK_THROWS_AS(insert.hand_over(), SQLite::Exception);
}

TEST_CASE("a writer that is given up in the middle of its work ends") {
    std::promise<void> begun;
    int pieces = 0;
    {
        RowWriter writer;
        writer.post([&] {
            begun.set_value();
            ++pieces;
        });
        for (int i = 0; i < 10; ++i) writer.post([&] { ++pieces; });
        begun.get_future().wait();
    }
    CHECK(pieces >= 1);
    CHECK(pieces <= 11);
}

}  // namespace vitrine::tests
