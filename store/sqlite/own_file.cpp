#include "store/sqlite/own_file.hpp"

#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>
#include <sqlite3.h>

#include <stdexcept>

#include "store/descriptor.hpp"

namespace vitrine::store::sqlite {
namespace {

bool is_new(SQLite::Database& connection) {
    return connection.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
}

int version_of(SQLite::Database& connection) {
    return connection.execAndGet("PRAGMA user_version").getInt();
}

int present_version(const OwnFileKind& kind) {
    return static_cast<int>(kind.schema_steps.size());
}

void lead_to_present(SQLite::Database& connection, const OwnFileKind& kind) {
    SQLite::Transaction transaction(connection, SQLite::TransactionBehavior::IMMEDIATE);
    const bool begun = is_new(connection);
    const auto from = static_cast<std::size_t>(begun ? 0 : version_of(connection));
    for (const auto* step : kind.schema_steps.subspan(from)) connection.exec(step);
    if (begun) connection.exec("PRAGMA application_id = " + std::to_string(kind.application_id));
    connection.exec("PRAGMA user_version = " + std::to_string(present_version(kind)));
    transaction.commit();
}

}  // namespace

void check_kind(
    SQLite::Database& connection, const std::filesystem::path& file, const OwnFileKind& kind
) {
    if (!is_new(connection) &&
        connection.execAndGet("PRAGMA application_id").getInt() != kind.application_id)
        throw std::runtime_error(file.string() + " is not " + kind.what);
    if (version_of(connection) > present_version(kind))
        throw std::runtime_error(file.string() + " was written by a newer Vitrine");
}

SQLite::Database open_own_file(
    const std::filesystem::path& file, const OwnFileKind& kind, const char* pragmas
) {
    {
        const Descriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (!made.is_open()) throw_system_error("cannot open " + file.string());
    }
    SQLite::Database connection(file.string(), SQLite::OPEN_READWRITE, own_file_busy_ms);
    check_kind(connection, file, kind);
    connection.exec("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
    connection.exec(pragmas);
    if (version_of(connection) < present_version(kind)) lead_to_present(connection, kind);
    return connection;
}

void throw_naming(const std::filesystem::path& file, const SQLite::Exception& error) {
    const int code = error.getErrorCode() & 0xff;  // without what an extended code adds
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        throw std::runtime_error(file.string() + " is locked by another process");
    throw std::runtime_error(file.string() + ": " + error.what());
}

std::string blob(const SQLite::Statement& row, int index) {
    const auto column = row.getColumn(index);
    return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.size())};
}

void bind_blob(SQLite::Statement& statement, int index, std::string_view bytes) {
    statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
}

std::int64_t micros(Timestamp time) {
    return time.time_since_epoch().count();
}

Timestamp time_of(std::int64_t micros) {
    return Timestamp(std::chrono::microseconds(micros));
}

}  // namespace vitrine::store::sqlite
