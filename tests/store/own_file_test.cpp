#include "store/sqlite/own_file.hpp"

#include <fstream>
#include <iterator>

#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::store::sqlite;
using namespace vitrine::store::testing;

namespace {

constexpr const char* steps[] = {
    "CREATE TABLE one (value INTEGER)", "ALTER TABLE one ADD COLUMN other INTEGER DEFAULT 7"
};
constexpr OwnFileKind older{0x56545254, "a file of the tests", std::span(steps).first(1)};
constexpr OwnFileKind present{0x56545254, "a file of the tests", steps};

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void open(const std::filesystem::path& file, const OwnFileKind& kind) {
    naming_file(file, [&] { open_own_file(file, kind, "PRAGMA journal_mode = WAL"); });
}

}  // namespace

TEST_CASE("a file of ours is led to the present version and keeps what it has", "[own-file]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "own.db";
    open_own_file(file, older, "").exec("INSERT INTO one VALUES (1)");
    auto opened = open_own_file(file, present, "");
    CHECK(opened.execAndGet("SELECT other FROM one WHERE value = 1").getInt() == 7);
    CHECK(
        (std::filesystem::status(file).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
    );
    CHECK_THROWS_WITH(open(file, older), Catch::Contains("was written by a newer Vitrine"));
}

TEST_CASE("another program's file is refused and stays as it is, to the byte", "[own-file]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "own.db";
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE theirs (value INTEGER)");
    const auto before = bytes_of(file);
    CHECK_THROWS_WITH(open(file, present), Catch::Contains("own.db is not a file of the tests"));
    CHECK(bytes_of(file) == before);
    CHECK_FALSE(std::filesystem::exists(file.string() + "-wal"));
}
