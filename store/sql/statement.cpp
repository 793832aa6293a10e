#include "store/sql/statement.hpp"

#include <SQLiteCpp/Exception.h>

#include "store/damage.hpp"

namespace vitrine::store::sqlite {
namespace {

/// Damage names its file: an operator has several.
[[noreturn]] void fail(sqlite3* connection, int code) {
    const char* file = sqlite3_db_filename(connection, "main");
    const SQLite::Exception error(connection, code);
    if (is_damage(error) && file != nullptr) throw Damaged(std::string(file) + ": " + error.what());
    throw SQLite::Exception(error);
}

}  // namespace

void Statement::prepare() {
    if (statement_) return;
    sqlite3_stmt* made = nullptr;
    const int code =
        sqlite3_prepare_v3(connection_, sql_, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) fail(connection_, code);
    statement_.reset(made);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) fail(connection_, code);
}

void Statement::bind(int index, std::nullptr_t) {
    check(sqlite3_bind_null(statement_.get(), index));
}

void Statement::bind_number(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), index, value));
}

void Statement::bind(int index, std::string_view value) {
    // A null pointer would bind NULL.
    const char* text = value.data() == nullptr ? "" : value.data();
    check(
        sqlite3_bind_text64(statement_.get(), index, text, value.size(), SQLITE_STATIC, SQLITE_UTF8)
    );
}

void Statement::bind(int index, Bytes value) {
    check(sqlite3_bind_blob64(statement_.get(), index, value.data(), value.size(), SQLITE_STATIC));
}

Statement::Run::~Run() {
    if (statement_ != nullptr) sqlite3_reset(statement_);
}

bool Statement::Run::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    fail(sqlite3_db_handle(statement_), code);
}

bool Statement::Run::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

bool Statement::Run::is_blob(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_BLOB;
}

std::int64_t Statement::Run::number(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::Run::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return text == nullptr ? std::string_view() : std::string_view(text, size);
}

Bytes Statement::Run::blob(int column) const {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? Bytes() : Bytes(bytes, size);
}

}  // namespace vitrine::store::sqlite
