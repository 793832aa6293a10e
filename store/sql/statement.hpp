#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "core/strong.hpp"
#include "core/time.hpp"

namespace vitrine::store::sqlite {

using Bytes = std::span<const std::uint8_t>;

/// A prepared statement of the log's hot paths, compiled at its first use and kept.
///
/// SQLiteCpp's own copies what it binds and counts references for each column it reads; here texts
/// are bound and read in place, which doubles the speed of a scan. Errors are SQLite::Exception.
/// Concurrency: that of its connection.
class Statement {
public:
    /// `sql` must outlive it (a literal).
    Statement(sqlite3* connection, const char* sql) : connection_(connection), sql_(sql) {}

    /// One execution: steps through the rows, and resets the statement in the end.
    class Run {
    public:
        Run(Run&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
        ~Run();

        /// True: there is a row to read. False: done.
        bool next();

        bool is_null(int column) const;
        std::int64_t number(int column) const;
        std::uint64_t unsigned_number(int column) const {
            return static_cast<std::uint64_t>(number(column));
        }
        Timestamp time(int column) const {
            return Timestamp(std::chrono::microseconds(number(column)));
        }
        /// Valid until the next step.
        std::string_view text(int column) const;
        Bytes blob(int column) const;
        std::string string(int column) const { return std::string(text(column)); }
        std::optional<std::string> optional_string(int column) const {
            return is_null(column) ? std::nullopt : std::optional(string(column));
        }
        bool is_blob(int column) const;

    private:
        friend class Statement;
        explicit Run(sqlite3_stmt* statement) : statement_(statement) {}
        sqlite3_stmt* statement_;
    };

    /// Binds all parameters in order. Texts and blobs must live as long as the Run.
    template <class... Arguments>
    [[nodiscard]] Run run(const Arguments&... arguments) {
        prepare();
        int index = 0;
        (bind(++index, arguments), ...);
        return Run(statement_.get());
    }

    /// Binds, steps to the end, resets.
    template <class... Arguments>
    void execute(const Arguments&... arguments) {
        auto rows = run(arguments...);
        while (rows.next()) {
        }
    }

private:
    void prepare();
    void check(int code) const;
    void bind(int index, std::nullptr_t);
    void bind_number(int index, std::int64_t value);
    void bind(int index, std::string_view value);
    void bind(int index, Bytes value);
    void bind(int index, Timestamp value) { bind_number(index, value.time_since_epoch().count()); }
    void bind(int index, std::integral auto value) {
        bind_number(index, static_cast<std::int64_t>(value));
    }
    template <class Tag>
    void bind(int index, const Strong<Tag>& value) {
        bind(index, value.view());
    }
    template <class T>
    void bind(int index, const std::optional<T>& value) {
        if (value) {
            bind(index, *value);
        } else {
            bind(index, nullptr);
        }
    }
    template <class... T>
    void bind(int index, const std::variant<T...>& value) {
        std::visit([&](const auto& held) { bind(index, held); }, value);
    }

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    sqlite3* connection_;
    const char* sql_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace vitrine::store::sqlite
